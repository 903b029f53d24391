//! A lab that several hosts and runs share: whose a device is, who waits for it, and what a dead one leaves.

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use edgesoak_controller::RunReport;
use edgesoak_protocol::probe::Tenant;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::session::{CloseState, SessionClose};

use crate::fake::Lab;
use crate::fake::device::Link;
use crate::fake::made::{journal, plan};

const DEVICE: &str = "this-machine";

fn lab() -> Lab {
    let mut lab = Lab::new();
    lab.share_processor = false;
    lab.disk.put("state/host", b"here");
    lab
}

fn tenant(host: &str, run: &str) -> Tenant {
    Tenant { host: host.to_owned(), run: run.to_owned() }
}

async fn run(lab: &Lab) -> RunReport {
    lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs")
}

fn said(close: &SessionClose) -> (CloseState, &str, &str) {
    (close.state, &close.cause, &close.whose)
}

fn noted(lab: &Lab, code: &str) -> Vec<String> {
    let noted = |event| match event {
        HostEvent::Noted { code: found, text } if found == code => Some(text),
        _ => None,
    };
    lab.host_events().into_iter().filter_map(noted).collect()
}

/// A session of another run that goes on and on.
fn leave_running(lab: &Lab, run: &str) {
    let device = lab.device(DEVICE);
    let mut things = device.things();
    things.files.insert(format!("sessions/{run}/s01/journal"), (journal(run, "s01", None, 0), 0o600));
    things.running.insert(format!("{run}/s01"));
}

#[tokio::test]
async fn a_device_of_another_host_is_left_alone_and_says_whose_it_is() {
    let lab = lab();
    let device = lab.device(DEVICE);
    run(&lab).await;
    assert_eq!(device.things().tenancy, None, "a run leaves its devices to others");
    device.things().tenancy = Some((tenant("there", "r0"), 600_000));
    let before = device.things().pushed.len();
    let mut again = plan(&[DEVICE]);
    again.profile = "again".to_owned();
    let report = lab.run(again, Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "busy", "lab"));
    let detail = &report.closes[0].1.detail;
    assert!(detail.starts_with("run r0 of there uses it, until 2026-01-02 03:"), "{detail}");
    assert_eq!(device.things().pushed.len(), before, "nothing is done to the device");
    assert_eq!(device.things().tenancy.as_ref().map(|(tenant, _)| tenant.run.as_str()), Some("r0"));
}

#[tokio::test]
async fn a_run_that_waits_gets_the_device_when_the_other_one_leaves() {
    let mut lab = lab();
    // There is an agent on the device, so that it is asked before anything else is done.
    lab.device(DEVICE).things().files.insert("bin/edgesoak-agent".to_owned(), (b"older".to_vec(), 0o700));
    lab.device(DEVICE).things().tenancy = Some((tenant("there", "r0"), 600_000));
    lab.terms.wait = Duration::from_hours(2);
    let device = lab.device(DEVICE);
    let leaving = async {
        for _ in 0..500 {
            tokio::task::yield_now().await;
        }
        let before = device.things().pushed.len();
        device.things().tenancy = None;
        before
    };
    let (report, before) = tokio::join!(run(&lab), leaving);
    assert_eq!(before, 0, "it was waited for");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "{report:?}");

    lab.device(DEVICE).things().tenancy = Some((tenant("there", "r0"), 600_000));
    let mut again = plan(&[DEVICE]);
    again.profile = "again".to_owned();
    let report = lab.run(again, Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1).1, "busy", "patience has an end");
}

#[tokio::test]
async fn what_a_dead_controller_left_running_is_stopped_when_its_time_is_over() {
    let lab = lab();
    leave_running(&lab, "r0");
    lab.device(DEVICE).things().tenancy = Some((tenant("there", "r0"), 0));
    let report = run(&lab).await;
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "{report:?}");
    assert!(lab.device(DEVICE).things().running.is_empty());
    let notes = noted(&lab, "device-taken-over");
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("r0 of there") && notes[0].contains("r0/s01"), "{notes:?}");
    assert_eq!(lab.device(DEVICE).leftovers(), ["sessions/r0/s01/journal"], "what it measured is not ours");
}

