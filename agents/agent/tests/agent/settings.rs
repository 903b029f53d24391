//! Settings that a session holds, and what becomes of them.

use std::fs;
use std::process::Command;

use edgesoak_protocol::job::{Job, Setting};
use edgesoak_protocol::journal::{FinishReason, Frame, Phase};
use edgesoak_protocol::probe::AgentState;
use serde_json::Value;

use crate::device::{Device, kill, wait_until};

fn job(session: &str, settings: &[(&str, &str)]) -> Job {
    let mut job = Device::job(session, &[]);
    job.settings = settings
        .iter()
        .map(|(name, value)| Setting { name: (*name).to_owned(), value: (*value).to_owned() })
        .collect();
    job
}

/// Changes and their ends, in the order of the journal.
fn changes(frames: &[Frame]) -> Vec<String> {
    let told = |frame: &Frame| match frame {
        Frame::Changing { setting, before, after } => Some(format!("{setting}: {before} -> {after}")),
        Frame::Restored { setting, value } => Some(format!("{setting} = {value}")),
        Frame::PhaseBegan { phase: Phase::Loading } => Some("loading".to_owned()),
        Frame::RuntimeExited { .. } => Some("exited".to_owned()),
        Frame::Note { code, .. } if code.starts_with("setting-") => Some(code.clone()),
        _ => None,
    };
    frames.iter().filter_map(told).collect()
}

fn note(frames: &[Frame], wanted: &str) -> Option<String> {
    frames.iter().find_map(|frame| match frame {
        Frame::Note { code, text } if code == wanted => Some(text.clone()),
        _ => None,
    })
}

/// What the phone is set to: airplane mode, Wi-Fi, stay awake.
fn state(device: &Device) -> [Option<String>; 3] {
    ["global.airplane_mode_on", "global.wifi_on", "global.stay_on_while_plugged_in"]
        .map(|key| device.says(key))
}

fn as_it_was() -> [Option<String>; 3] {
    ["0", "1", "3"].map(|value| Some(value.to_owned()))
}

fn soaking(frame: &Frame) -> Option<()> {
    matches!(frame, Frame::PromptSubmitted { phase: Phase::Soaking, .. }).then_some(())
}

fn restore(device: &Device) -> (Option<i32>, Value) {
    let output = device.output(&["restore"]);
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default())
}

#[test]
fn settings_are_made_before_loading_and_given_back_in_reverse() {
    let device = Device::phone();
    let wanted = [("airplane", "on"), ("wifi", "off"), ("stay-awake", "on"), ("screen", "on")];
    let (frames, reason, detail) = device.run(&job("whole", &wanted));
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    assert_eq!(
        changes(&frames),
        [
            "airplane: off -> on",
            "wifi: on -> off",
            "stay-awake: 3 -> 7",
            "setting-kept",
            "loading",
            "exited",
            "stay-awake = 3",
            "wifi = on",
            "airplane = off",
        ]
    );
    assert_eq!(state(&device), as_it_was());
    assert!(!device.root().join("changes.json").exists());
}

#[test]
fn settings_are_given_back_when_the_runner_dies_or_the_session_is_stopped() {
    let device = Device::phone();
    let mut dying = job("dying", &[("airplane", "on")]);
    dying.runner.args.extend(["--die-after-tokens".to_owned(), "20".to_owned()]);
    assert_eq!(device.run(&dying).1, FinishReason::RuntimeDied);
    assert_eq!(state(&device), as_it_was());
    let mut stopped = job("stopped", &[("airplane", "on")]);
    stopped.phases.soak_ms = 60_000;
    device.start(&stopped);
    device.wait_for("stopped", soaking);
    assert_eq!(device.says("global.airplane_mode_on").as_deref(), Some("1"));
    assert!(device.output(&["stop", "--session", "run/stopped"]).status.success());
    assert_eq!(changes(&device.finish("stopped").0).last().map(String::as_str), Some("airplane = off"));
    assert_eq!(state(&device), as_it_was());
}

#[test]
fn a_setting_that_cannot_be_made_ends_the_session_before_it_loads() {
    let device = Device::phone();
    let wanted = [("airplane", "on"), ("fixed-performance", "on")];
    let (frames, reason, detail) = device.run(&job("refused", &wanted));
    assert_eq!(reason, FinishReason::SettingFailed);
    assert_eq!(detail, "setting fixed-performance to on: Failed to set FIXED_PERFORMANCE mode");
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::RuntimeStarted { .. })));
    assert_eq!(device.says("asked").as_deref(), Some("false"), "a complaint may come too late");
    assert_eq!(device.says("global.airplane_mode_on").as_deref(), Some("0"), "what was made is given back");
    let (_, reason, detail) = device.run(&job("absent", &[("charging", "off")]));
    assert_eq!((reason, detail.as_str()), (FinishReason::SettingFailed, "reading charging: absent"));
}

