//! One test for each rule that a number, a sign or a state has to obey.

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::Kind;

use super::{KINDS, expect, flag, number, own, parsed, value, word};

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
fn a_log_before_the_answer_hides_nothing_of_it() {
    let log = "avc: x: Permission denied\n";
    for (rest, faked) in [("", false), ("  (UPDATES STOPPED -- use 'reset' to restart)\n", true)] {
        let text = [log, "Current Battery Service state:\n", rest, "  level: 50\n"].concat();
        let capture = Kind::Battery.parse(&text);
        assert_eq!(flag(&capture, "faked"), Some(faked));
        assert_eq!(
            value(&capture, "battery/voltage"),
            value(&Kind::Battery.parse(&text[log.len()..]), "battery/voltage")
        );
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

#[test]
fn units_that_lie_are_found_or_refused() {
    let of = |kind, name, expected: &[(&str, Result<f64, Reason>)]| expect(&parsed(kind, name), expected);
    of(Kind::Battery, "samsung_milliampere", &[("battery/current", Ok(441.0))]);
    of(Kind::Battery, "samsung_microampere", &[("battery/current", Ok(-412.3))]);
    of(Kind::Battery, "xiaomi_milliampere_hours", &[("battery/charge_counter", Ok(1_311_000.0))]);
    of(
        Kind::Battery,
        "settop_with_nonsense",
        &[
            ("battery/voltage", Err(Reason::Implausible)),
            ("battery/temperature", Err(Reason::Implausible)),
            ("battery/charge_counter", Err(Reason::Implausible)),
        ],
    );
    of(
        Kind::Uevent,
        "pixel_with_charging_disabled",
        &[
            ("battery/voltage", Ok(3849.02)),
            ("battery/voltage_max", Ok(4400.0)),
            ("battery/current", Ok(1.22)),
        ],
    );
    of(Kind::Uevent, "huawei_milliampere", &[("battery/current", Ok(-388.0))]);
    of(Kind::Uevent, "laptop", &[("battery/bat1/energy_now", Ok(110_808_000.0))]);
    of(Kind::BatteryIntent, "generic_tablet", &[("battery/level", Ok(100.0))]);
    of(Kind::BatteryIntent, "samsung_rugged", &[("battery/current", Ok(-12.0))]);
}

#[test]
fn a_key_counts_in_its_own_block_at_its_first_line() {
    expect(
        &parsed(Kind::Battery, "oneplus"),
        &[
            ("battery/level", Ok(74.0)),
            ("battery/temperature", Ok(33.4)),
            ("temperature/phonetemp", Ok(34.1)),
        ],
    );
    let log = parsed(Kind::Battery, "samsung_milliampere");
    expect(&log, &[("battery/level", Ok(58.0)), ("battery/log/current_avg", Ok(-318.0))]);
    assert_eq!(flag(&log, "draining_while_charging"), Some(true));
    let broadcasts = parsed(Kind::BatteryIntent, "sticky_broadcasts");
    expect(&broadcasts, &[("battery/level", Ok(80.0)), ("battery/voltage", Ok(4187.0))]);
    assert_eq!(number(&broadcasts, "status"), Some(4));
}

#[test]
fn energy_is_counted_once_and_only_where_it_was_measured() {
    let twice = parsed(Kind::Odpm, "one_rail_twice");
    assert_eq!(number(&twice, "duplicate_rails"), Some(2));
    let values = twice.readings().iter().filter(|reading| reading.name == "S1M_VDD_MIF");
    assert!(values.clone().count() == 2 && values.clone().all(|reading| reading.value == Err(Reason::Parse)));
    let meter = parsed(Kind::Powerstats, "hal2");
    assert_eq!(meter.readings().len(), 3, "consumers are modelled and residencies are times");
    expect(
        &parsed(Kind::Powerstats, "hal2_delta"),
        &[("rail/s2s_vdd_g3d", Ok(21_715.5)), ("rail/s2s_vdd_g3d/delta", Ok(14_000.49))],
    );
    expect(
        &parsed(Kind::Powerstats, "hal2_first_delta"),
        &[("rail/s2s_vdd_g3d", Ok(21_715.5)), ("rail/s2s_vdd_g3d/delta", Err(Reason::Sentinel))],
    );
    let rapl = parsed(Kind::Rapl, "laptop");
    assert_eq!(rapl.readings().len(), 4, "the same counters appear again under another name");
    expect(
        &rapl,
        &[
            ("rapl/package-0", Ok(91_200_448.127)),
            ("rapl/package-0/core", Ok(30_118_440.019)),
            ("rapl/package-0/uncore", Err(Reason::Sentinel)),
            ("rapl/package-0/dram", Err(Reason::Implausible)),
        ],
    );
    assert_eq!(number(&rapl, "wraps_at_uj/package-0"), Some(262_143_328_850));
}
