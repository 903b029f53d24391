//! Rules that one capture alone does not show.

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::{Fact, Kind};

use super::{assert_reads, own, value};

const KINDS: [Kind; 4] = [Kind::Thermalservice, Kind::Ithermal, Kind::ThermalZones, Kind::HardwareProperties];

#[test]
fn a_device_that_refuses_says_why() {
    for kind in KINDS {
        for (text, reason) in [
            ("", Reason::Absent),
            ("\n \n", Reason::Absent),
            ("hello world\n", Reason::Parse),
            ("Can't find service: thermalservice\n", Reason::CommandMissing),
            ("/system/bin/sh: dumpsys: inaccessible or not found\n", Reason::CommandMissing),
            ("Permission Denial: can't dump it from pid=2, uid=2000\n", Reason::Denied),
            ("ls: /sys/class/thermal: Permission denied\n", Reason::Denied),
            ("ls: /sys/class/thermal: No such file or directory\n", Reason::Absent),
        ] {
            let capture = kind.parse(text);
            assert_reads(&capture, &[("", Err(reason))]);
            assert_eq!(capture.readings()[0].channel, "temperature/any", "{text}");
        }
    }
}

#[test]
fn cached_temperatures_are_never_taken_for_current_ones() {
    let (kind, text) = own("thermalservice_phone_aidl");
    let at = text.find("Current temperatures").expect("a section of current temperatures");
    let cooling = text.find("Current cooling").expect("a section of cooling devices");
    let without = format!("{}{}", &text[..at], &text[cooling..]);
    assert_reads(&kind.parse(&without), &[("", Err(Reason::Absent))]);
    // Nor are those of a section that a later version may bring.
    let later = text.replace(
        "Current cooling devices from HAL:",
        "Forecast temperatures:\n\tTemperature{mValue=99.0, mType=3, mName=SKIN}",
    );
    assert_eq!(value(&kind.parse(&later), "temperature/skin"), Ok(36.9));
    assert_eq!(kind.parse(&later).readings().len(), 7);
}

#[test]
fn an_overridden_status_is_told() {
    let (kind, text) = own("thermalservice_box_not_ready");
    let capture = kind.parse(text);
    assert_eq!(capture.facts().get("status_override"), Some(&Fact::Flag(true)));
    assert_eq!(capture.facts().get("hal_ready"), Some(&Fact::Flag(false)));
    assert_eq!(capture.facts().get("thermal_status"), Some(&Fact::Number(3)));
}

#[test]
fn the_order_of_keys_and_sections_does_not_matter() {
    let texts = [
        "Current temperatures from HAL:\nTemperature{mValue=30.5, mType=3, mName=SKIN, mStatus=2}\nThermal Status: 2\n",
        "Thermal Status: 2\nCurrent temperatures from HAL:\n\tTemperature{mStatus=2, mName=SKIN, mType=3, mValue=30.5}",
        "Thermal Status: 2\n Current temperatures from HAL: \n  Temperature{mType=3, mNew={x}, mStatus=2, mName=SKIN, mValue=30.5}\n",
    ];
    let first = Kind::Thermalservice.parse(texts[0]);
    assert_eq!(value(&first, "temperature/skin"), Ok(30.5));
    assert_eq!(first.facts().get("severity/skin"), Some(&Fact::Number(2)));
    for text in texts {
        assert_eq!(Kind::Thermalservice.parse(text), first, "{text}");
    }
}

#[test]
fn a_missing_type_leaves_only_the_name_to_tell() {
    let text = "Current temperatures from HAL:\n\tTemperature{mValue=31.0, mName=SKIN}\n\tTemperature{mValue=31.0, mName=X1}\n";
    let capture = Kind::Thermalservice.parse(text);
    assert_reads(&capture, &[("SKIN", Ok(31.0)), ("X1", Err(Reason::NotATemperature))]);
}