#[tokio::test]
async fn what_a_run_of_this_host_left_running_is_stopped_once_that_run_is_closed() {
    for (is_open, expected) in [(true, CloseState::NotRun), (false, CloseState::Completed)] {
        let lab = lab();
        leave_running(&lab, "r0");
        lab.device(DEVICE).things().tenancy = Some((tenant("here", "r0"), 600_000));
        if is_open {
            lab.disk.put("state/runs/r0", b"out/runs/r0");
        }
        let report = run(&lab).await;
        let close = &report.closes[0].1;
        assert_eq!(close.state, expected, "{close:?}");
        assert_eq!(close.detail.contains("edgesoak resume r0"), is_open, "{close:?}");
        assert_eq!(lab.device(DEVICE).things().running.is_empty(), !is_open);
    }
}

#[tokio::test]
async fn a_closed_run_is_known_as_closed() {
    let lab = lab();
    lab.device(DEVICE).things().link = Link::GoesDown;
    let report = run(&lab).await;
    assert_eq!(lab.disk.get(Path::new(&format!("state/runs/{}", report.run))), None);
    let (tenant, _) = lab.device(DEVICE).things().tenancy.clone().expect("it did not hear that we left");
    assert_eq!((tenant.host.as_str(), &tenant.run), ("here", &report.run));
}

#[tokio::test]
async fn a_loose_cable_is_tried_again_twice_before_anything_is_measured() {
    for (fails, expected, retries) in
        [(0, CloseState::Completed, 0), (2, CloseState::Completed, 2), (3, CloseState::NotRun, 2)]
    {
        let lab = lab();
        lab.device(DEVICE).things().link_fails = fails;
        let report = run(&lab).await;
        let close = &report.closes[0].1;
        assert_eq!(close.state, expected, "{fails}: {close:?}");
        let notes = noted(&lab, "retried");
        assert_eq!(notes.len(), retries, "{fails}: {notes:?}");
        if fails == 3 {
            assert_eq!(said(close), (CloseState::NotRun, "device-absent", "lab"));
            assert!(notes[1].ends_with("trying again in 30 s (2 of 2 times)"), "{notes:?}");
        }
    }
}

#[tokio::test]
async fn a_device_in_quarantine_is_not_used_by_later_runs_but_checked() {
    let mut lab = lab();
    lab.device(DEVICE).things().link = Link::GoesDownAtLast;
    let first = run(&lab).await;
    lab.device(DEVICE).things().link = Link::Up;
    let mut again = plan(&[DEVICE, "another"]);
    again.profile = "again".to_owned();
    let report = lab.run(again.clone(), Vec::new()).await.expect("runs");
    let close = &report.closes[0].1;
    assert_eq!(said(close), (CloseState::NotRun, "quarantined", "lab"), "{close:?}");
    assert!(close.detail.contains(&first.run) && close.detail.contains("cable"), "{close:?}");
    assert_eq!(report.closes[1].1.state, CloseState::Completed, "others are not concerned");
    lab.terms.quarantined_too = true;
    again.profile = "check".to_owned();
    let report = lab.run(again, Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "{report:?}");
    let record = format!("state/quarantine/{DEVICE}.json");
    assert!(lab.disk.get(Path::new(&record)).is_some(), "only a person lets it out");
}

#[tokio::test]
async fn sessions_take_turns_and_end_at_the_first_failure_where_that_is_asked_for() {
    for fail_fast in [false, true] {
        let mut lab = lab();
        lab.terms.max_parallel = NonZeroUsize::new(1);
        lab.terms.fail_fast = fail_fast;
        lab.device("a").things().link = Link::Down;
        let report = lab.run(plan(&["a", "b"]), Vec::new()).await.expect("runs");
        assert_eq!(said(&report.closes[0].1).1, "device-absent");
        let expected = if fail_fast {
            (CloseState::NotRun, "fail-fast", "user")
        } else {
            (CloseState::Completed, "", "")
        };
        assert_eq!(said(&report.closes[1].1), expected);
        let entries = lab.host_entries();
        let of = |session: &str| {
            let found =
                entries.iter().enumerate().filter(|(_, entry)| entry.session.as_deref() == Some(session));
            found.map(|(at, _)| at).collect::<Vec<_>>()
        };
        assert!(of("s01").last() < of("s02").first(), "one after the other");
    }
}