#[test]
fn a_heat_status_that_somebody_set_is_taken_off_and_given_back() {
    let device = Device::phone();
    device.say("dumpsys.thermalservice", "IsStatusOverride: true\nThermal Status: 3");
    let (frames, reason, detail) = device.run(&job("heat", &[("thermal-override", "off")]));
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let told = changes(&frames);
    assert_eq!(told, ["thermal-override: 3 -> off", "loading", "exited", "thermal-override = 3"]);
    let says = device.says("dumpsys.thermalservice");
    assert_eq!(says.as_deref(), Some("IsStatusOverride: true\nThermal Status: 3"));
}

#[test]
fn apps_that_are_kept_for_later_are_ended_once_and_told_in_counts() {
    let device = Device::phone();
    let front = "Proc #0: fg T/A/TOP t: 0 7:com.example.secret/u0a1 (top-activity)";
    let kept = "Proc #1: cch+5 b/ /CEM t: 0 8:com.example.private/u0a2 (cch-empty)";
    device.say("dumpsys.activity_oom", &[front, kept].join("\n"));
    device.say("fewer", front);
    let wanted = [("background-apps", "ended")];
    let (frames, reason, detail) = device.run(&job("apps", &wanted));
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let text = note(&frames, "background-apps-ended").expect("it is told");
    assert!(text.starts_with("1 of 2 processes of apps were kept for later, 0 of 1 are now"), "{text}");
    assert!(!format!("{frames:?}").contains("com.example"), "no name of an app");
    assert_eq!(changes(&frames), ["loading", "exited"], "nothing is to be given back");
    // A phone that tells of no apps takes the command all the same.
    fs::remove_file(device.outside().join("state/dumpsys.activity_oom")).expect("there");
    let (frames, _, _) = device.run(&job("silent", &wanted));
    assert_eq!(changes(&frames), ["setting-unverified", "loading", "exited"]);
    device.say("refuses", "");
    let (_, reason, detail) = device.run(&job("refused", &wanted));
    assert_eq!(reason, FinishReason::SettingFailed);
    assert!(detail.starts_with("ending background apps: java.lang.SecurityException"), "{detail}");
}

/// A session whose agent was started with this number, and its note about it; none where this machine forbids the number.
/// The system here is this machine's own: the number is that of the runner's process.
fn scored(session: &str, number: i32, settings: &[(&str, &str)], code: &str) -> Option<String> {
    let device = Device::new();
    device.push(&job(session, settings));
    let start = device.command(&["start", "--session", &format!("run/{session}")]);
    let started = Command::new("sh")
        .args(["-c", &format!("echo {number} > /proc/self/oom_score_adj || exit 9; exec \"$@\""), "sh"])
        .arg(start.get_program())
        .args(start.get_args())
        .output()
        .expect("a shell");
    if started.status.code() == Some(9) {
        println!("skipped: this machine does not allow oom_score_adj {number}");
        return None;
    }
    assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    let (frames, reason, detail) = device.finish(session);
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    Some(note(&frames, code).unwrap_or_else(|| panic!("no {code} in {frames:?}")))
}

#[test]
fn a_runtime_that_is_killed_no_later_than_an_app_is_told_and_left() {
    let told = scored("score", 700, &[], "oom-score");
    assert!(told.is_none_or(|told| told == "agent 700, runtime 700: killed no later than an app in front"));
}

#[test]
fn a_runtime_that_would_outlive_an_app_is_raised_unless_the_job_says_otherwise() {
    let told = scored("raised", -500, &[], "oom-score");
    let raised = "agent -500, runtime -500; the runtime was raised to 0, as an app in front";
    assert!(told.as_ref().is_none_or(|told| told == raised), "{told:?}");
    let told = scored("inherits", -500, &[("oom-score", "inherited")], "oom-score-protected");
    assert!(told.is_none_or(|told| told.contains("runtime -500, as inherited")));
}

#[test]
fn a_setting_that_is_accepted_and_not_told_is_marked() {
    let device = Device::phone();
    device.say("fixed", "");
    let (frames, reason, detail) = device.run(&job("blind", &[("fixed-performance", "on")]));
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let told = changes(&frames);
    assert_eq!(told[..2], ["fixed-performance: off -> on", "setting-unverified"]);
    assert_eq!(told.last().map(String::as_str), Some("fixed-performance = off"));
}

