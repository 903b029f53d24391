//! How large a page becomes.

use edgesoak_record::{Run, RunVerdict};

use crate::made_up;

/// Ten minutes on so many devices.
pub fn fleet(devices: usize) -> (Run, RunVerdict) {
    let (run, verdict) = made_up::ten_minutes();
    let sessions = (0..devices).map(|place| {
        let (mut record, mut judged) = (run.sessions[0].clone(), verdict.sessions[0].clone());
        record.planned.session = format!("s{place:02}");
        record.planned.device.id = format!("made-up-scanner-{}", place + 1);
        judged.session.clone_from(&record.planned.session);
        judged.device.clone_from(&record.planned.device.id);
        (record, judged)
    });
    made_up::run_of(sessions.collect())
}

#[test]
fn ten_minutes_of_thirty_channels_at_ten_hertz() {
    let (run, verdict) = made_up::ten_minutes();
    let session = &run.sessions[0];
    assert_eq!(session.channels.len(), 30);
    assert!(session.channels[0].samples.len() > 6_000);
    let page = edgesoak_reports::html(&run, &verdict);
    assert!(page.len() <= 1_500_000, "{} bytes", page.len());
}

#[test]
fn twelve_devices_stay_below_three_megabytes() {
    let (run, verdict) = fleet(12);
    let page = edgesoak_reports::html(&run, &verdict);
    assert!(page.len() <= 3_000_000, "{} bytes", page.len());
}

#[test]
fn the_script_stays_small() {
    let script = include_str!("../../src/page/hover.js");
    assert!(script.len() <= 3_000, "{} bytes", script.len());
    for word in ["innerHTML", "eval", "insertAdjacent", "fetch", "http", "document.write"] {
        assert!(!script.contains(word), "the script holds {word}");
    }
}
