//! Outputs of real devices, published by others and kept outside this repository.

use std::fs;
use std::path::Path;

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::{Capture, Kind};

use super::{expect, flag, number, word};

fn published(kind: Kind, path: &str) -> Option<Capture> {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/captures");
    if !captures.is_dir() {
        println!("skipped: the published captures are not beside this repository");
        return None;
    }
    Some(kind.parse(&fs::read_to_string(captures.join(path)).expect("a capture can be read")))
}

#[test]
fn published_dumps_of_the_battery_service() {
    let Some(pixel) = published(Kind::Battery, "pixel-generic/dumpsys-battery.android10.txt") else { return };
    expect(
        &pixel,
        &[
            ("battery/level", Ok(94.0)),
            ("battery/voltage", Ok(4248.0)),
            ("battery/temperature", Ok(28.1)),
            ("battery/charge_counter", Ok(2_448_973.0)),
            ("battery/max_charging_current", Ok(1500.0)),
            ("battery/max_charging_voltage", Ok(5000.0)),
        ],
    );
    assert_eq!(flag(&pixel, "plugged"), Some(true));
    assert_eq!(word(&pixel, "plugged_by"), Some("ac"));
    assert_eq!((number(&pixel, "status"), flag(&pixel, "charging")), (Some(2), Some(true)));

    let a15 = published(Kind::Battery, "samsung-a15-sma155m-android16/dumpsys-battery.trimmed.txt");
    let a15 = a15.expect("the captures are there");
    expect(
        &a15,
        &[
            ("battery/level", Ok(99.0)),
            ("battery/voltage", Ok(4378.0)),
            ("battery/temperature", Ok(25.7)),
            ("battery/charge_counter", Ok(3_988_000.0)),
            ("battery/max_charging_current", Err(Reason::Sentinel)),
            ("battery/current", Ok(587.0)),
            ("battery/log/current_avg", Ok(824.0)),
            ("battery/log/charge_counter", Ok(3_988_000.0)),
            ("battery/health_percent", Ok(100.0)),
        ],
    );
    assert_eq!(flag(&a15, "draining_while_charging"), Some(false));
    assert_eq!(number(&a15, "log_entries"), Some(5));
    assert_eq!(number(&a15, "capacity_level"), Some(-1));
    assert_eq!(word(&a15, "current_unit"), Some("mA"));

    let s23 = published(Kind::Battery, "samsung-s23-sms9110-android16/dumpsys-battery.trimmed.txt");
    let s23 = s23.expect("the captures are there");
    expect(
        &s23,
        &[
            ("battery/level", Ok(44.0)),
            ("battery/voltage", Ok(3908.0)),
            ("battery/temperature", Ok(42.2)),
            ("battery/charge_counter", Ok(1_633_905.0)),
            ("battery/current", Ok(559.0)),
            ("battery/log/current_avg", Ok(-257.0)),
        ],
    );
    assert_eq!(word(&s23, "plugged_by"), Some("usb"));
    assert_eq!(flag(&s23, "draining_while_charging"), Some(true));
    assert_eq!((flag(&s23, "faked"), flag(&s23, "discharging")), (Some(false), Some(false)));
}

#[test]
fn published_supplies() {
    let Some(mi8) = published(Kind::Uevent, "xiaomi-mi8-android9/acc-info-uevent.charging.txt") else {
        return;
    };
    expect(
        &mi8,
        &[
            ("battery/level", Ok(50.0)),
            ("battery/voltage", Ok(3888.173)),
            ("battery/current", Ok(-326.171)),
            ("battery/temperature", Ok(29.0)),
            ("battery/charger_temperature", Ok(32.5)),
            ("battery/charge_counter", Ok(1_528_169.0)),
            ("battery/charge_full", Ok(3_346_000.0)),
            ("battery/charge_current_max", Ok(3300.0)),
            ("battery/cycle_count", Ok(176.0)),
            ("battery/voltage_qnovo", Err(Reason::Sentinel)),
            ("battery/current_qnovo", Err(Reason::Sentinel)),
        ],
    );
    assert_eq!(word(&mi8, "status"), Some("Charging"));
    assert_eq!(word(&mi8, "current_sign"), Some("negative-charges"));
    assert_eq!(flag(&mi8, "charging"), Some(true));

    let pixel = published(Kind::Uevent, "pixel3a-android9/acc-info-uevent.charge-disabled-on-usb.txt");
    let pixel = pixel.expect("the captures are there");
    expect(
        &pixel,
        &[
            ("battery/level", Ok(44.0)),
            ("battery/voltage", Ok(3815.175)),
            ("battery/current", Ok(0.976)),
            ("battery/temperature", Ok(31.3)),
            ("battery/voltage_qnovo", Err(Reason::Sentinel)),
        ],
    );
    assert_eq!(flag(&pixel, "charge_disabled"), Some(true));
    assert_eq!((flag(&pixel, "charging"), flag(&pixel, "discharging")), (Some(false), Some(false)));

    let laptop = published(Kind::Uevent, "x86-laptop-procfs/power-supply-bat0-ac.txt");
    let laptop = laptop.expect("the captures are there");
    expect(
        &laptop,
        &[
            ("battery/bat0/level", Ok(85.0)),
            ("battery/bat0/voltage", Ok(11_750.0)),
            ("battery/bat0/power", Ok(5064.0)),
            ("battery/bat0/energy_now", Ok(40_730_000.0 * 3.6)),
            ("battery/bat0/current", Err(Reason::Absent)),
            ("battery/bat0/temperature", Err(Reason::Absent)),
            ("battery/bat0/cycle_count", Err(Reason::Sentinel)),
        ],
    );
    assert_eq!(number(&laptop, "online/ac"), Some(0));
    assert_eq!(flag(&laptop, "discharging"), Some(true));
    assert!(!format!("{laptop:?}").contains("38109"));
}