#[test]
fn a_setting_that_somebody_moves_is_told() {
    let device = Device::phone();
    let mut job = job("moved", &[("wifi", "off")]);
    job.phases.soak_ms = 60_000;
    device.start(&job);
    device.wait_for("moved", soaking);
    device.say("global.wifi_on", "2");
    assert!(device.output(&["stop", "--session", "run/moved"]).status.success());
    let told = changes(&device.finish("moved").0);
    assert_eq!(told[told.len() - 2..], ["setting-moved", "wifi = on"]);
}

#[test]
fn a_session_whose_setting_did_not_stay_was_not_measured_as_planned() {
    let device = Device::phone();
    device.say("slips.global.wifi_on", "2");
    let (frames, reason, detail) = device.run(&job("slips", &[("wifi", "off")]));
    assert_eq!(reason, FinishReason::SettingFailed);
    assert_eq!(detail, "wifi was off and is on at the end");
    let told = changes(&frames);
    assert_eq!(told, ["wifi: on -> off", "loading", "exited", "setting-moved", "wifi = on"]);
}

#[test]
fn what_a_killed_agent_changed_can_be_given_back_by_anybody() {
    let device = Device::phone();
    let mut job = job("killed", &[("airplane", "on"), ("wifi", "off")]);
    job.phases.soak_ms = 60_000;
    let started = device.start(&job);
    device.wait_for("killed", soaking);
    assert_eq!(restore(&device).0, Some(75), "a session runs");
    kill("-KILL", started.pid);
    wait_until(|| (device.status("killed").state == AgentState::Dead).then_some(()));
    // The radio does not come back at the first attempt.
    device.say("stuck", "");
    let (code, document) = restore(&device);
    assert_eq!(code, Some(4), "{document}");
    assert_eq!(document["restored"][0]["setting"], "airplane");
    assert_eq!(document["failed"][0]["setting"], "wifi");
    assert_eq!(document["failed"][0]["why"], "wifi was set to on and is off");
    fs::remove_file(device.outside().join("state/stuck")).expect("mended");
    let (code, document) = restore(&device);
    assert_eq!((code, &document["restored"][0]["value"]), (Some(0), &Value::from("on")));
    assert_eq!(state(&device), as_it_was());
    let (code, document) = restore(&device);
    assert_eq!((code, document["restored"].as_array().map(Vec::len)), (Some(0), Some(0)), "once is enough");
}

#[test]
fn an_agent_killed_at_any_moment_leaves_no_change_that_is_not_listed() {
    let device = Device::phone();
    for (index, millis) in [0, 12, 40].into_iter().enumerate() {
        let session = format!("moment-{index}");
        let mut job = job(&session, &[("airplane", "on"), ("wifi", "off"), ("stay-awake", "on")]);
        job.phases.soak_ms = 60_000;
        let started = device.start(&job);
        std::thread::sleep(std::time::Duration::from_millis(millis));
        kill("-KILL", started.pid);
        wait_until(|| (device.status(&session).state == AgentState::Dead).then_some(()));
        assert_eq!(restore(&device).0, Some(0));
        assert_eq!(state(&device), as_it_was(), "{millis} ms");
    }
}

#[test]
fn the_next_session_gives_back_what_a_dead_one_left() {
    let device = Device::phone();
    let mut dead = job("dead", &[("airplane", "on")]);
    dead.phases.soak_ms = 60_000;
    let started = device.start(&dead);
    device.wait_for("dead", soaking);
    kill("-KILL", started.pid);
    wait_until(|| (device.status("dead").state == AgentState::Dead).then_some(()));
    let (frames, reason, _) = device.run(&job("next", &[]));
    assert_eq!(reason, FinishReason::Completed);
    assert_eq!(changes(&frames)[..3], ["setting-leftover", "airplane = off", "loading"]);
    assert_eq!(state(&device), as_it_was());
}

#[test]
fn settings_that_make_no_sense_are_a_bad_job() {
    let device = Device::phone();
    for (session, settings, word) in [
        ("name", &[("gravity", "off")][..], "there is no setting gravity"),
        ("value", &[("airplane", "maybe")], "the setting airplane takes on or off, not maybe"),
        ("twice", &[("wifi", "off"), ("wifi", "on")], "the setting wifi is named twice"),
    ] {
        device.push(&job(session, settings));
        let output = device.output(&["start", "--session", &format!("run/{session}")]);
        assert_eq!(output.status.code(), Some(2), "{session}");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(words.contains(word), "{words}");
    }
}

#[test]
fn a_damaged_list_of_changes_stops_everything() {
    let device = Device::phone();
    fs::write(device.root().join("changes.json"), "{").expect("written");
    assert_eq!(restore(&device).0, Some(4));
    device.push(&job("unknown", &[]));
    let output = device.output(&["start", "--session", "run/unknown"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("then remove the file"),
        "the hint says what to do"
    );
}
