//! A recorded phone and a served one show the same channels.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use edgesoak_protocol::probe::Probe;
use edgesoak_virtual_phone::profile::built_in_names;

use crate::device::{PHONE, Served};

/// What only a served phone shows, by the begin of its name, and why.
const SERVED_ONLY: [(&str, &str); 11] = [
    ("memory/free", "the kernel's own counter: nothing in the model moves it"),
    ("memory/major_faults", "the kernel's own counter: nothing in the model moves it"),
    ("memory/swap_ins", "the kernel's own counter: nothing in the model moves it"),
    ("pressure/", "the kernel's own counter: nothing in the model moves it"),
    ("network/", "the kernel's own counter: nothing in the model moves it"),
    ("battery/cycle_count", "it stays as it is for as long as a session lasts"),
    ("throttling/siop-level", "a property with a period of its own, which repeats the status"),
    ("temperature/", "tegrastats repeats the zones"),
    ("power/", "tegrastats and vcgencmd: a recorded board tells no power"),
    ("voltage/", "vcgencmd: a recorded board tells no voltage"),
    ("state/", "vcgencmd repeats the clocks' caps"),
];
/// What only a recorded phone shows, and why.
const RECORDED_ONLY: [(&str, &str); 1] =
    [("thermal/status", "an iPhone tells it to an app; a served one has no program that could ask")];

fn recorded(profile: &str) -> Probe {
    let home = tempfile::tempdir().expect("a folder");
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).expect("ours");
    fs::write(home.path().join("phone.toml"), format!("profile = \"{profile}\"\n")).expect("room");
    let output = Command::new(PHONE).args(["probe", "--home"]).arg(home.path()).output();
    let output = output.expect("the phone can be executed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one document")
}

fn is_excepted(exceptions: &[(&str, &str)], profile: &str, name: &str) -> bool {
    let is_board = ["jetson-handheld", "pi-board"].contains(&profile);
    // Zones are the same on both; only the boards' programs may tell more of them.
    let is_told = !name.starts_with("temperature/") || is_board;
    is_told && exceptions.iter().any(|(begin, _)| name.starts_with(begin))
}

#[test]
fn both_faces_show_the_same_channels() {
    for profile in built_in_names() {
        let (recorded, served) = (recorded(profile), Served::start(&["--profile", profile]).probe());
        let names = |probe: &Probe| -> BTreeSet<String> {
            probe.channels.iter().map(|channel| channel.name.clone()).collect()
        };
        let (in_recording, in_served) = (names(&recorded), names(&served));
        for name in in_recording.difference(&in_served) {
            let is_known = profile == "iphone-class" && is_excepted(&RECORDED_ONLY, profile, name);
            assert!(is_known, "{profile}: only a recording has {name}");
        }
        // A probe says of much that it is not there; the table of a recording leaves it out.
        for channel in served.channels.iter().filter(|channel| channel.missing.is_none()) {
            let is_known =
                in_recording.contains(&channel.name) || is_excepted(&SERVED_ONLY, profile, &channel.name);
            assert!(is_known, "{profile}: only a served phone has {}", channel.name);
        }
        assert_sources(profile, &recorded, &served);
    }
}

/// One name is one place on both.
fn assert_sources(profile: &str, recorded: &Probe, served: &Probe) {
    for channel in &recorded.channels {
        let same = served.channels.iter().find(|other| other.name == channel.name);
        let Some(same) = same else { continue };
        assert_eq!(
            (channel.quantity, channel.unit, &channel.source),
            (same.quantity, same.unit, &same.source),
            "{profile}: {}",
            channel.name
        );
    }
}
