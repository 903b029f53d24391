//! Whoever dies, the journal is whole and says how far it came.

use std::io::Read;
use std::process::Stdio;

use edgesoak_protocol::journal::{Ending, FinishReason, Frame, Phase, RuntimeEnd};
use edgesoak_protocol::probe::AgentState;

use crate::device::{Device, is_alive, kill, wait_until};

fn soaking(frame: &Frame) -> Option<()> {
    matches!(frame, Frame::PromptSubmitted { phase: Phase::Soaking, .. }).then_some(())
}

#[test]
fn the_run_goes_on_when_its_follower_is_killed() {
    let device = Device::new();
    let mut job = Device::job("follower", &[]);
    job.phases.soak_ms = 1500;
    device.start(&job);
    let mut follower = device
        .command(&["follow", "--session", "run/follower"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the agent can be executed");
    let mut some = [0; 64];
    follower.stdout.as_mut().expect("piped").read_exact(&mut some).expect("the stream begins");
    follower.kill().expect("it lives");
    follower.wait().expect("it is ours");
    let (_, reason, _) = device.finish("follower");
    assert_eq!(reason, FinishReason::Completed);
}

#[test]
fn a_killed_agent_takes_its_runner_along_and_leaves_a_readable_journal() {
    let device = Device::new();
    let mut job = Device::job("killed", &[]);
    job.phases.soak_ms = 60_000;
    let started = device.start(&job);
    let runner = device.runner_pid("killed");
    device.wait_for("killed", soaking);
    assert_eq!(device.status("killed").state, AgentState::Running);
    kill("-KILL", started.pid);
    wait_until(|| {
        let running = device.status("killed").state == AgentState::Running;
        (!running && !is_alive(started.pid) && !is_alive(runner)).then_some(())
    });
    let (_, entries, ending) = device.journal("killed");
    assert!(matches!(ending, Ending::Open | Ending::Torn(_)), "{ending:?}");
    let status = device.status("killed");
    assert_eq!((status.state, status.pid), (AgentState::Dead, None));
    assert_eq!(status.last_seq, entries.last().map(|entry| entry.seq));
    let (code, stream) = device.follow("killed", 0);
    assert_eq!(code, Some(3), "follow says that nothing will follow");
    assert!(device.journal_bytes("killed").starts_with(&stream), "no torn frame is sent");
    let (_, reason, _) = device.run(&Device::job("next", &[]));
    assert_eq!(reason, FinishReason::Completed, "the lease of a dead agent is free");
}

#[test]
fn an_agent_killed_at_any_moment_leaves_nothing_torn_to_a_reader() {
    let device = Device::new();
    for (index, millis) in [0, 5, 30, 120, 250, 260, 400, 750].into_iter().enumerate() {
        let session = format!("moment-{index}");
        let mut job = Device::job(&session, &[]);
        job.phases.soak_ms = 60_000;
        let started = device.start(&job);
        std::thread::sleep(std::time::Duration::from_millis(millis));
        kill("-KILL", started.pid);
        // The kernel frees the lease with the last thread, an instant after the process counts as dead.
        let status =
            wait_until(|| Some(device.status(&session)).filter(|status| status.state != AgentState::Running));
        let (_, entries, ending) = device.journal(&session);
        assert!(matches!(ending, Ending::Open | Ending::Torn(_)), "{ending:?}");
        assert_eq!(status.state, AgentState::Dead);
        assert_eq!(status.last_seq, entries.last().map(|entry| entry.seq));
        assert_eq!(device.follow(&session, 0).0, Some(3));
    }
}

#[test]
fn a_start_that_died_in_the_header_may_be_made_again() {
    let device = Device::new();
    let job = Device::job("stillborn", &[]);
    device.push(&job);
    let journal = device.session_dir("stillborn").join("journal");
    for written in ["", "EDGESOAK\u{1}"] {
        std::fs::write(&journal, written).expect("written");
        assert_eq!(device.status("stillborn").state, AgentState::Absent);
    }
    let (_, reason, _) = device.run(&job);
    assert_eq!(reason, FinishReason::Completed);
}

#[test]
fn a_killed_runner_is_reported_by_its_signal() {
    let device = Device::new();
    let mut job = Device::job("runner", &[]);
    job.phases.soak_ms = 60_000;
    device.start(&job);
    device.wait_for("runner", soaking);
    kill("-KILL", device.runner_pid("runner"));
    let (frames, reason, detail) = device.finish("runner");
    assert_eq!(reason, FinishReason::RuntimeDied);
    assert_eq!(detail, "the runner was ended by signal 9 while decoding");
    let exited =
        frames.iter().filter(|frame| matches!(frame, Frame::RuntimeExited { .. })).collect::<Vec<_>>();
    assert!(matches!(exited[..], [Frame::RuntimeExited { end: RuntimeEnd::Signalled(9), .. }]), "{exited:?}");
}

#[test]
fn a_stopped_session_keeps_what_it_measured() {
    let device = Device::new();
    let mut job = Device::job("stopped", &[]);
    job.phases.soak_ms = 60_000;
    job.workload.output_tokens = 5000;
    let started = device.start(&job);
    device.wait_for("stopped", soaking);
    let output = device.output(&["stop", "--session", "run/stopped"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!is_alive(started.pid), "stop waits for the end of the process");
    let (frames, reason, _) = device.finish("stopped");
    assert_eq!(reason, FinishReason::Stopped);
    let last = frames.iter().rev().find_map(|frame| match frame {
        Frame::PromptDone { finish, .. } => Some(finish.as_str()),
        _ => None,
    });
    assert_eq!(last, Some("stopped"));
    let again = device.output(&["stop", "--session", "run/stopped"]);
    assert_eq!(again.status.code(), Some(0), "stopping twice is no error");
}

#[test]
fn an_agent_that_does_not_stop_is_killed() {
    let device = Device::new();
    let mut job = Device::job("stubborn", &[]);
    job.phases.soak_ms = 60_000;
    let started = device.start(&job);
    let runner = device.runner_pid("stubborn");
    kill("-STOP", started.pid);
    let output = device.output(&["stop", "--session", "run/stubborn", "--patience-ms", "200"]);
    assert_eq!(output.status.code(), Some(3));
    wait_until(|| (!is_alive(started.pid) && !is_alive(runner)).then_some(()));
    assert_eq!(device.status("stubborn").state, AgentState::Dead);
}

#[test]
fn ticks_missed_by_a_stopped_agent_are_a_gap() {
    let mut device = Device::new();
    device.system = crate::limits::warm_system(&device, 40_000);
    let mut job = Device::job("gap", &[]);
    job.phases.soak_ms = 60_000;
    let started = device.start(&job);
    device.wait_for("gap", soaking);
    kill("-STOP", started.pid);
    std::thread::sleep(std::time::Duration::from_millis(500));
    kill("-CONT", started.pid);
    let missed = device.wait_for("gap", |frame| match frame {
        Frame::Gap { group: 0, missed_ticks } => Some(*missed_ticks),
        _ => None,
    });
    assert!(missed >= 1, "{missed}");
}
