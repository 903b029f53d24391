//! How large a page becomes.

use crate::made_up;

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
    let (run, verdict) = made_up::ten_minutes();
    let sessions = (0..12).map(|place| {
        let (mut record, mut judged) = (run.sessions[0].clone(), verdict.sessions[0].clone());
        record.planned.session = format!("s{place:02}");
        judged.session.clone_from(&record.planned.session);
        (record, judged)
    });
    let (run, verdict) = made_up::run_of(sessions.collect());
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
