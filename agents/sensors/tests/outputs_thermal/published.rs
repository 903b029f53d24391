//! Outputs of real devices, published by others and kept outside this repository.

use std::fs;
use std::path::Path;

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::{Capture, Fact, Kind};

use super::{assert_reads, value};

const NONE: Result<f64, Reason> = Err(Reason::Sentinel);
const OTHER: Result<f64, Reason> = Err(Reason::NotATemperature);

fn parsed(kind: Kind, file: &str) -> Option<Capture> {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/captures");
    if !captures.is_dir() {
        println!("skipped: the published captures are not beside this repository");
        return None;
    }
    Some(kind.parse(&fs::read_to_string(captures.join(file)).expect("a capture can be read")))
}

fn fact<'a>(capture: &'a Capture, name: &str) -> Option<&'a Fact> {
    capture.facts().get(name)
}

fn word(text: &str) -> Fact {
    Fact::Word(text.to_owned())
}

#[test]
fn a_phone_whose_cache_is_older_than_its_hal() {
    let file = "samsung-a15-sma155m-android16/thermalservice.aidl3.txt";
    let Some(capture) = parsed(Kind::Thermalservice, file) else { return };
    assert_reads(
        &capture,
        &[
            ("AP", Ok(30.9)),
            ("BAT", Ok(24.8)),
            ("PA", Ok(29.1)),
            ("SKIN", Ok(28.3)),
            ("SUBBAT", NONE),
            ("USB", Ok(26.3)),
        ],
    );
    assert_eq!(fact(&capture, "thermal_status"), Some(&Fact::Number(0)));
    assert_eq!(fact(&capture, "status_override"), Some(&Fact::Flag(false)));
    assert_eq!(fact(&capture, "hal_ready"), Some(&Fact::Flag(true)));
    assert_eq!(fact(&capture, "hal"), Some(&word("AIDL 3")));
    assert_eq!(fact(&capture, "hal_connected"), Some(&Fact::Flag(true)));
    assert_eq!(
        fact(&capture, "hot_thresholds/skin"),
        Some(&word("36.0, 38.0, 40.0, 42.0, 45.0, 60.0, 90.0"))
    );
    assert_eq!(fact(&capture, "hot_thresholds/bat"), Some(&word("NaN, NaN, NaN, NaN, NaN, 55.0, 85.0")));
    assert_eq!(fact(&capture, "cold_thresholds/skin"), None);
    assert_eq!(
        fact(&capture, "headroom_thresholds"),
        Some(&word("NaN, 0.8666667, 0.93333334, 1.0, 1.1, 1.6, 2.6"))
    );
}

#[test]
fn a_phone_without_second_battery_and_socket_sensor() {
    let Some(capture) = parsed(Kind::Thermalservice, "samsung-a52-5g-android12/thermalservice.hal20.txt")
    else {
        return;
    };
    assert_reads(
        &capture,
        &[
            ("AP", Ok(25.6)),
            ("BAT", Ok(23.8)),
            ("LRB", Ok(24.7)),
            ("LRF", Ok(24.7)),
            ("LRP", Ok(24.7)),
            ("PA", Ok(25.7)),
            ("SUBBAT", NONE),
            ("SUBBATRAW", NONE),
            ("USB", NONE),
        ],
    );
    assert_eq!(fact(&capture, "hal"), Some(&word("2.0")));
}

#[test]
fn a_phone_whose_vendor_counts_types_from_one() {
    let Some(capture) = parsed(Kind::Thermalservice, "samsung-android9-sdhms/thermalservice.hal-sdhms.txt")
    else {
        return;
    };
    assert_reads(
        &capture,
        &[
            ("TYPE_CPU", Ok(24.0)),
            ("TYPE_BATTERY", Ok(24.4)),
            ("TYPE_SKIN", Ok(25.3)),
            ("TYPE_USB_PORT", Ok(24.2)),
            ("TYPE_POWER_AMPLIFIER", NONE),
            ("TYPE_CPU", Ok(0.0)),
            ("TYPE_GPU", Ok(0.0)),
            ("TYPE_BATTERY", Ok(0.0)),
            ("TYPE_MODEM", Ok(1.0)),
        ],
    );
    assert_eq!(value(&capture, "cooling/type_modem"), Ok(1.0));
    assert_eq!(fact(&capture, "hal"), Some(&word("Sdhms")));
}