#[test]
fn published_extras_of_scanners() {
    let Some(tc26) = published(Kind::BatteryIntent, "zebra-tc26/battery-changed-intent-uri.txt") else {
        return;
    };
    expect(
        &tc26,
        &[
            ("battery/level", Ok(100.0)),
            ("battery/voltage", Ok(4339.0)),
            ("battery/temperature", Ok(33.0)),
            ("battery/charge_counter", Ok(3_335_150.0)),
            ("battery/rated_capacity", Ok(3_300_000.0)),
            ("battery/base_cumulative_charge", Ok(61_149_000.0)),
            ("battery/usage_count", Ok(18.0)),
        ],
    );
    assert_eq!((number(&tc26, "battery_decommission"), number(&tc26, "health")), (Some(0), Some(2)));
    assert_eq!(word(&tc26, "battery_family"), Some("PP"));
    assert_eq!(word(&tc26, "partnumber"), Some("BT-000409-50 R.B"));
    assert_eq!(word(&tc26, "serialnumber"), Some("redacted"));
    assert!(!format!("{tc26:?}").contains("T0000"));

    let tc56 = published(Kind::BatteryIntent, "zebra-tc56/battery-changed-intent-uri.txt");
    let tc56 = tc56.expect("the captures are there");
    expect(
        &tc56,
        &[
            ("battery/level", Ok(3.0)),
            ("battery/voltage", Ok(3177.0)),
            ("battery/temperature", Ok(37.7)),
            ("battery/charge_counter", Err(Reason::Sentinel)),
            ("battery/backup/voltage", Err(Reason::Sentinel)),
            ("battery/health_percent", Ok(97.0)),
            ("battery/present_capacity", Ok(3_586_000.0)),
            ("battery/present_charge", Ok(171_000.0)),
            ("battery/total_cumulative_charge", Ok(240_323_000.0)),
            ("battery/time_to_empty", Ok(7.0)),
            ("battery/time_to_full", Err(Reason::Sentinel)),
        ],
    );
    assert_eq!(word(&tc56, "battery_family"), Some("PP+"));
    assert!(!format!("{tc56:?}").contains("T0000"));
}

#[test]
fn published_extras_of_others() {
    let read = |path: &str| published(Kind::BatteryIntent, path);
    let Some(ct37) = read("honeywell-ct37/battery-changed-intent-uri.txt") else { return };
    expect(
        &ct37,
        &[
            ("battery/level", Ok(10.0)),
            ("battery/charge_counter", Ok(310_251.0)),
            ("battery/backup/voltage", Ok(3933.0)),
            ("battery/cycle_count", Err(Reason::Sentinel)),
        ],
    );
    assert_eq!((flag(&ct37, "battery_swapping"), flag(&ct37, "plugged")), (Some(false), Some(true)));

    let pixel = read("pixel9/battery-changed-intent-uri.txt").expect("the captures are there");
    expect(
        &pixel,
        &[
            ("battery/level", Ok(80.0)),
            ("battery/charge_counter", Ok(3_912_500.0)),
            ("battery/cycle_count", Ok(139.0)),
            ("battery/max_charging_current", Ok(500.0)),
        ],
    );
    assert_eq!((number(&pixel, "status"), flag(&pixel, "charging")), (Some(4), Some(false)));

    let xcover = read("samsung-xcover5-smg525f/battery-changed-extras.pogo-full.txt");
    let xcover = xcover.expect("the captures are there");
    expect(&xcover, &[("battery/current", Ok(-7.0)), ("battery/level", Err(Reason::Absent))]);
    assert_eq!(number(&xcover, "current_event"), Some(1_073_774_592));
    assert_eq!(flag(&xcover, "plugged"), Some(true));
}

#[test]
fn published_rails_and_counters() {
    let Some(odpm) = published(Kind::Odpm, "pixel6-gs101/odpm-energy_value.txt") else { return };
    assert_eq!(odpm.readings().len(), 16);
    expect(
        &odpm,
        &[
            ("rail/s10m_vdd_tpu", Ok(5578.756)),
            ("rail/vsys_pwr_modem", Ok(29_110.94)),
            ("rail/vsys_pwr_display", Ok(81_221.665)),
        ],
    );
    assert_eq!(number(&odpm, "iio:device0/time_ms"), Some(349_894));
    assert_eq!(number(&odpm, "duplicate_rails"), None);

    let rapl =
        published(Kind::Rapl, "x86-laptop-procfs/powercap-intel-rapl.txt").expect("the captures are there");
    expect(
        &rapl,
        &[
            ("rapl/package-0", Ok(240_422_366.267)),
            ("rapl/package-0/core", Ok(118_821_284.256)),
            ("rapl/package-10", Ok(240_422_366.267)),
        ],
    );
    assert_eq!(rapl.readings().len(), 3);
    assert_eq!(number(&rapl, "wraps_at_uj/package-0/core"), Some(262_143_328_850));
}
