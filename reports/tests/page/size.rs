//! How large a page becomes.

use std::borrow::Cow;
use std::convert::Infallible;

use edgesoak_record::session::Samples;
use edgesoak_record::{Run, RunVerdict, SessionRecord};
use edgesoak_reports::Background;

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

#[test]
fn a_hundred_devices_stay_below_twelve_megabytes() {
    let (run, verdict) = made_up::ten_minutes();
    let record = &run.sessions[0];
    let mut outline = record.clone();
    outline.channels.iter_mut().for_each(|channel| channel.samples = Samples::new());
    outline.prompts.iter_mut().for_each(|prompt| prompt.token_times.clear());
    let sessions = (0..100).map(|place| {
        let (mut outline, mut judged) = (outline.clone(), verdict.sessions[0].clone());
        outline.planned.session = format!("s{place:02}");
        outline.planned.device.id = format!("made-up-scanner-{}", place + 1);
        judged.session.clone_from(&outline.planned.session);
        judged.device.clone_from(&outline.planned.device.id);
        (outline, judged)
    });
    let (run, verdict) = made_up::run_of(sessions.collect());
    let background = Background { explain: Some(made_up::explanations::explain), ..Background::default() };
    let whole = |outline: &SessionRecord| {
        let whole = SessionRecord { planned: outline.planned.clone(), ..record.clone() };
        Ok::<_, Infallible>(Cow::Owned(whole))
    };
    let Ok(page) = edgesoak_reports::html_in_parts(&run, &verdict, &background, whole);
    assert!(page.len() <= 12_000_000, "{} bytes", page.len());
    assert_eq!(page.matches("<section class=\"session\"").count(), 100, "each has its section");
    assert!(page.contains("The 88 sessions from here on, none of them worse, are told in short"));
}
