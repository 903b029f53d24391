//! No text makes a parser of boards and kernel outputs panic, lie or forget.

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::{Capture, MAX_READINGS, Measure};
use proptest::prelude::*;

use crate::listing::{listing, parse};

/// One of our captures for each shape that a kind has.
const CAPTURES: [(&str, &str); 19] = [
    ("tegrastats", include_str!("../outputs/tegrastats/orin_agx.txt")),
    ("tegrastats", include_str!("../outputs/tegrastats/nano.txt")),
    ("tegrastats", include_str!("../outputs/tegrastats/tx1.txt")),
    ("ina3221", include_str!("../outputs/ina3221/orin_nano.txt")),
    ("ina3221", include_str!("../outputs/ina3221/orin_agx.txt")),
    ("ina3221", include_str!("../outputs/ina3221/tx2_iio.txt")),
    ("vcgencmd", include_str!("../outputs/vcgencmd/pi5_loaded.txt")),
    ("vcgencmd", include_str!("../outputs/vcgencmd/pi4_loop.txt")),
    ("cpufreq", include_str!("../outputs/cpufreq/phone.txt")),
    ("cpufreq", include_str!("../outputs/cpufreq/board.txt")),
    ("gpu", include_str!("../outputs/gpu/adreno.txt")),
    ("gpu", include_str!("../outputs/gpu/mali.txt")),
    ("gpu", include_str!("../outputs/gpu/dumpsys.txt")),
    ("meminfo", include_str!("../outputs/meminfo/app_android15.txt")),
    ("meminfo", include_str!("../outputs/meminfo/app_android9.txt")),
    ("meminfo", include_str!("../outputs/meminfo/proc_board.txt")),
    ("psi", include_str!("../outputs/psi/board.txt")),
    ("psi", include_str!("../outputs/psi/group.txt")),
    ("psi", include_str!("../outputs/psi/phone_denied.txt")),
];
const KINDS: [&str; 7] = ["cpufreq", "gpu", "ina3221", "meminfo", "psi", "tegrastats", "vcgencmd"];
/// Lines such as drivers and vendors leave between others.
const UNKNOWN: [&str; 7] = [
    "vendor.example: heartbeat 4711 ok",
    "E/driver( 812): late by 3 ms (x=2, y=7.5)",
    "???",
    "2026-02-30 25:61:00 note 7%",
    "\u{1f321} 31 \u{b0}C",
    "-- 8< --",
    "\t",
];

/// Promises that hold for every text.
fn keeps_its_promises(capture: &Capture) {
    assert!(!capture.readings().is_empty(), "silence is not health");
    assert!(capture.readings().len() <= MAX_READINGS);
    for reading in capture.readings() {
        let Ok(value) = reading.value else { continue };
        assert!(value.is_finite(), "{reading:?}");
        match reading.unit {
            Measure::Celsius => assert!((-20.0..=130.0).contains(&value), "{reading:?}"),
            Measure::Percent => assert!((0.0..=100.0).contains(&value), "{reading:?}"),
            Measure::KiloHertz | Measure::Kibibyte | Measure::Byte | Measure::Count => {
                assert!(value >= 0.0, "{reading:?}");
            }
            _ => {}
        }
    }
}

#[test]
fn a_line_of_no_end_is_no_line() {
    for (kind, text) in CAPTURES {
        let long = format!("{text}{}\n", "RAM 1/2MB CPU [1%@1] a: 5 kB ".repeat(1_000));
        assert_eq!(listing(kind, &long), listing(kind, text), "{kind}");
    }
}

#[test]
fn line_ends_of_another_system_change_nothing() {
    for (kind, text) in CAPTURES {
        assert_eq!(listing(kind, &text.replace('\n', "\r\n")), listing(kind, text), "{kind}");
    }
}

