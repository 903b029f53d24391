//! Whole runs against made-up devices: links drop, agents die, hosts are killed, disks fill up.

use std::time::Duration;

use edgesoak_controller::ControllerError;
use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::FinishReason;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::session::{CloseState, SessionClose};
use tokio::sync::watch;

use crate::fake::Lab;
use crate::fake::device::{Fault, Link};
use crate::fake::made::{journal, plan, sha256};

const DEVICE: &str = "this-machine";

fn said(close: &SessionClose) -> (CloseState, &str, &str) {
    (close.state, &close.cause, &close.whose)
}

/// The whole journal of the only session.
fn whole(lab: &Lab) -> Vec<u8> {
    journal(&lab.run_name(), "s01", Some(FinishReason::Completed), lab.device(DEVICE).things().notes)
}

#[tokio::test]
async fn a_run_keeps_the_journal_and_leaves_the_device_as_it_was() {
    let lab = Lab::new();
    let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::Completed, "", ""));
    assert_eq!((report.interrupted, report.sink_failures), (None, Vec::new()));
    assert_eq!(lab.copy_of("s01"), whole(&lab));
    let device = lab.device(DEVICE);
    assert_eq!(device.leftovers(), [""; 0]);
    let phases: Vec<String> = lab
        .host_events()
        .into_iter()
        .filter_map(|event| match event {
            HostEvent::StateChanged { phase, .. } => Some(phase),
            _ => None,
        })
        .collect();
    let mut once = phases.clone();
    once.dedup();
    let expected =
        "connecting provisioning preflight settling warming soaking collecting restoring sweeping done";
    assert_eq!(once.join(" "), expected);
    let noted = lab.host_events().into_iter().find_map(|event| match event {
        HostEvent::Noted { code, text } if code == "expected-missing" => Some(text),
        _ => None,
    });
    assert_eq!(noted.as_deref(), Some("temperature: not readable at /sys/thermal (absent)"));
    let job = lab.disk.get(&lab.run_dir().join("s01/job.json")).expect("kept");
    let job: Job = serde_json::from_slice(&job).expect("what an agent reads");
    assert_eq!((job.runner.threads, job.phases.soak_ms, job.sampling.fast_period_ms), (7, 60_000, 100));
    assert_eq!(job.runner.program, format!("store/{}", sha256(b"the runner")));
    assert_eq!(job.settle, None, "nothing is expected to heat");
    assert!(matches!(lab.host_events().last(), Some(HostEvent::RunClosed { interrupted: None })));
    assert!(matches!(lab.resume().await, Err(ControllerError::RunIsClosed { .. })));
}

#[tokio::test]
async fn what_lies_on_the_device_is_not_pushed_again() {
    let lab = Lab::new();
    lab.run(plan(&[DEVICE, DEVICE]), Vec::new()).await.expect("runs");
    let pushed = lab.device(DEVICE).things().pushed.clone();
    let of = |start: &str| pushed.iter().filter(|path| path.starts_with(start)).count();
    assert_eq!((of("bin/"), of("store/"), of("sessions/")), (1, 2, 4), "{pushed:?}");
}

