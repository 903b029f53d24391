//! One test for each rule that a number, a sign or a state has to obey.

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::Kind;

use super::{KINDS, flag, number, own, parsed, value, word};

#[test]
fn what_was_set_by_hand_is_no_measurement() {
    let capture = parsed(Kind::Battery, "faked");
    assert_eq!(flag(&capture, "faked"), Some(true));
    assert_eq!(flag(&capture, "discharging"), Some(false));
    for reading in capture.readings() {
        assert_eq!(reading.value, Err(Reason::Stale), "{}", reading.channel);
    }
    for line in ["USE_FAKE_BATTERY: true", "Current OPLUS Battery Service state:\n  UpdatesStopped: true"] {
        let capture = Kind::Battery.parse(&format!("Current Battery Service state:\n  level: 50\n{line}\n"));
        assert_eq!(flag(&capture, "faked"), Some(true), "{line}");
        assert_eq!(value(&capture, "battery/level"), Err(Reason::Stale));
    }
}

#[test]
fn refusals_are_reasons() {
    for (kind, name, channel, reason) in [
        (Kind::Battery, "refused", "battery/level", Reason::Denied),
        (Kind::Battery, "no_service", "battery/voltage", Reason::CommandMissing),
        (Kind::BatteryIntent, "no_broadcast", "battery/level", Reason::CommandMissing),
        (Kind::Uevent, "refused", "battery/current", Reason::Denied),
        (Kind::Uevent, "partly_refused", "battery/current", Reason::Denied),
        (Kind::Uevent, "partly_refused", "battery/charge_full_design", Reason::Denied),
        (Kind::Uevent, "partly_refused", "battery/voltage", Reason::Absent),
        (Kind::Odpm, "refused", "rail/any", Reason::Denied),
        (Kind::Powerstats, "no_service", "rail/any", Reason::CommandMissing),
        (Kind::Rapl, "server_without_root", "rapl/package-1", Reason::Denied),
        (Kind::Rapl, "recorded_folder", "rapl/package-0/dram", Reason::Denied),
        (Kind::Rapl, "virtual_machine", "rapl/any", Reason::Absent),
    ] {
        assert_eq!(value(&parsed(kind, name), channel), Err(reason), "{name}");
    }
    for kind in KINDS {
        let empty = kind.parse("");
        assert!(!empty.readings().is_empty(), "{kind:?} is silent about an empty text");
        assert!(empty.readings().iter().all(|reading| reading.value == Err(Reason::Absent)), "{kind:?}");
    }
}

#[test]
fn a_suspended_input_proves_nothing_about_discharging() {
    let capture = parsed(Kind::Uevent, "partly_refused");
    assert_eq!(flag(&capture, "input_suspend"), Some(true));
    assert_eq!(flag(&capture, "plugged"), None);
    assert_eq!(flag(&capture, "discharging"), None);
    assert_eq!(flag(&parsed(Kind::Uevent, "laptop"), "discharging"), Some(true));
    assert_eq!(flag(&parsed(Kind::Battery, "pixel"), "discharging"), Some(true));
    assert_eq!(flag(&parsed(Kind::Battery, "samsung_milliampere"), "discharging"), Some(false));
}

#[test]
fn a_pack_that_is_being_swapped_proves_nothing() {
    let capture = parsed(Kind::BatteryIntent, "honeywell");
    assert_eq!(flag(&capture, "battery_swapping"), Some(true));
    assert_eq!(number(&capture, "status"), Some(3));
    assert_eq!(flag(&capture, "discharging"), Some(false));
    let removed = parsed(Kind::Uevent, "pack_removed");
    assert!(removed.readings().iter().all(|reading| reading.value == Err(Reason::Absent)));
}

#[test]
fn signs_differ_by_vendor_and_are_told() {
    for (kind, name, sign) in [
        (Kind::Uevent, "mi", Some("negative-charges")),
        (Kind::Uevent, "gauge_beside_battery", Some("negative-charges")),
        (Kind::Uevent, "huawei_milliampere", Some("positive-charges")),
        (Kind::Uevent, "pixel_with_charging_disabled", None),
        (Kind::Battery, "samsung_microampere", Some("positive-charges")),
        (Kind::Battery, "oneplus", Some("negative-charges")),
    ] {
        assert_eq!(word(&parsed(kind, name), "current_sign"), sign, "{name}");
    }
    assert_eq!(word(&parsed(Kind::Uevent, "gauge_beside_battery"), "preferred_supply"), Some("bms"));
}

#[test]
fn serial_numbers_are_nowhere() {
    for (kind, name, serial) in [
        (Kind::BatteryIntent, "zebra_power_precision", "A1B2C3"),
        (Kind::BatteryIntent, "zebra_power_precision_plus", "Z99"),
        (Kind::Uevent, "gauge_beside_battery", "4400117"),
        (Kind::Uevent, "laptop", "2217"),
    ] {
        let files = own(kind);
        let (_, text) = files.iter().find(|(found, _)| found == name).expect("the capture is there");
        assert!(text.contains(serial));
        assert!(!format!("{:?}", kind.parse(text)).contains(serial), "{name}");
    }
}