#[test]
fn a_phone_with_many_sensors_and_cooling_devices() {
    let Some(capture) = parsed(Kind::Thermalservice, "pixel-sdm670-class/thermalservice.android10-hal20.txt")
    else {
        return;
    };
    assert_reads(
        &capture,
        &[
            ("battery", Ok(28.000_002)),
            ("cpu0-gold-usr", Ok(33.800_003)),
            ("cpu0-silver-usr", Ok(33.800_003)),
            ("cpu1-gold-usr", Ok(33.5)),
            ("cpu1-silver-usr", Ok(44.1)),
            ("cpu2-silver-usr", Ok(43.8)),
            ("cpu3-silver-usr", Ok(33.5)),
            ("cpu4-silver-usr", Ok(33.5)),
            ("cpu5-silver-usr", Ok(33.5)),
            ("gpu0-usr", Ok(32.9)),
            ("gpu1-usr", Ok(32.9)),
            ("mb-therm-monitor", Ok(30.147_001)),
            ("usbc-therm-monitor", Ok(26.926)),
            ("battery", Ok(0.0)),
            ("thermal-cpufreq-0", Ok(0.0)),
            ("thermal-cpufreq-6", Ok(0.0)),
            ("thermal-devfreq-0", Ok(0.0)),
        ],
    );
}

#[test]
fn a_box_that_was_cut_before_its_hal_answered() {
    let file = "nvidia-shield-tv-pro-2019/thermalservice.head-as-posted.txt";
    let Some(capture) = parsed(Kind::Thermalservice, file) else { return };
    assert_reads(&capture, &[("", Err(Reason::Absent))]);
    assert_eq!(fact(&capture, "hal_ready"), Some(&Fact::Flag(true)));
    assert_eq!(fact(&capture, "status_override"), Some(&Fact::Flag(false)));
}

#[test]
fn zones_in_three_units() {
    let Some(capture) = parsed(Kind::ThermalZones, "msm8953-android7/thermal-zones.mixed-units.txt") else {
        return;
    };
    let tenths = [
        (5, 30.9),
        (6, 30.9),
        (7, 31.3),
        (8, 32.2),
        (9, 30.9),
        (10, 30.6),
        (11, 30.9),
        (12, 31.9),
        (13, 31.3),
        (14, 30.3),
        (15, 30.6),
        (1, 30.6),
        (2, 30.6),
        (3, 30.6),
        (4, 32.2),
    ];
    for (number, celsius) in tenths {
        let found = value(&capture, &format!("temperature/tsens_tz_sensor{number}")).expect("a temperature");
        assert!((found - celsius).abs() < 1e-6, "{number}: {found}");
    }
    for (name, expected) in [
        ("bms", Ok(25.0)),
        ("pa_therm1", NONE),
        ("xo_therm", Ok(31.0)),
        ("pm8953_tz", Ok(32.636)),
        ("pa_therm0", Ok(30.0)),
        ("battery", Ok(25.0)),
        ("xo_therm_buf", Ok(30.0)),
        ("case_therm", Ok(7.0)),
        ("chg_temp", Ok(24.612)),
    ] {
        assert_eq!(value(&capture, &format!("temperature/{name}")), expected, "{name}");
    }
    assert_eq!(capture.readings().len(), 24);
    assert_eq!(fact(&capture, "scale/tsens_tz_sensor5"), Some(&word("0.1")));
    assert_eq!(fact(&capture, "scale/case_therm"), Some(&word("1")));
    assert_eq!(fact(&capture, "scale/bms"), None);
}

