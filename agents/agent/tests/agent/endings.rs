//! Every way a session can fail has its own word.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use edgesoak_protocol::job::TemplateSource;
use edgesoak_protocol::journal::{FinishReason, Frame, RuntimeEnd};
use edgesoak_protocol::probe::AgentState;

use crate::device::{Device, sha256};

/// Runs the scripted runner with these arguments: why the session ended.
fn ending(runner_args: &[&str]) -> (FinishReason, String, Vec<Frame>) {
    let device = Device::new();
    let mut job = Device::job("fault", runner_args);
    job.phases.soak_ms = 20_000;
    job.runner.silence_limit_ms = 400;
    let (frames, reason, detail) = device.run(&job);
    (reason, detail, frames)
}

#[test]
fn a_silent_runner_is_killed() {
    let (reason, detail, frames) = ending(&["--hang-after-tokens", "20"]);
    assert_eq!(reason, FinishReason::RuntimeSilent, "{detail}");
    assert_eq!(detail, "nothing from the runner for 400 ms while decoding");
    assert!(
        frames
            .iter()
            .any(|frame| matches!(frame, Frame::RuntimeExited { end: RuntimeEnd::Signalled(9), .. }))
    );
}

#[test]
fn a_runner_that_does_not_load_in_time_is_silent() {
    let (reason, detail, _) = ending(&["--load-ms", "60000"]);
    assert_eq!(reason, FinishReason::RuntimeSilent, "{detail}");
}

#[test]
fn a_dying_runner_has_last_words() {
    let (reason, _, frames) = ending(&["--die-after-tokens", "20"]);
    assert_eq!(reason, FinishReason::RuntimeDied);
    let words = frames.iter().find_map(|frame| match frame {
        Frame::RuntimeExited { last_words, .. } => Some(last_words.as_str()),
        _ => None,
    });
    assert_eq!(words, Some("killed after 20 tokens, as told"));
}

#[test]
fn a_lying_runner_is_not_measured() {
    for (argument, word) in [
        (&["--lie-count"][..], "9 tokens decoded where 8 were streamed"),
        (&["--backwards-time"][..], "before the one it follows"),
        (&["--garbage-after", "20"][..], "it sends a line of"),
        (&["--error-on-load"][..], "load-failed while loading"),
    ] {
        let (reason, detail, _) = ending(argument);
        assert_eq!(reason, FinishReason::RuntimeFailed, "{argument:?}: {detail}");
        assert!(detail.contains(word), "{argument:?}: {detail}");
    }
}

#[test]
fn a_runner_that_is_no_program_fails() {
    let device = Device::new();
    let mut job = Device::job("program", &[]);
    job.runner.program = "store/model".to_owned();
    let (_, reason, detail) = device.run(&job);
    assert_eq!(reason, FinishReason::RuntimeFailed);
    assert!(detail.contains("cannot start the runner"), "{detail}");
}

#[test]
fn a_runner_that_falls_silent_for_good_but_lives_did_not_die() {
    let device = Device::new();
    let program = device.root().join("bin/mute");
    fs::write(&program, "#!/bin/sh\nexec 1>&-\nexec sleep 60\n").expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).expect("made a program");
    let mut job = Device::job("mute", &[]);
    job.runner.program = "bin/mute".to_owned();
    let (frames, reason, detail) = device.run(&job);
    assert_eq!(reason, FinishReason::RuntimeFailed, "{detail}");
    assert_eq!(detail, "the runner: it closed a pipe and did not exit, while greeting");
    assert!(frames.iter().any(|frame| matches!(frame, Frame::RuntimeExited { .. })));
}

#[test]
fn a_prompt_that_no_runner_could_be_sent_is_bad_input() {
    let device = Device::new();
    let mut job = Device::job("escapes", &[]);
    // Short enough to render, but JSON needs six bytes for each of its control characters.
    let template = "\u{1}".repeat(200_000);
    if let TemplateSource::File(file) = &mut job.workload.template {
        file.sha256 = sha256(template.as_bytes());
    }
    device.push(&job);
    fs::write(device.session_dir("escapes").join("chat.jinja"), template).expect("written");
    let output = device.output(&["start", "--session", "run/escapes"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (_, reason, detail) = device.finish("escapes");
    assert_eq!(reason, FinishReason::BadInput, "{detail}");
}

#[test]
fn files_that_are_not_what_was_planned_end_the_session_before_it_loads() {
    let device = Device::new();
    let mut job = Device::job("digest", &[]);
    job.artifact.sha256 = sha256(b"other weights");
    let (frames, reason, detail) = device.run(&job);
    assert_eq!(reason, FinishReason::DigestMismatch);
    assert!(detail.contains(&sha256(b"weights")) && detail.contains(&job.artifact.sha256), "{detail}");
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::RuntimeStarted { .. })));

    let mut job = Device::job("missing", &[]);
    job.artifact.path = "store/nothing".to_owned();
    assert_eq!(device.run(&job).1, FinishReason::BadInput);
}

#[test]
fn a_runner_in_the_store_must_have_the_digest_it_is_named_by() {
    let device = Device::new();
    let bytes = fs::read(device.root().join("bin/runner")).expect("there");
    let right = format!("store/{}", sha256(&bytes));
    let wrong = format!("store/{}", sha256(b"something else"));
    for (session, path, wanted) in
        [("right", right, FinishReason::Completed), ("wrong", wrong, FinishReason::DigestMismatch)]
    {
        fs::copy(device.root().join("bin/runner"), device.root().join(&path)).expect("copied");
        let mut job = Device::job(session, &[]);
        job.runner.program = path;
        assert_eq!(device.run(&job).1, wanted, "{session}");
    }
}

#[test]
fn prompts_that_cannot_be_read_are_bad_input() {
    let device = Device::new();
    let mut job = Device::job("prompts", &[]);
    job.workload.prompts.path = "chat.jinja".to_owned();
    if let TemplateSource::File(template) = &job.workload.template {
        job.workload.prompts.sha256 = template.sha256.clone();
    }
    let (_, reason, detail) = device.run(&job);
    assert_eq!(reason, FinishReason::BadInput);
    assert!(detail.starts_with("opening the prompts: "), "{detail}");
}

#[test]
fn a_bad_job_leaves_nothing_behind() {
    let device = Device::new();
    let mut job = Device::job("bad", &[]);
    job.phases.warm_tokens = 1000;
    device.push(&job);
    let output = device.output(&["start", "--session", "run/bad"]);
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("phases.warm_tokens is 1000, it must be from 0 to 8"), "{words}");
    assert_eq!(device.status("bad").state, AgentState::Absent);
    assert_eq!(device.follow("bad", 0).0, Some(6));
}

#[test]
fn one_session_at_a_time_and_every_session_once() {
    let device = Device::new();
    let mut job = Device::job("first", &[]);
    job.phases.soak_ms = 60_000;
    device.start(&job);
    device.push(&Device::job("second", &[]));
    let refused = device.output(&["start", "--session", "run/second"]);
    assert_eq!(refused.status.code(), Some(75));
    let words = String::from_utf8_lossy(&refused.stderr);
    assert!(words.contains("session run/first"), "{words}");
    assert_eq!(device.status("second").state, AgentState::Absent);
    assert!(device.output(&["stop", "--session", "run/first"]).status.success());
    let again = device.output(&["start", "--session", "run/first"]);
    assert_eq!(again.status.code(), Some(2), "a journal is never written twice");
    assert!(device.output(&["start", "--session", "run/second"]).status.success());
    assert_eq!(device.finish("second").1, FinishReason::Completed);
}
