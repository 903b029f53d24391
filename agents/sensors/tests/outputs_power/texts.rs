//! Made-up and damaged texts.

use edgesoak_sensors::capture::{Capture, Kind, Measure};
use proptest::prelude::*;

use super::{KINDS, listing, own};

/// A text of ours of any of the kinds.
fn any_own() -> impl Strategy<Value = (Kind, String)> {
    let all: Vec<(Kind, String)> =
        KINDS.into_iter().flat_map(|kind| own(kind).into_iter().map(move |(_, text)| (kind, text))).collect();
    prop::sample::select(all)
}

/// Promises that hold for every text.
fn sound(capture: &Capture) {
    assert!(!capture.readings().is_empty(), "silence is not health");
    for reading in capture.readings() {
        let Ok(value) = reading.value else { continue };
        assert!(value.is_finite(), "{reading:?}");
        match reading.unit {
            Measure::Celsius => assert!((-20.0..=130.0).contains(&value), "{reading:?}"),
            Measure::Percent => assert!((0.0..=100.0).contains(&value), "{reading:?}"),
            Measure::MilliVolt | Measure::MilliJoule | Measure::MicroAmpereHour | Measure::Count => {
                assert!(value >= 0.0, "{reading:?}");
            }
            _ => {}
        }
    }
}

#[test]
fn a_line_of_no_end_is_no_line() {
    for kind in KINDS {
        for (name, text) in own(kind) {
            let long = format!("level: 1, VOLTAGE_NOW=1; CH0[x], 1 mWs {}\n", "x".repeat(5000));
            assert_eq!(listing(&kind.parse(&(long + &text))), listing(&kind.parse(&text)), "{name}");
        }
    }
}

#[test]
fn line_ends_of_another_system_change_nothing() {
    for kind in KINDS {
        for (name, text) in own(kind) {
            assert_eq!(
                listing(&kind.parse(&text.replace('\n', "\r\n"))),
                listing(&kind.parse(&text)),
                "{name}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_harms_nobody(text in "\\PC{0,400}", lines in prop::collection::vec("[ \\t]?[A-Za-z_#/\\[:]{0,20}[=: ,\\]]{0,2}-?[0-9.e%\\u{e9}]{0,22}", 0..30)) {
        for kind in KINDS {
            sound(&kind.parse(&text));
            sound(&kind.parse(&lines.join("\n")));
        }
    }

    #[test]
    fn mutated_captures_harm_nobody((kind, text) in any_own(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<char>(), 0..3_u8), 1..12)) {
        let mut letters: Vec<char> = text.chars().collect();
        for (at, letter, how) in changes {
            let at = at.index(letters.len());
            match how {
                0 => letters[at] = letter,
                1 => letters.insert(at, letter),
                _ if letters.len() > 1 => drop(letters.remove(at)),
                _ => {}
            }
        }
        sound(&kind.parse(&letters.into_iter().collect::<String>()));
    }

    #[test]
    fn unknown_lines_change_nothing((kind, text) in any_own(), at in any::<prop::sample::Index>(), unknown in "(  mVendor[A-Z][a-z]{0,8}: [a-z0-9 ]{0,12}|POWER_SUPPLY_VENDOR_[A-Z]{1,9}=[0-9]{0,9}|\\[vendor [a-z]{0,9}\\]|vendor.example: heartbeat 4711 ok|E/driver\\( 812\\): late by 3 ms \\(x=2, y=7.5\\)|2026-02-30 25:61:00 note 7%|# remark [a-z]{0,9}|-- 8< --|  Capacity (level|log) [a-z]{1,9}: 7|)") {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(at.index(lines.len() + 1), &unknown);
        prop_assert_eq!(listing(&kind.parse(&lines.join("\n"))), listing(&kind.parse(&text)));
    }

    #[test]
    fn no_value_for_what_means_none(sentinel in prop::sample::select(vec!["-22", "-61", "2147483647", "-2147483648", "", "NaN", "inf", "1e5", "-"])) {
        let dump = format!("  level: {sentinel}\n  voltage: {sentinel}\n  temperature: {sentinel}\n  Charge counter: {sentinel}\n  current now: {sentinel}\n");
        let event = format!("NAME=battery\nSTATUS=Charging\nCAPACITY={sentinel}\nVOLTAGE_NOW={sentinel}\nCURRENT_NOW={sentinel}\nTEMP={sentinel}\nPOWER_NOW={sentinel}\nENERGY_NOW={sentinel}\nCHARGE_FULL={sentinel}\nCYCLE_COUNT={sentinel}\n");
        let extras = format!("i.level={sentinel};i.voltage={sentinel};i.temperature={sentinel};i.bkvoltage={sentinel};i.charge_counter={sentinel};i.health_percentage={sentinel}");
        for capture in [Kind::Battery.parse(&dump), Kind::Uevent.parse(&event), Kind::BatteryIntent.parse(&extras)] {
            for reading in capture.readings() {
                prop_assert!(reading.value.is_err(), "{:?}", reading);
            }
        }
    }
}