#[test]
fn zones_of_a_log() {
    let Some(capture) = parsed(Kind::ThermalZones, "mediatek-mt67xx-device/thermal-zones.semicolon-log.txt")
    else {
        return;
    };
    assert_reads(
        &capture,
        &[
            ("mtktsbattery", Ok(25.0)),
            ("mtktscpu", Ok(49.0)),
            ("mtktspa", NONE),
            ("mtktspmic", Ok(42.365)),
            ("mtktswmt", Ok(42.0)),
            ("mtktsAP", Ok(40.0)),
            ("mtktsbtsmdpa", Ok(38.6)),
            ("mtkts1", Ok(48.1)),
            ("mtkts2", Ok(49.0)),
        ],
    );
}

#[test]
fn zones_that_are_no_temperatures() {
    let Some(capture) = parsed(Kind::ThermalZones, "pixel7-panther-gs201/thermal-zones.partial.txt") else {
        return;
    };
    assert_reads(
        &capture,
        &[
            ("BIG", Ok(40.0)),
            ("LITTLE", Ok(40.0)),
            ("MID", Ok(38.0)),
            ("G3D", Ok(37.0)),
            ("ISP", Ok(37.0)),
            ("TPU", Ok(37.0)),
            ("AUR", Ok(37.0)),
            ("disp_therm", Ok(31.038)),
            ("maxfg", Ok(30.6)),
            ("battery", Ok(30.6)),
            ("batt_vs", Ok(30.6)),
            ("qi_therm", Ok(33.219)),
            ("gnss_tcxo_therm", Ok(31.95)),
            ("pca94xx-mains", OTHER),
            ("usbc-therm-adc", OTHER),
            ("batt_therm_sidekey", NONE),
            ("soc", OTHER),
        ],
    );
}

#[test]
fn zones_that_somebody_divided_already() {
    let file = "samsung-galaxy-s7-msm8996/thermal-zones.after-naive-normalisation.txt";
    let Some(capture) = parsed(Kind::ThermalZones, file) else { return };
    let found = |name: &str| value(&capture, &format!("temperature/{name}")).expect("a temperature");
    for (name, celsius) in [
        ("battery", 30.4),
        ("emmc_therm", 31.0),
        ("max77854-fuelgauge", 30.2),
        ("msm_therm", 46.0),
        ("pa_therm0", 41.0),
        ("pa_therm1", 37.0),
        ("pm8004_tz", 37.0),
        ("pm8994_tz", 42.325),
        ("tsens_tz_sensor0", 43.5),
        ("tsens_tz_sensor10", 53.4),
        ("tsens_tz_sensor20", 47.5),
        ("tsens_tz_sensor9", 55.7),
        ("xo_therm_buf", 42.0),
        ("ac", 35.5),
    ] {
        assert!((found(name) - celsius).abs() < 1e-6, "{name}: {}", found(name));
    }
    assert_eq!(capture.readings().len(), 31);
    assert!(capture.readings().iter().all(|reading| reading.value.is_ok_and(|celsius| celsius < 60.0)));
}

#[test]
fn zones_that_a_policy_withholds() {
    let Some(capture) = parsed(Kind::ThermalZones, "samsung-a15-sma155m-android16/thermal-sysfs-denied.txt")
    else {
        return;
    };
    let denied = Err(Reason::Denied);
    let names = ["thermal_zone0", "thermal_zone1", "thermal_zone10", "thermal_zone21"];
    assert_reads(&capture, &names.map(|name| (name, denied)));
}

#[test]
fn zones_and_cooling_devices_with_gaps() {
    let Some(capture) = parsed(Kind::ThermalZones, "_composite-not-one-machine/thermal-class.txt") else {
        return;
    };
    assert_reads(
        &capture,
        &[
            ("bcm2835_thermal", Ok(49.925)),
            ("acpitz", Err(Reason::Implausible)),
            ("Processor", Ok(0.0)),
            ("TFN1", Err(Reason::Absent)),
            ("intel_powerclamp", Ok(-1.0)),
        ],
    );
}

#[test]
fn a_machine_without_zones() {
    let Some(capture) = parsed(Kind::ThermalZones, "local-debian12-x86_64-vm/sysfs-absent.txt") else {
        return;
    };
    assert_reads(&capture, &[("", Err(Reason::Absent))]);
}
