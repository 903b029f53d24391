//! Outputs about temperatures: the project's own captures, those published by others, and made-up texts.

#[path = "outputs_thermal/published.rs"]
mod published;
#[path = "outputs_thermal/rules.rs"]
mod rules;
#[path = "outputs_thermal/texts.rs"]
mod texts;

use std::fmt::Write;

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::{Capture, CapturedReading, Fact, Kind};

macro_rules! own {
    ($($name:literal = $kind:ident $file:literal;)*) => {
        /// Our own captures: name of the snapshot, kind, text.
        const OWN: &[(&str, Kind, &str)] = &[$(($name, Kind::$kind, include_str!(concat!("outputs/", $file, ".txt"))),)*];
    };
}

own! {
    "thermalservice_phone_aidl" = Thermalservice "thermalservice/phone_aidl";
    "thermalservice_phone_hal20" = Thermalservice "thermalservice/phone_hal20";
    "thermalservice_phone_sdhms" = Thermalservice "thermalservice/phone_sdhms";
    "thermalservice_phone_limiters" = Thermalservice "thermalservice/phone_limiters";
    "thermalservice_emulator" = Thermalservice "thermalservice/emulator";
    "thermalservice_box_not_ready" = Thermalservice "thermalservice/box_not_ready";
    "ithermal_pixel" = Ithermal "ithermal/pixel";
    "ithermal_pixel_emulated" = Ithermal "ithermal/pixel_emulated";
    "ithermal_kept_lines" = Ithermal "ithermal/kept_lines";
    "ithermal_not_ready" = Ithermal "ithermal/not_ready";
    "ithermal_tablet_failed" = Ithermal "ithermal/tablet_failed";
    "hardware_properties_phone" = HardwareProperties "hardware-properties/phone";
    "hardware_properties_tablet_without_numbers" = HardwareProperties "hardware-properties/tablet_without_numbers";
    "hardware_properties_box_with_fan" = HardwareProperties "hardware-properties/box_with_fan";
    "hardware_properties_withheld" = HardwareProperties "hardware-properties/withheld";
    "thermal_zones_phone_mixed_units" = ThermalZones "thermal-zones/phone_mixed_units";
    "thermal_zones_phone_colons" = ThermalZones "thermal-zones/phone_colons";
    "thermal_zones_handset_semicolons" = ThermalZones "thermal-zones/handset_semicolons";
    "thermal_zones_handset_log" = ThermalZones "thermal-zones/handset_log";
    "thermal_zones_board_files" = ThermalZones "thermal-zones/board_files";
    "thermal_zones_phone_withheld" = ThermalZones "thermal-zones/phone_withheld";
    "thermal_zones_phone_in_degrees" = ThermalZones "thermal-zones/phone_in_degrees";
}

/// The text of one of our own captures.
fn own(name: &str) -> (Kind, &'static str) {
    let found = OWN.iter().find(|(own, _, _)| *own == name).expect("one of our own captures");
    (found.1, found.2)
}

/// Every reading on a line, then every fact.
fn listing(capture: &Capture) -> String {
    let mut text = String::new();
    for reading in capture.readings() {
        let CapturedReading { channel, name, value, unit, raw } = reading;
        let value = match value {
            Ok(value) => format!("{value:.3} {}", unit.word()),
            Err(reason) => format!("- {reason}"),
        };
        writeln!(text, "{channel:<40} {name:<28} {value:<22} {raw}").expect("a string grows");
    }
    for (name, fact) in capture.facts() {
        let value = match fact {
            Fact::Flag(flag) => flag.to_string(),
            Fact::Number(number) => number.to_string(),
            Fact::Word(word) => format!("{word:?}"),
        };
        writeln!(text, "{name} = {value}").expect("a string grows");
    }
    text
}

/// The readings of a capture are exactly these, in this order.
fn assert_reads(capture: &Capture, expected: &[(&str, Result<f64, Reason>)]) {
    let listing = listing(capture);
    let names: Vec<&str> = capture.readings().iter().map(|reading| reading.name.as_str()).collect();
    assert_eq!(names, expected.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "{listing}");
    for (reading, (name, expected)) in capture.readings().iter().zip(expected) {
        match (reading.value, expected) {
            (Ok(found), Ok(expected)) => {
                assert!((found - expected).abs() < 1e-6, "{name}: {found}\n{listing}");
            }
            (found, expected) => assert_eq!(found, *expected, "{name}\n{listing}"),
        }
    }
}

/// The value of the reading with this channel.
fn value(capture: &Capture, channel: &str) -> Result<f64, Reason> {
    let reading = capture.readings().iter().find(|reading| reading.channel == channel);
    reading.unwrap_or_else(|| panic!("{channel} is missing:\n{}", listing(capture))).value
}

#[test]
fn our_own_captures() {
    for (name, kind, text) in OWN {
        insta::assert_snapshot!(*name, listing(&kind.parse(text)));
    }
}

#[test]
fn lines_may_end_as_on_windows() {
    for (name, kind, text) in OWN {
        let windows = text.replace('\n', "\r\n");
        assert_eq!(kind.parse(&windows), kind.parse(text), "{name}");
    }
}
