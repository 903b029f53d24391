//! Made-up texts: nothing panics, no sentinel becomes a number, and strange lines change nothing.

use std::fmt::Write;

use edgesoak_protocol::rule::PLAUSIBLE_CELSIUS;
use edgesoak_sensors::capture::{Capture, Fact, Kind, MAX_READINGS, Measure};
use proptest::prelude::*;

use super::OWN;

const KINDS: [Kind; 4] = [Kind::Thermalservice, Kind::Ithermal, Kind::ThermalZones, Kind::HardwareProperties];

/// Lines that no version prints, some of them near those that it does.
const STRANGE: [&str; 10] = [
    "",
    "Vendor block v3:",
    "\tmVendorState=[5, 6], policy: {a=1}",
    "Name: nothing Value: 55",
    "TemperatureWatcher{mValue=77.0, mName=SKIN}",
    "/data/vendor/thermal 55000",
    "Throttle reason(s): none at 12:03:55.120",
    "CPU idle: [1.0, 2.0]",
    "\u{fffd}\u{1b}[31m??",
    "== begin of something = 45000 ==",
];

fn check(capture: &Capture) {
    assert!(!capture.readings().is_empty());
    assert!(capture.readings().len() <= MAX_READINGS);
    for reading in capture.readings() {
        assert!(reading.raw.len() <= 400 && reading.name.len() <= 400 && reading.channel.len() <= 400);
        let Ok(value) = reading.value else { continue };
        assert!(value.is_finite());
        if reading.unit == Measure::Celsius {
            assert!(PLAUSIBLE_CELSIUS.contains(&value), "{reading:?}");
        }
    }
}

/// A number that stands for "no value", as drivers, Java and C++ print it.
fn sentinel() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "NaN",
        "nan",
        "-nan",
        "Infinity",
        "-Infinity",
        "inf",
        "-3.4028235E38",
        "3.4028235E38",
        "-99.9",
        "-40.0",
        "-273.0",
        "-274.0",
        "-127.0",
        "125.0",
        "65535",
        "-2147483648",
        "-22",
        "-40",
        "1e999",
        "4384",
        "11900.0",
        "-26.428",
    ])
}

proptest! {
    #[test]
    fn arbitrary_texts(text in any::<String>()) {
        for kind in KINDS {
            check(&kind.parse(&text));
        }
    }

    #[test]
    fn nearly_right_texts(text in "(Temperature\\{|mValue=|mName=|mType=|, |\\}|Current temperatures from HAL:\n|Name: |Type: |CurrentValue: |ThrottlingStatus: |getCurrentTemperatures:\n|CPU temperatures: \\[|\\]|thermal_zone|/temp:|/type:|--|;|[0-9.E-]{1,9}|NaN|[a-z é:\n]){0,60}") {
        for kind in KINDS {
            check(&kind.parse(&text));
        }
    }

    #[test]
    fn damaged_captures(which in 0..OWN.len(), from in 0.0..1.0_f64, length in 0_usize..40, with in "[ -~\n]{0,12}") {
        let (_, kind, text) = OWN[which];
        let mut chars: Vec<char> = text.chars().collect();
        let start = (chars.len() as f64 * from).floor();
        let start = (0..chars.len()).find(|place| *place as f64 >= start).unwrap_or(0);
        let end = chars.len().min(start + length);
        chars.splice(start..end, with.chars());
        check(&kind.parse(&chars.into_iter().collect::<String>()));
    }

    #[test]
    fn cut_captures(which in 0..OWN.len(), keep in 0_usize..4000) {
        let (_, kind, text) = OWN[which];
        let text: String = text.chars().take(keep).collect();
        let capture = kind.parse(&text);
        check(&capture);
        let whole = kind.parse(&format!("{text}\n"));
        prop_assert_eq!(capture, whole);
    }

    #[test]
    fn strange_lines_change_nothing(which in 0..OWN.len(), places in prop::collection::vec((0_usize..60, 0..STRANGE.len()), 1..6)) {
        let (_, kind, text) = OWN[which];
        let mut lines: Vec<&str> = text.lines().collect();
        let long = "x ".repeat(4000);
        lines.push(&long);
        for (place, strange) in places {
            lines.insert(place.min(lines.len()), STRANGE[strange]);
        }
        prop_assert_eq!(kind.parse(&lines.join("\n")), kind.parse(text));
    }

    #[test]
    fn a_sentinel_is_never_a_number(number in sentinel(), name in "[A-Z]{1,8}", kind in -1..20_i32) {
        let texts = [
            (Kind::Thermalservice, format!("Current temperatures from HAL:\nTemperature{{mValue={number}, mType={kind}, mName={name}, mStatus=0}}\n")),
            (Kind::Ithermal, format!("getCurrentTemperatures:\n Type: SKIN Name: {name} CurrentValue: {number} ThrottlingStatus: NONE\n")),
            (Kind::HardwareProperties, format!("CPU temperatures: [{number}]\n")),
        ];
        for (kind, text) in texts {
            let capture = kind.parse(&text);
            prop_assert_eq!(capture.readings().len(), 1, "{}", text);
            prop_assert!(capture.readings()[0].value.is_err(), "{}", text);
        }
    }

    #[test]
    fn a_printed_temperature_comes_back(milli in 1_i64..120_000) {
        prop_assume!(![65_535, 85_000].contains(&milli));
        let celsius = milli as f64 / 1000.0;
        let text = format!("Current temperatures from HAL:\nTemperature{{mValue={celsius}, mType=3, mName=SKIN}}\n");
        let capture = Kind::Thermalservice.parse(&text);
        let value = capture.readings()[0].value.expect("a temperature");
        prop_assert!((value - celsius).abs() < 1e-9);
    }
}

#[test]
fn floods_are_bounded() {
    let mut zones = String::new();
    let mut service = "Current temperatures from HAL:\n".to_owned();
    for number in 0..MAX_READINGS + 100 {
        writeln!(zones, "thermal_zone{number} z{number} 41000").expect("a string grows");
        writeln!(service, "Temperature{{mValue=41.0, mType=0, mName=z{number}, mStatus=1}}")
            .expect("a string grows");
    }
    for (kind, text) in [(Kind::ThermalZones, &zones), (Kind::Thermalservice, &service)] {
        let capture = kind.parse(text);
        assert_eq!(capture.readings().len(), MAX_READINGS);
        assert!(capture.facts().len() <= 300);
    }
    let truncated = Kind::Thermalservice.parse(&service);
    assert_eq!(truncated.facts().get("truncated"), Some(&Fact::Flag(true)));
}
