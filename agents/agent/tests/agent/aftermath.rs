//! What is noted of a runtime that was killed, and of what its user moved.

use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::{FinishReason, Frame, Phase};

use crate::device::{Device, kill};

/// A session whose runtime is still decoding when somebody kills it.
fn long(session: &str) -> Job {
    let mut job = Device::job(session, &[]);
    job.phases.soak_ms = 60_000;
    job
}

fn note<'a>(frames: &'a [Frame], wanted: &str) -> Option<&'a str> {
    frames.iter().find_map(|frame| match frame {
        Frame::Note { code, text } if code == wanted => Some(text.as_str()),
        _ => None,
    })
}

/// Kills the runtime of a running session with this signal, once the phone's log says this of its number.
fn killed(device: &Device, session: &str, signal: &str, log: impl Fn(u32) -> String) -> Vec<Frame> {
    let pid = device.runner_pid(session);
    device.wait_for(session, |frame| {
        matches!(frame, Frame::PromptSubmitted { phase: Phase::Soaking, .. }).then_some(())
    });
    device.say("logcat", &log(pid));
    kill(signal, pid);
    let (frames, reason, detail) = device.finish(session);
    assert_eq!(reason, FinishReason::RuntimeDied, "{detail}");
    frames
}

#[test]
fn a_kill_for_memory_is_known_by_the_log() {
    let device = Device::phone();
    device.start(&long("memory"));
    let frames = killed(&device, "memory", "-KILL", |pid| {
        format!(
            "07-28 10:46:14.514   479   479 I lowmemorykiller: Kill 'secret-name' ({pid}), uid 2000, oom_score_adj 900 \
             to free 9kB rss"
        )
    });
    let text = note(&frames, "killed-by-low-memory").expect("it is explained");
    assert!(text.starts_with("signal 9; ") && text.contains("(07-28 10:46:14.514)"), "{text}");
    assert!(text.contains("new tombstones: absent") && !text.contains("secret"), "{text}");
    let exited = frames.iter().position(|frame| matches!(frame, Frame::RuntimeExited { .. }));
    let noted = frames
        .iter()
        .position(|frame| matches!(frame, Frame::Note { code, .. } if code == "killed-by-low-memory"));
    assert!(exited < noted, "nothing is asked while it lives");
}

#[test]
fn a_crash_is_known_by_its_report_and_none_of_its_words_are_kept() {
    let device = Device::phone();
    device.start(&long("crash"));
    let frames = killed(&device, "crash", "-ABRT", |pid| {
        format!(
            "07-28 10:46:14.900  44  44 F DEBUG   : *** *** *** *** ***\n\
             07-28 10:46:14.900  44  44 F DEBUG   : pid: {pid}, tid: {pid}, name: secret-name"
        )
    });
    let text = note(&frames, "crash-logged").expect("it is explained");
    assert!(text.contains("1 crashes, 1 of them its own") && !text.contains("secret"), "{text}");
}

#[test]
fn a_kill_that_nobody_recorded_stays_unexplained() {
    let device = Device::phone();
    device.start(&long("silent"));
    let frames = killed(&device, "silent", "-KILL", |_| "--------- beginning of main".to_owned());
    assert!(note(&frames, "kill-unexplained").is_some());
}

#[test]
fn a_runtime_that_the_agent_ended_needs_no_explanation() {
    let device = Device::phone();
    let mut job = Device::job("hung", &["--hang-after-tokens", "20"]);
    job.runner.silence_limit_ms = 400;
    let (frames, reason, _) = device.run(&job);
    assert_eq!(reason, FinishReason::RuntimeSilent);
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::Note { code, .. } if code.contains("kill"))));
}

#[test]
fn what_the_user_moved_is_told_where_the_system_counts_it() {
    let device = Device::phone();
    let uid = rustix::process::getuid().as_raw();
    device.say(
        "dumpsys.netstats",
        &format!("mAppUidStatsMap:\n  uid rxBytes rxPackets txBytes txPackets\n  {uid} 4096 8 512 4"),
    );
    let (frames, reason, detail) = device.run(&Device::job("moved", &[]));
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let text = note(&frames, "egress-bytes").expect("it is counted");
    assert!(text.starts_with(&format!("user {uid} received 0 and sent 0 bytes")), "{text}");
    let text = note(&frames, "egress-unchecked").expect("its process is not in the tree of this phone");
    assert!(text.contains("absent"), "{text}");
}

#[test]
fn a_log_that_hangs_does_not_hold_the_end_up_twice() {
    let device = Device::phone();
    device.say("dumpsys.netstats", "mAppUidStatsMap:\n  uid rxBytes rxPackets txBytes txPackets");
    device.say("hang.logcat", "");
    device.start(&long("hangs"));
    let frames = killed(&device, "hangs", "-KILL", |_| String::new());
    let text = note(&frames, "kill-unexplained").expect("it is noted all the same");
    assert!(text.ends_with("the log: failed"), "{text}");
    assert!(note(&frames, "aftermath-skipped").is_some() && note(&frames, "egress-bytes").is_none());
}
