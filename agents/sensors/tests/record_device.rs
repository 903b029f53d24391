//! A device is recorded by the script, nothing private reaches the folder, and the folder is read as the device.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use edgesoak_protocol::Reason;
use edgesoak_sensors::{Bank, Root};

/// What must not be found anywhere in a recording.
const SECRETS: [&str; 12] = [
    "R58N1234ABC",
    "PACK-77-0042",
    "workshop-net",
    "aa:bb:cc:dd:ee:0f",
    "192.168.7.31",
    "fe80::1c2d:3e4f:5a6b:7c8d",
    "somebody@example.com",
    "490154203237518",
    "forklift 12",
    "Cold Store",
    "Two",
    "shelf-lamp",
];

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/record_device")
}

fn python() -> bool {
    let there = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        println!("skipped: python3 is not here");
    }
    there
}

fn program(dir: &Path, name: &str, script: &str) {
    let at = dir.join(name);
    fs::create_dir_all(dir).expect("a folder");
    fs::write(&at, format!("#!/bin/sh\n{script}")).expect("a program");
    fs::set_permissions(&at, fs::Permissions::from_mode(0o755)).expect("it is ours");
}

/// A stand-in for adb that runs what was pushed on this machine, with a phone's programs.
fn phone(dir: &Path) {
    let (bin, device) = (dir.join("bin"), dir.join("device"));
    let at = dir.display();
    program(
        &bin,
        "adb",
        &format!(
            "[ \"$1\" = -s ] && [ \"$2\" = R58N1234ABC ] || exit 1\nshift 2\ncase \"$1\" in\n\
             push) cp \"$2\" {at}/pushed ;;\nexec-out) PATH={}:$PATH exec sh {at}/pushed ;;\nshell) rm {at}/pushed ;;\nesac\n",
            device.display()
        ),
    );
    let text = |name: &str, text: &str| fs::write(dir.join(name), text).expect("a text");
    text("battery", include_str!("outputs/battery/pixel.txt"));
    text(
        "getprop",
        "[ro.product.model]: [Scanner 9]\n[ro.serialno]: [R58N1234ABC]\n[ro.boot.serialno]: [R58N1234ABC]\n\
         [persist.sys.device_name]: [forklift 12]\n[ro.build.version.sdk]: [34]\n[wifi.ssid]: [workshop-net]\n",
    );
    text(
        "thermal",
        "IsStatusOverride: false\nThermal Status: 0\nHAL Ready: true\nlistener of somebody@example.com at 192.168.7.31\n\
         peer fe80::1c2d:3e4f:5a6b:7c8d via aa:bb:cc:dd:ee:0f on ssid=\"workshop-net\", imei 490154203237518\n\
         serialnumber=PACK-77-0042 unit R58N1234ABC\nSSID: Cold Store Two, rssi=-61\nCurrent temperatures from HAL:\n\
         \tTemperature{mValue=31.5, mType=3, mName=SKIN, mStatus=0}\n",
    );
    program(&device, "getprop", &format!("[ $# -gt 0 ] || cat {at}/getprop\n"));
    // The history of broadcasts alone is larger than what is kept of any answer.
    let history = "  Sticky action android.intent.action.SHELF: shelf-lamp\n".repeat(40_000);
    let now = "  * Sticky action android.intent.action.BATTERY_CHANGED:\n    Intent: act=android.intent.action.BATTERY_CHANGED\n      \
        Bundle[{level=80, health_percentage=93, serialnumber=PACK-77-0042}]\n";
    text(
        "broadcasts",
        &[&history, now, "  Sticky action android.intent.action.SHELF: shelf-lamp\n"].concat(),
    );
    program(
        &device,
        "dumpsys",
        &format!(
            "case \"$1\" in\nbattery) cat {at}/battery ;;\nthermalservice) cat {at}/thermal ;;\nactivity) cat {at}/broadcasts ;;\n\
             *) echo \"Can't find service: $1\" ;;\nesac\n"
        ),
    );
}

fn record(dir: &Path, arguments: &[&str]) -> Output {
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", dir.join("bin").display());
    let script = script();
    Command::new("python3").arg(script).args(arguments).env("PATH", path).output().expect("python3 is here")
}

/// Every file below a folder, with its text.
fn texts(dir: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|at| {
            if at.is_dir() {
                texts(&at)
            } else {
                vec![(at.clone(), fs::read_to_string(&at).expect("a text"))]
            }
        })
        .collect()
}

#[test]
fn a_phone_is_recorded_without_its_secrets() {
    if !python() {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    phone(dir.path());
    let folder = dir.path().join("recorded");
    let output = record(dir.path(), &["--adb", "R58N1234ABC", folder.to_str().expect("a plain path")]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    for (at, text) in texts(&folder) {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {}:\n{text}", at.display());
        }
    }
    for what in [
        "serial number",
        "account",
        "IPv4 address",
        "IPv6 address",
        "MAC address",
        "IMEI",
        "property left out",
    ] {
        assert!(printed.contains(&format!("replaced: {what}, ")), "{what}: {printed}");
    }
    let channels = Bank::open(&Root::recorded(&folder)).probed();
    let value = |name: &str| {
        let channel = channels.iter().find(|channel| channel.name == name);
        channel.unwrap_or_else(|| panic!("{name} is not in the table")).value
    };
    assert_eq!(value("temperature/skin"), Some(31.5));
    assert!(value("battery/level").is_some());
    let facts = Bank::open(&Root::recorded(&folder)).facts();
    assert_eq!(facts.get("battery_health_percent").map(String::as_str), Some("93"), "{facts:?}");
    let model = folder.join("commands/getprop.txt");
    assert!(fs::read_to_string(model).expect("properties").contains("[ro.product.model]: [Scanner 9]"));
    assert!(!dir.path().join("pushed").exists(), "nothing stays on the device");
}

#[test]
fn this_machine_is_recorded_and_reads_the_same() {
    if !python() {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("recorded");
    let output = record(dir.path(), &["--local", folder.to_str().expect("a plain path")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let recorded = Bank::open(&Root::recorded(&folder)).probed();
    let live = Bank::open(&Root::live()).probed();
    // Everything below /sys and /proc that has a value here has one there, with the same name.
    for channel in live.iter().filter(|channel| channel.value.is_some() && channel.source.starts_with('/')) {
        let same = recorded.iter().find(|other| other.name == channel.name);
        let same = same.unwrap_or_else(|| panic!("{} was not recorded", channel.name));
        assert!(same.value.is_some() || same.missing == Some(Reason::Offline), "{same:?}");
        assert_eq!((same.unit, same.quantity), (channel.unit, channel.quantity));
    }
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let refused = fs::read_to_string(folder.join("refused.txt")).expect("a list, if an empty one");
    for line in refused.lines() {
        let (_, path) = line.split_once(' ').expect("an error and a path");
        assert!(printed.contains(&format!("could not read: {path}")), "{path}");
    }
    let again = record(dir.path(), &["--local", folder.to_str().expect("a plain path")]);
    assert_eq!(again.status.code(), Some(2), "a folder with something in it is left alone");
}