#[test]
fn an_emulated_temperature_is_told() {
    let (kind, text) = own("ithermal_pixel_emulated");
    assert_eq!(kind.parse(text).facts().get("faked"), Some(&Fact::Flag(true)));
    let severity = text.replace("EmulTemp: 46 EmulSeverity: -1", "EmulTemp: nan EmulSeverity: 3");
    assert_eq!(kind.parse(&severity).facts().get("faked"), Some(&Fact::Flag(true)));
    let (kind, cleared) = own("ithermal_pixel");
    assert_eq!(kind.parse(cleared).facts().get("faked"), None);
}

#[test]
fn zero_is_a_sensor_that_is_not_there_only_beside_warm_ones() {
    let warm = Kind::ThermalZones.parse("a 0\nb 10001\n");
    assert_reads(&warm, &[("a", Err(Reason::Sentinel)), ("b", Ok(10.001))]);
    let cold = Kind::ThermalZones.parse("a 0\nb 9999\n");
    assert_reads(&cold, &[("a", Ok(0.0)), ("b", Ok(9.999))]);
    // A second battery that reads zero is none in a cold chamber either.
    let text = "Current temperatures from HAL:\nTemperature{mValue=0.0, mType=2, mName=SUBBAT}\nTemperature{mValue=0.0, mType=3, mName=SKIN}\n";
    let capture = Kind::Thermalservice.parse(text);
    assert_reads(&capture, &[("SUBBAT", Err(Reason::Sentinel)), ("SKIN", Ok(0.0))]);
}

#[test]
fn sentinels_of_zones_give_no_value() {
    for raw in [
        "-40000",
        "-40",
        "-274000",
        "-274",
        "-273000",
        "-273",
        "-127000",
        "-127",
        "125000",
        "125",
        "-99.9",
        "-99900",
        "-26428",
        "65535",
        "-2147483648",
        "-22",
        "nan",
        "-400",
        "-9223372036854775808",
        "-1073741",
    ] {
        let text = format!("tsens0 309\ntsens1 311\ntsens2 {raw}\nwarm 41000\n");
        let capture = Kind::ThermalZones.parse(&text);
        assert_eq!(value(&capture, "temperature/tsens2"), Err(Reason::Sentinel), "{raw}");
    }
    for raw in ["131000", "-44000", "2147483647"] {
        let capture = Kind::ThermalZones.parse(&format!("zone {raw}\n"));
        assert_eq!(value(&capture, "temperature/zone"), Err(Reason::Implausible), "{raw}");
    }
}

#[test]
fn a_board_parked_at_85_degrees_says_nothing() {
    let capture = Kind::ThermalZones.parse("bcm2835_thermal 85000\ncpu-thermal 85000\n");
    assert_reads(&capture, &[("bcm2835_thermal", Err(Reason::Sentinel)), ("cpu-thermal", Ok(85.0))]);
}

#[test]
fn a_complaint_belongs_to_its_zone_wherever_it_stands() {
    let complaint = "cat: /sys/class/thermal/thermal_zone4/temp: Permission denied\n";
    let zone = "thermal_zone4 modem \n";
    for text in [format!("{complaint}{zone}"), format!("{zone}{complaint}")] {
        assert_reads(&Kind::ThermalZones.parse(&text), &[("modem", Err(Reason::Denied))]);
    }
    let text = format!("thermal_zone4 modem 41000\n{complaint}");
    assert_reads(&Kind::ThermalZones.parse(&text), &[("modem", Ok(41.0))]);
}

#[test]
fn another_view_of_a_sensor_points_to_the_better_one() {
    let (kind, text) = own("thermal_zones_phone_colons");
    let capture = kind.parse(text);
    let same = Some(&Fact::Word("cpu-0-0-usr".to_owned()));
    assert_eq!(capture.facts().get("same_sensor/cpu-0-0-step"), same);
    assert_eq!(capture.facts().get("same_sensor/cpu-0-0-lowf"), same);
    assert_eq!(capture.facts().get("same_sensor/gpu-step"), None);
    assert_eq!(value(&capture, "temperature/cpu#1"), Ok(45.0));
}
