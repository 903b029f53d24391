//! What the real agent learns of a served phone.

use std::collections::BTreeMap;

use edgesoak_protocol::units::Nanos;
use edgesoak_protocol::{Quantity, Reason};
use edgesoak_virtual_phone::profile::Os;
use edgesoak_virtual_phone::telemetry::{FAST, SLOW};
use edgesoak_virtual_phone::{Body, Load, Profile, Surroundings, Telemetry};

use crate::device::Served;

/// A probe comes within so many seconds of the phone's life.
const WITHIN_S: u64 = 120;

/// Smallest and largest value that each file of a phone may show in that time, at rest.
fn bounds(profile: &Profile) -> BTreeMap<String, (f64, f64)> {
    let telemetry = Telemetry::new(profile);
    let mut body = Body::new(profile, 0, Surroundings::ROOM).expect("a room");
    let first_mean = profile.gauge.as_ref().map_or(0, |gauge| gauge.refresh_ms);
    body.advance(Nanos::from_millis(first_mean), &Load::Idle);
    let (mut bounds, mut values) = (BTreeMap::new(), Vec::new());
    for _ in 0..WITHIN_S * 10 {
        for group in [FAST, SLOW] {
            telemetry.sample(body.state(), group, &mut values);
            let specs =
                telemetry.specs().filter(|spec| spec.group == group && spec.source.starts_with("/sys"));
            for (spec, raw) in specs.zip(&values) {
                let value = spec.value(raw.0).expect("a body shows everything");
                let (least, most) = bounds.entry(spec.source.clone()).or_insert((value, value));
                (*least, *most) = (least.min(value), most.max(value));
            }
        }
        body.advance(Nanos::from_millis(100), &Load::Idle);
    }
    bounds
}

/// What a vendor's unit rounds away.
fn step(quantity: Quantity) -> f64 {
    match quantity {
        Quantity::Temperature => 0.1,
        Quantity::Current => 1e-3,
        _ => 1e-9,
    }
}

fn assert_readable(name: &str) {
    let profile = Profile::built_in(name).expect("built in");
    let served = Served::start(&["--profile", name]);
    let probe = served.probe();
    assert!(probe.is_virtual, "{name}");
    assert_eq!(probe.boot_id, served.text("proc/sys/kernel/random/boot_id").trim());
    for (source, (least, most)) in bounds(&profile) {
        let channel = probe.channels.iter().find(|channel| channel.source == source);
        let channel = channel.unwrap_or_else(|| panic!("{name}: {source} is no channel"));
        if channel.missing == Some(Reason::NotATemperature) && channel.name.contains("adc") {
            // The agent takes a zone of that name for a converter.
            continue;
        }
        let value = channel.value.unwrap_or_else(|| panic!("{name}: {source} is {:?}", channel.missing));
        // The agent leaves the vendor's sign as it is.
        let value = if channel.quantity == Quantity::Current && value * least < 0.0 { -value } else { value };
        let step = step(channel.quantity);
        assert!(
            (least - step..=most + step).contains(&value),
            "{name}: {source}: {value}, not {least} to {most}"
        );
    }
    for command in probe.commands.iter().filter(|command| {
        ["dumpsys thermalservice", "dumpsys battery", "vcgencmd", "tegrastats"]
            .iter()
            .any(|known| command.command.starts_with(known))
    }) {
        assert_eq!(command.missing, None, "{name}: {}", command.command);
    }
    let is_android = !matches!(profile.face.os, Os::LinuxBoard | Os::IosLike);
    assert_eq!(is_android, probe.facts.contains_key("manufacturer"), "{name}: {:?}", probe.facts);
    assert_services(name, &profile, &probe, is_android);
}

/// The services say what the files say.
fn assert_services(name: &str, profile: &Profile, probe: &edgesoak_protocol::probe::Probe, is_android: bool) {
    let of = |source: &str, quantity: Quantity| {
        let mut channels = probe.channels.iter();
        channels.find(|channel| channel.source.contains(source) && channel.quantity == quantity)
    };
    if !is_android {
        return;
    }
    for quantity in [Quantity::Temperature, Quantity::ThermalStatus, Quantity::CoolingState] {
        let channel = of("dumpsys thermalservice", quantity).expect("the service tells");
        assert!(channel.value.is_some(), "{name}: {channel:?}");
    }
    let level = of("dumpsys battery", Quantity::ChargeLevel).expect("the service tells");
    assert_eq!(level.value, Some(80.0), "{name}");
    let current = of("dumpsys battery", Quantity::Current);
    assert_eq!(current.is_some(), profile.face.os == Os::AndroidSamsung, "{name}: only one vendor prints it");
    let facts = |fact: &str| probe.facts.get(fact).map(String::as_str);
    match profile.face.os {
        Os::Zebra => assert_eq!(facts("battery_decommission"), Some("0")),
        Os::Honeywell => assert_eq!(facts("battery_swapping"), Some("false")),
        _ => assert_eq!(facts("battery_swapping"), None),
    }
}

#[test]
fn phones_are_readable() {
    for name in ["tensor-phone", "snapdragon8-phone", "exynos-mid", "iphone-class"] {
        assert_readable(name);
    }
}

#[test]
fn scanners_and_boards_are_readable() {
    for name in ["sm6115-scanner", "sdm660-scanner", "jetson-handheld", "pi-board"] {
        assert_readable(name);
    }
}

#[test]
fn settings_can_be_turned() {
    let served = Served::start(&["--profile", "tensor-phone"]);
    let program = |name: &str, words: &[&str]| {
        let output =
            std::process::Command::new(served.root().join("programs").join(name)).args(words).output();
        String::from_utf8(output.expect("it runs").stdout).expect("text").trim().to_owned()
    };
    assert_eq!(program("settings", &["get", "global", "wifi_on"]), "1");
    program("svc", &["wifi", "disable"]);
    assert_eq!(program("settings", &["get", "global", "wifi_on"]), "0");
    program("settings", &["put", "system", "screen_off_timeout", "120000"]);
    assert_eq!(program("settings", &["get", "system", "screen_off_timeout"]), "120000");
    program("settings", &["put", "../../proc", "x", "1"]);
    assert_eq!(program("settings", &["get", "system", "nothing"]), "null");
    assert_eq!(program("getprop", &["ro.nothing"]), "");
    assert_eq!(program("dumpsys", &["nothing"]), "");
    assert!(!served.root().join("proc/x.txt").exists());
}