#[test]
fn more_readings_than_fit_are_said_to_be_cut() {
    let line = format!("RAM 1/2MB CPU [{}]\n", vec!["1%@1"; 400].join(","));
    let capture = parse("tegrastats", &line.repeat(20));
    assert_eq!(capture.readings().len(), MAX_READINGS);
    assert!(capture.facts().contains_key("truncated"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text(text in "\\PC{0,300}", kind in prop::sample::select(&KINDS[..])) {
        keeps_its_promises(&parse(kind, &text));
    }

    #[test]
    fn nearly_right_text(
        words in prop::collection::vec(prop::sample::select(vec![
            "RAM 1/2MB ", "CPU [1%@2,off] ", "GR3D_FREQ ", "63%@[", "x@", "C ", "VDD_IN ", "1mW/", "off ", "#", "/", ":",
            "=", "\n", "/proc/pressure/cpu", "some ", "avg10=", "total=", "in1_input", "in1_label", "curr1_input",
            "/iio:device0/", "temp=", "'C", "throttled=0x", "VDD_A current(1)=", "VDD_V volt(2)=", "A", "V",
            "# vcgencmd measure_temp ", "policy0/", "scaling_cur_freq", "time_in_state ", "kgsl/gpubusy ", "gpuclk ",
            "App Summary\n", "Pss(KB)   Rss(KB)\n", "** MEMINFO in pid ", "TOTAL PSS: ", " kB", "Graphics:  ",
            "Permission denied", "No such file or directory", "99999999999999999999", "-1", "0", "1e999", "NaN", "\u{e9}",
            "7 ", "65535 ", "-274000 ",
        ]), 0..60),
        kind in prop::sample::select(&KINDS[..]),
    ) {
        keeps_its_promises(&parse(kind, &words.concat()));
    }

    #[test]
    fn mutated_captures(
        (kind, text) in prop::sample::select(&CAPTURES[..]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        end: prop::sample::Index,
    ) {
        let mut bytes = text.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes.truncate(end.index(bytes.len()) + 1);
        keeps_its_promises(&parse(kind, &String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn unknown_lines_change_nothing(
        (kind, text) in prop::sample::select(&CAPTURES[..]),
        places in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&UNKNOWN[..])), 1..6),
    ) {
        let mut lines: Vec<&str> = text.lines().collect();
        for (place, unknown) in places {
            lines.insert(place.index(lines.len() + 1), unknown);
        }
        prop_assert_eq!(listing(kind, &lines.join("\n")), listing(kind, text));
    }

    #[test]
    fn no_sentinel_is_a_temperature(
        sentinel in prop::sample::select(vec![
            "-40", "-274", "-273", "-127", "125", "-99.9", "-26.428", "65535", "-256", "-2147483648", "-1073741.8",
        ]),
        name in "[A-Za-z][A-Za-z0-9_]{0,8}",
    ) {
        let tegrastats = parse("tegrastats", &format!("RAM 1/2MB {name}@{sentinel}C\n"));
        let vcgencmd = parse("vcgencmd", &format!("temp={sentinel}'C\n"));
        for capture in [tegrastats, vcgencmd] {
            let found = capture.readings().iter().find(|reading| reading.unit == Measure::Celsius);
            prop_assert_eq!(found.map(|reading| reading.value), Some(Err(Reason::Sentinel)));
        }
    }

    #[test]
    fn power_is_the_product_of_what_was_printed(millivolt in 0_u32..32_000, milliampere in -5_000_i32..20_000) {
        let text = format!("/h/in1_label:RAIL\n/h/in1_input:{millivolt}\n/h/curr1_input:{milliampere}\n");
        let capture = parse("ina3221", &text);
        let power = capture.readings().iter().find(|reading| reading.unit == Measure::MilliWatt);
        let expected = f64::from(millivolt) * f64::from(milliampere) / 1e3;
        prop_assert!(power.is_some_and(|power| power.value.is_ok_and(|value| (value - expected).abs() < 1e-6)));
    }
}