#[tokio::test]
async fn a_link_that_drops_or_flips_at_any_byte_costs_nothing() {
    let length = 700;
    for at in (0..length).step_by(3) {
        for fault in [Fault::Drop(at), Fault::Flip(at)] {
            let lab = Lab::new();
            lab.device(DEVICE).things().faults = [fault.clone(), Fault::Drop(at / 2)].into();
            let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
            assert_eq!(said(&report.closes[0].1).0, CloseState::Completed, "{fault:?}: {report:?}");
            assert_eq!(lab.copy_of("s01"), whole(&lab), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_dead_agent_and_a_restarted_device_leave_what_they_wrote() {
    for (fault, cause) in
        [(Fault::AgentDies as fn(usize) -> Fault, "agent-died"), (Fault::Restart, "device-restarted")]
    {
        let lab = Lab::new();
        let device = lab.device(DEVICE);
        device.things().faults = [fault(400)].into();
        let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
        assert_eq!(said(&report.closes[0].1), (CloseState::Interrupted, cause, "device"));
        let copy = lab.copy_of("s01");
        assert!(copy.len() > 300 && whole(&lab)[..400].starts_with(&copy), "every whole frame is kept");
        assert_eq!(device.leftovers(), [""; 0]);
    }
}

#[tokio::test]
async fn a_lost_link_closes_the_session_and_resume_fetches_its_journal() {
    let lab = Lab::new();
    let device = lab.device(DEVICE);
    device.things().link = Link::GoesDown;
    let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::Interrupted, "link-lost", "lab"));
    assert!(!device.leftovers().is_empty(), "the device keeps its journal");
    device.things().link = Link::Up;
    let report = lab.resume().await.expect("resumes");
    assert_eq!(said(&report.closes[0].1), (CloseState::Completed, "", ""));
    assert_eq!(lab.copy_of("s01"), whole(&lab));
    assert_eq!(device.leftovers(), [""; 0]);
    assert!(matches!(lab.resume().await, Err(ControllerError::RunIsClosed { .. })));
}

#[tokio::test]
async fn sessions_that_cannot_begin_say_why() {
    let lab = Lab::new();
    lab.device(DEVICE).things().busy = true;
    let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "busy", "lab"));
    assert_eq!(lab.device(DEVICE).leftovers(), [""; 0]);

    let lab = Lab::new();
    lab.device(DEVICE).things().link = Link::Down;
    let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "device-absent", "lab"));

    let lab = Lab::new();
    lab.disk.put("base/model.gguf", b"another model");
    let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "provisioning-failed", "config"));
    let stored = lab.device(DEVICE).things().files.keys().filter(|path| path.starts_with("store/")).count();
    assert_eq!(stored, 1, "only the runner: wrong content does not stay under the right name");

    let lab = Lab::new();
    let mut planned = plan(&[DEVICE]);
    planned.sessions[0].device.driver = "adb".to_owned();
    let report = lab.run(planned, Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "driver-missing", "config"));
    assert!(report.closes[0].1.detail.contains("adb"));
}

#[tokio::test]
async fn what_is_wrong_on_the_host_is_said_before_anything_runs() {
    let lab = Lab::new();
    let mut planned = plan(&[DEVICE]);
    planned.sessions[0].candidate.runtime = "no-runner".to_owned();
    let error = lab.run(planned, Vec::new()).await.expect_err("no such program");
    assert!(error.to_string().contains("edgesoak-no-runner"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("scripts/quickstart")));
    lab.disk.put("base/prompts.jsonl", b"changed");
    let error = lab.run(plan(&[DEVICE]), Vec::new()).await.expect_err("changed input");
    assert!(matches!(error, ControllerError::ChangedInput { .. }), "{error}");
    let mut planned = plan(&[DEVICE]);
    planned.sessions[0].session = "../x".to_owned();
    assert!(matches!(lab.run(planned, Vec::new()).await, Err(ControllerError::NamingSession(_))));
    assert!(matches!(lab.run(plan(&[]), Vec::new()).await, Err(ControllerError::NothingPlanned)));
}

#[tokio::test]
async fn a_stopped_run_is_closed_honestly() {
    let lab = Lab::new();
    let device = lab.device(DEVICE);
    device.things().endless = true;
    let (stop, cancel) = watch::channel(false);
    let running = device.clone();
    let stopping = async move {
        while running.things().running.is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stop.send(true).expect("somebody listens");
        stop
    };
    let (report, _stop) = tokio::join!(lab.run_until(plan(&[DEVICE, DEVICE]), Vec::new(), cancel), stopping);
    let report = report.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::Interrupted, "stopped-by-user", "user"));
    assert_eq!(said(&report.closes[1].1), (CloseState::NotRun, "stopped-by-user", "user"));
    assert!(report.interrupted.is_some());
    assert_eq!(lab.copy_of("s01"), journal(&report.run, "s01", Some(FinishReason::Stopped), 0));
    assert_eq!(device.leftovers(), [""; 0]);
}

