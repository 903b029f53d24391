//! What a host lost: the medium, its last lines, its patience. And what it must not lose with it.

use edgesoak_controller::ControllerError;
use edgesoak_protocol::journal::FinishReason;
use edgesoak_protocol::units::Nanos;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::plan::AddressPart;
use edgesoak_record::session::CloseState;
use tokio::sync::watch;

use crate::fake::Lab;
use crate::fake::device::{Fault, Link};
use crate::fake::made::{journal, plan};

const DEVICE: &str = "this-machine";

#[tokio::test]
async fn a_device_gives_its_journal_up_only_for_a_copy_on_the_medium() {
    let lab = Lab::new();
    lab.disk.refuse_sync(Some("device.journal"));
    let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    let close = &report.closes[0].1;
    assert_eq!((close.state, close.cause.as_str()), (CloseState::Interrupted, "host-disk-failed"));
    let kept = format!("sessions/{}/s01/journal", lab.run_name());
    assert_eq!(lab.device(DEVICE).leftovers(), [kept]);
    lab.disk.refuse_sync(None);
    let report = lab.resume().await.expect("resumes");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "{report:?}");
    assert_eq!(lab.device(DEVICE).leftovers(), [""; 0]);
}

#[tokio::test]
async fn a_device_gives_a_journal_without_end_up_only_once_its_reason_is_on_the_medium() {
    let lab = Lab::new();
    let device = lab.device(DEVICE);
    device.things().faults = [Fault::Restart(400)].into();
    let breaks = async {
        while !device.things().faults.is_empty() {
            tokio::task::yield_now().await;
        }
        lab.disk.refuse_sync(Some("host.journal"));
    };
    let (ended, ()) = tokio::join!(lab.run(plan(&[DEVICE]), Vec::new()), breaks);
    ended.expect_err("its end cannot be kept");
    lab.disk.refuse_sync(None);
    let report = lab.resume().await.expect("resumes");
    assert_eq!(report.closes[0].1.cause, "device-restarted", "{report:?}");
    assert_eq!(device.leftovers(), [""; 0]);
}

#[tokio::test]
async fn a_line_that_is_not_on_the_medium_is_none() {
    let lab = Lab::new();
    lab.disk.refuse_sync(Some("host.journal"));
    let error = lab.run(plan(&[DEVICE]), Vec::new()).await.expect_err("nothing can be kept");
    assert!(matches!(error, ControllerError::KeepingJournal { .. }), "{error}");
    // Whoever listens was not told of any line, and counts lines.
    assert_eq!(lab.host_entries(), []);
}

#[tokio::test]
async fn a_whole_copy_counts_although_the_device_was_restored_already() {
    let lab = Lab::new();
    lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    // As after a full disk: from collecting on, states that cannot be written down do not hold a session up.
    lab.forget_from(|event| matches!(event, HostEvent::StateChanged { phase, .. } if phase == "collecting"));
    let report = lab.resume().await.expect("resumes");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "{report:?}");
    let whole = journal(&lab.run_name(), "s01", Some(FinishReason::Completed), 0);
    assert_eq!(lab.copy_of("s01"), whole);
}

#[tokio::test]
async fn what_a_lost_link_left_on_a_device_goes_with_the_resume() {
    let lab = Lab::new();
    let device = lab.device(DEVICE);
    device.things().link = Link::GoesDownAtLast;
    let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed, "the journal is whole");
    assert!(device.leftovers().iter().any(|path| path.ends_with("prompts.jsonl")));
    device.things().link = Link::Up;
    let report = lab.resume().await.expect("the device is to be restored");
    assert_eq!(report.closes[0].1.state, CloseState::Completed);
    assert_eq!(device.leftovers(), [""; 0]);
    assert!(matches!(lab.resume().await, Err(ControllerError::RunIsClosed { .. })));
}

#[tokio::test]
async fn a_device_that_is_found_elsewhere_gives_up_what_it_kept() {
    let lab = Lab::new();
    let device = lab.device(DEVICE);
    device.things().link = Link::GoesDownAtLast;
    lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    device.things().link = Link::Up;
    lab.plug_elsewhere(DEVICE, "port-2");
    let serial = AddressPart { key: "serial".to_owned(), value: "port-2".to_owned() };
    let report = lab.resume_at([(DEVICE.to_owned(), vec![serial])].into()).await.expect("it is found");
    assert_eq!(report.closes[0].1.state, CloseState::Completed);
    assert_eq!(device.leftovers(), [""; 0]);
    let is_told = |event: &HostEvent| matches!(event, HostEvent::Noted { code, text } if code == "device-moved" && text.ends_with("serial port-2"));
    assert!(lab.host_events().iter().any(is_told));
}

#[tokio::test]
async fn a_stopped_run_stays_a_stopped_run_when_its_last_line_is_lost() {
    let lab = Lab::new();
    let (stop, cancel) = watch::channel(true);
    let report = lab.run_until(plan(&[DEVICE]), Vec::new(), cancel).await.expect("runs");
    drop(stop);
    let why = report.interrupted.expect("it was stopped");
    lab.forget_from(|event| matches!(event, HostEvent::RunClosed { .. }));
    let report = lab.resume().await.expect("only the last line is missing");
    assert_eq!(report.interrupted.as_ref(), Some(&why));
    assert_eq!(lab.host_events().pop(), Some(HostEvent::RunClosed { interrupted: Some(why) }));
}

#[tokio::test]
async fn two_runs_never_share_a_journal() {
    let lab = Lab::new();
    lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    let before = lab.host_entries();
    // Within the same second, and the randomness of this lab is none.
    let error = lab.run(plan(&[DEVICE]), Vec::new()).await.expect_err("the name is taken");
    assert!(matches!(error, ControllerError::OpeningRun { .. }), "{error}");
    assert_eq!(lab.host_entries(), before);
}

#[tokio::test]
async fn a_device_that_breaks_every_stream_is_given_up_at_last() {
    let lab = Lab::new();
    let device = lab.device(DEVICE);
    device.things().notes = 50;
    // Each stream brings something new, so that none of them counts as the last try.
    device.things().faults = vec![Fault::Drop(3000); 40].into();
    lab.oversleep(Nanos::from_secs(600));
    let report = lab.run(plan(&[DEVICE]), Vec::new()).await.expect("runs");
    let close = &report.closes[0].1;
    assert_eq!((close.state, close.cause.as_str()), (CloseState::Interrupted, "overdue"), "{close:?}");
}
