//! `probe` on live and recorded systems, and `settings`.

use std::fs;
use std::process::Command;

use edgesoak_protocol::probe::Probe;
use serde_json::{Value, json};

use crate::device::Device;

fn document(output: &std::process::Output) -> Probe {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one document")
}

#[test]
fn a_recorded_folder_needs_no_home() {
    let folder = tempfile::tempdir().expect("a directory");
    let commands = folder.path().join("commands");
    fs::create_dir(&commands).expect("made");
    fs::write(
        commands.join("dumpsys_battery.txt"),
        "Current Battery Service state:\n  status: 3\n  level: 40\n  \
        scale: 100\n  voltage: 3800\n  temperature: 301\n",
    )
    .expect("written");
    fs::write(commands.join("settings_get_global_airplane_mode_on.txt"), "1\n").expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_edgesoak-agent"))
        .args(["probe", "--watch", "1", "--root"])
        .arg(folder.path())
        .output()
        .expect("the agent can be executed");
    let probe = document(&output);
    assert_eq!(probe.storage_free_bytes, None);
    assert_eq!(probe.facts["airplane"], "on");
    assert!(!probe.facts.contains_key("wifi"), "what was not recorded is no fact: {:?}", probe.facts);
    let level =
        probe.channels.iter().find(|channel| channel.name == "battery/level").expect("it was recorded");
    assert_eq!((level.value, level.raw.is_empty()), (Some(40.0), false));
    assert!(
        probe
            .commands
            .iter()
            .any(|command| command.command == "dumpsys battery" && command.missing.is_none())
    );
    let default = edgesoak_protocol::quality::Quality::default();
    assert!(probe.channels.iter().all(|channel| channel.quality == default), "a record never changes");
}

#[test]
fn a_folder_that_is_not_there_is_no_device_without_sensors() {
    for command in ["probe", "settings"] {
        let output = Command::new(env!("CARGO_BIN_EXE_edgesoak-agent"))
            .args([command, "--root", "/there/is/none"])
            .output()
            .expect("the agent can be executed");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{command}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("there is no folder /there/is/none"));
    }
}

#[test]
fn watching_tells_how_far_channels_can_be_trusted() {
    let device = Device::new();
    let probe = document(&device.output(&["probe", "--watch", "1"]));
    let busy = probe.channels.iter().find(|channel| channel.quality.resolution.is_some());
    assert!(
        busy.is_some_and(|channel| channel.quality.resolution > Some(0.0)),
        "processor time moves in a second"
    );
}

#[test]
fn settings_are_values_or_reasons() {
    let device = Device::phone();
    let output = device.output(&["settings"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let states: Value = serde_json::from_slice(&output.stdout).expect("one document");
    let state = |name: &str| states.as_array().into_iter().flatten().find(|state| state["setting"] == name);
    let told = |value: &str| json!({ "value": value, "reason": null });
    let missing = |reason: &str| json!({ "value": null, "reason": reason });
    for (name, wanted) in [
        ("stay-awake", told("3")),
        ("screen", told("on")),
        ("screen-off-timeout", told("60000")),
        ("brightness", missing("absent")),
        ("doze", told("on")),
        ("zen", told("off")),
        ("thermal-override", missing("command-missing")),
        ("fixed-performance", missing("absent")),
        ("airplane", told("off")),
        ("wifi", told("on")),
        ("charging", missing("absent")),
    ] {
        let state = state(name).expect("every setting is told");
        assert_eq!((&state["value"], &state["reason"]), (&wanted["value"], &wanted["reason"]), "{name}");
    }
}