#[tokio::test]
async fn a_host_killed_at_any_write_is_resumed_with_nothing_lost() {
    for write in 0.. {
        let lab = Lab::new();
        lab.disk.die_at(write);
        let killed = tokio::select! {
            biased;
            () = lab.disk.death() => true,
            report = lab.run(plan(&[DEVICE]), Vec::new()) => {
                // A write that fails before the run is opened ends it by itself.
                report.is_err() && lab.disk.is_dead()
            }
        };
        if !killed {
            assert!(write > 30, "only {write} writes were tried");
            return;
        }
        lab.disk.revive();
        let device = lab.device(DEVICE);
        if lab.disk.only_dir_below("out/runs").is_none() {
            assert!(device.things().files.is_empty(), "write {write}");
            continue;
        }
        match lab.resume().await {
            Ok(report) => {
                assert_eq!(said(&report.closes[0].1).0, CloseState::Completed, "write {write}: {report:?}");
            }
            Err(ControllerError::RunIsClosed { .. }) => panic!("write {write} was not the last one"),
            // Killed before the run was opened: there is nothing to resume, and the device was not touched.
            Err(error) => {
                assert!(device.things().files.is_empty(), "write {write}: {error}");
                continue;
            }
        }
        assert_eq!(lab.copy_of("s01"), whole(&lab), "write {write}");
        assert_eq!(device.leftovers(), [""; 0], "write {write}");
    }
}

#[tokio::test]
async fn a_full_disk_closes_the_run_and_resume_fetches_the_rest() {
    let mut cut_short = 0;
    for room in (66_000..200_000).step_by(1_111) {
        let lab = Lab::new();
        lab.device(DEVICE).things().notes = 100;
        lab.disk.set_room(Some(room));
        let result = lab.run(plan(&[DEVICE]), Vec::new()).await;
        lab.disk.set_room(None);
        match result {
            Ok(report) if report.closes[0].1.state == CloseState::Completed => {}
            Ok(report) => {
                let close = &report.closes[0].1;
                assert_eq!((close.cause.as_str(), close.whose.as_str()), ("host-disk-full", "lab"), "{room}");
                assert!(report.interrupted.is_some());
                if close.state == CloseState::Interrupted {
                    cut_short += 1;
                    let report = lab.resume().await.expect("room again");
                    assert_eq!(said(&report.closes[0].1).0, CloseState::Completed, "{room}: {report:?}");
                }
            }
            Err(error) => assert!(error.to_string().contains("out/runs"), "{room}: {error}"),
        }
        let copy = lab.copy_of("s01");
        assert!(whole(&lab).starts_with(&copy), "{room}");
        assert!(lab.host_entries().len() < 1000, "every line is readable");
    }
    assert!(cut_short > 0, "no room was just too small");
}

#[tokio::test]
async fn sessions_share_a_processor_one_after_the_other_and_nothing_else() {
    for share in [true, false] {
        let mut lab = Lab::new();
        lab.share_processor = share;
        lab.run(plan(&["a", "b"]), Vec::new()).await.expect("runs");
        let entries = lab.host_entries();
        let closed = entries.iter().position(|entry| {
            entry.session.as_deref() == Some("s01") && matches!(entry.event, HostEvent::SessionClosed { .. })
        });
        let other = entries.iter().position(|entry| entry.session.as_deref() == Some("s02"));
        assert_eq!(closed < other, share, "share {share}: {closed:?} {other:?}");
    }
}

#[tokio::test]
async fn a_device_that_another_run_works_with_is_left_alone() {
    let mut lab = Lab::new();
    lab.share_processor = false;
    lab.disk.hold("leases/this-machine");
    let report = lab.run(plan(&[DEVICE, "another"]), Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "busy", "lab"));
    assert!(lab.device(DEVICE).things().files.is_empty(), "nothing is done to the device");
    assert_eq!(said(&report.closes[1].1), (CloseState::Completed, "", ""), "others are not concerned");
}

#[tokio::test]
async fn two_runs_on_one_processor_are_not_measured_together() {
    for (share, expected) in
        [(true, (CloseState::NotRun, "busy", "lab")), (false, (CloseState::Completed, "", ""))]
    {
        let mut lab = Lab::new();
        lab.share_processor = share;
        lab.disk.hold("processors");
        let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
        assert_eq!(said(&report.closes[0].1), expected);
        assert_eq!(lab.device(DEVICE).things().files.is_empty(), share, "nothing is done to the device");
    }
}
