//! Every promise can be broken, and is found broken when it is.

use std::path::{Path, PathBuf};

use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::session::CloseState;

use crate::check;
use crate::day::{Day, live, live_with};
use crate::defect::Defect;
use crate::sinks::Audience;
use crate::truth::Truth;

/// Whether one of a few days with the defect is found to break its promise in these words.
fn is_found(defect: Defect, is_disturbed: bool, words: &str) -> bool {
    (1..=12).any(|seed| {
        let broken = check::broken(&live_with(seed, is_disturbed, Some(defect)));
        broken.iter().any(|what| what.contains(words))
    })
}

#[test]
fn two_runs_with_one_phone_are_found() {
    assert!(is_found(Defect::OpenLocks, true, "hold it at once"), "two runs of one host");
    assert!(is_found(Defect::TwoTenants, true, "hold it at once"), "runs of two hosts");
}

#[test]
fn whoever_uses_a_phone_without_holding_it_is_found() {
    let broken = check::broken(&live_with(3, false, Some(Defect::Stranger)));
    for words in [
        "sessions/stranger/s01/job.json is put there, and its run does not hold the phone",
        "stranger/s01 is started, and its run does not hold the phone",
        "its charger goes off for a run that does not hold it",
        "another run's charger goes off while",
        "was removed from",
    ] {
        assert!(broken.iter().any(|what| what.contains(words)), "{words}: {broken:#?}");
    }
}

#[test]
fn what_is_left_on_phones_is_found() {
    assert!(is_found(Defect::ChargersForgotten, false, "it is off its charger"));
    assert!(is_found(Defect::SettingsKept, false, "its settings are not given back"));
    let day = live(3, false);
    let phone = &day.phones["phone-01"];
    phone.inner().files.insert("sessions/r/s/job.json".to_owned(), (Vec::new(), 0o600));
    assert_eq!(check::broken(&day), ["phone-01: sessions/r/s/job.json is left"]);
}

#[test]
fn lost_and_doubled_pieces_are_found() {
    assert!(is_found(Defect::BytesLost, false, "are not what the device wrote"));
    let (truth, copy) = (Truth::default(), Path::new("out/runs/r/s01/device.journal"));
    truth.write("r/s01", b"as it was".to_vec());
    truth.check_append(copy, 3, b"it");
    assert_eq!(truth.all_broken(), [""; 0]);
    truth.check_append(copy, 0, b"it");
    truth.write("r/s01", Vec::new());
    assert_eq!(
        truth.all_broken(),
        ["r/s01 was started twice", "r/s01: 2 bytes at 0 are not what the device wrote"]
    );
}

/// The journal of the first run's host, and its lines.
fn first_run(day: &Day) -> (PathBuf, Vec<HostEntry>) {
    let errand = &day.errands[0];
    let dir = errand.host.run_dir(errand.number).expect("it was opened");
    let entries = check::entries(&errand.host, &dir);
    (dir, entries)
}

/// What is found when these lines stand in that journal instead.
fn found_with(day: &Day, change: impl FnOnce(&mut Vec<HostEntry>)) -> Vec<String> {
    let (dir, whole) = first_run(day);
    let journal = dir.join("host.journal");
    let write = |entries: &[HostEntry]| {
        let lines = entries.iter().map(|entry| serde_json::to_string(entry).expect("JSON") + "\n");
        let text: String = lines.collect();
        day.errands[0].host.disk.put(&journal.to_string_lossy(), text.as_bytes());
    };
    let mut entries = whole.clone();
    change(&mut entries);
    write(&entries);
    let broken = check::broken(day);
    write(&whole);
    broken
}

fn is_of(entry: &HostEntry, session: &str, phase: &str) -> bool {
    let is_phase = matches!(&entry.event, HostEvent::StateChanged { phase: known, .. } if known == phase);
    entry.session.as_deref() == Some(session) && is_phase
}

#[test]
fn a_host_s_journal_that_cannot_be_is_found() {
    let day = live(3, false);
    assert_eq!(found_with(&day, |_| {}), [""; 0]);
    let has = |broken: &[String], words: &str| broken.iter().any(|what| what.contains(words));

    let broken = found_with(&day, |entries| entries.truncate(entries.len() - 1));
    assert!(has(&broken, "has no end"), "{broken:?}");
    let is_close = |entry: &HostEntry| matches!(entry.event, HostEvent::SessionClosed { .. });
    let broken = found_with(&day, |entries| entries.retain(|entry| !is_close(entry)));
    assert!(has(&broken, "/s01 was never closed"), "{broken:?}");
    let broken = found_with(&day, |entries| entries.retain(|entry| !is_of(entry, "s01", "connecting")));
    assert!(has(&broken, "/s01: Provisioning came after Queued"), "{broken:?}");
    let broken = found_with(&day, |entries| {
        for entry in entries {
            if let HostEvent::SessionClosed { close } = &mut entry.event {
                close.state = CloseState::Interrupted;
                "device-restarted".clone_into(&mut close.cause);
            }
        }
    });
    assert!(has(&broken, "and was closed: SessionClose { state: Interrupted"), "{broken:?}");
}

#[test]
fn a_copy_that_lacks_its_end_is_found() {
    let day = live(3, false);
    let (dir, _) = first_run(&day);
    let (disk, copy) = (&day.errands[0].host.disk, dir.join("s01/device.journal"));
    let whole = disk.get(&copy).expect("it was copied");
    disk.put(&copy.to_string_lossy(), &whole[..whole.len() - 1]);
    let broken = check::broken(&day);
    assert!(broken.len() == 1 && broken[0].contains("copy and journal have"), "{broken:?}");
}

#[test]
fn a_listener_that_missed_lines_is_found() {
    let day = live(3, false);
    let errand = &day.errands[0];
    let report = errand.tally.report.as_ref().expect("the run ended");
    errand.check_audience(report, &Audience::default(), 0);
    let broken = check::broken(&day);
    for words in ["attentive heard 0 lines", "slow heard 0 lines"] {
        assert!(broken.iter().any(|what| what.contains(words)), "{broken:?}");
    }
}
