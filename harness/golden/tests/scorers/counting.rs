use edgesoak_golden::score::Outcome;
use proptest::prelude::*;
use serde_json::json;

use crate::asked::{ASKED, Asked, judge, reason, refused};

const GERMAN: Asked<'static> = Asked { language: "de", ..ASKED };

#[test]
fn a_number_counts_with_its_unit() {
    let expect = json!({"numeric": {"value": 10, "unit": "drops/min"}});
    judge(
        ASKED,
        &expect,
        &[
            "More than 10 drops per minute.",
            "10 Tropfen pro Minute",
            "ten drops per minute",
            "600 drops/h",
            "25 drops/min is over the 10 drops/min [pm-001]",
            "１０ drops／min",
        ],
        &[
            "10",
            "10 drops",
            "10 minutes",
            "100 drops/min",
            "-10 drops/min",
            "10.5 drops/min",
            "",
            "P-10 drops/min",
        ],
    );
    assert_eq!(reason(&expect, "25 drops/min in 4 hours"), "not the number: 1 of 2 numbers count the same");
}

#[test]
fn units_convert_and_other_units_are_taken_as_written() {
    judge(
        ASKED,
        &json!({"numeric": {"value": 4, "unit": "h"}}),
        &["240 min", "4 Stunden", "within 4 hours"],
        &["4 days", "4 min"],
    );
    judge(
        ASKED,
        &json!({"numeric": {"value": "0.4", "unit": "bar"}}),
        &["0.4 bar", "400 mbar", "40 kPa"],
        &["4 bar", "0.4"],
    );
    judge(
        ASKED,
        &json!({"numeric": {"value": 3, "also_units": ["h"]}}),
        &["three photos", "3 h"],
        &["3 min", "4 photos"],
    );
    judge(
        ASKED,
        &json!({"numeric": {"value": 10, "unit": "drops/min", "also_units": ["drops", ""]}}),
        &["10 drops", "10"],
        &["10 min"],
    );
}

#[test]
fn the_language_decides_what_a_single_mark_means() {
    let expect = json!({"numeric": {"value": 2950, "unit": "rpm"}});
    judge(ASKED, &expect, &["2950 rpm", "2,950 rpm", "2'950 rpm", "2\u{202f}950 rpm"], &["2.950 rpm"]);
    judge(GERMAN, &expect, &["2950 U/min", "2.950 U/min"], &["2,950 U/min"]);
    judge(
        GERMAN,
        &json!({"numeric": {"value": "7.1", "unit": "mm/s"}}),
        &["7,1 mm/s", "7.1 mm/s"],
        &["71 mm/s"],
    );
}

#[test]
fn tolerance_is_a_distance_or_a_share() {
    judge(
        ASKED,
        &json!({"numeric": {"value": 85, "unit": "°C", "tolerance": "1"}}),
        &["84 °C", "86 °C"],
        &["83.9 °C"],
    );
    judge(
        ASKED,
        &json!({"numeric": {"value": 500, "unit": "EUR", "tolerance": "2 %"}}),
        &["€490", "510 euros"],
        &["489 €"],
    );
    judge(ASKED, &json!({"numeric": {"value": 185, "unit": "°F", "tolerance": "0"}}), &["85 °C"], &["85 °F"]);
}

#[test]
fn an_answer_that_lists_all_numbers_names_none() {
    let expect = json!({"numeric": {"value": "7.1", "unit": "mm/s"}});
    judge(
        ASKED,
        &expect,
        &["2.8, 4.5 and 7.1 mm/s, you have 5.2 mm/s; 7.1 mm/s it is"],
        &["1 mm/s, 2 mm/s, 3 mm/s, 4 mm/s, 7.1 mm/s"],
    );
    let listed = reason(&expect, "1 to 2 mm/s, 3 to 4 mm/s, 7.1 mm/s");
    assert_eq!(listed, "the number is one of 5 of its kind; 3 others are the most");
}

#[test]
fn a_number_that_is_taken_back_is_not_named() {
    let expect = json!({"numeric": {"value": 2, "unit": "drops/min"}});
    judge(
        ASKED,
        &expect,
        &[
            "2 drops per minute, not 20 drops per minute.",
            "Instead of 20 drops per minute only 2 drops per minute are allowed.",
            "Not more than 2 drops per minute.",
            "It must not lose more than 2 drops per minute.",
            "A seal may not exceed 2 drops per minute; 25 drops per minute are wrong.",
            "Is it 20 drops per minute? No, 2 drops per minute.",
            "Not 2 drops per minute when old, but a new one may lose 2 drops per minute.",
        ],
        &[
            "Not 2 drops per minute, 20 drops per minute.",
            "It is not 2 drops per minute.",
            "20 drops per minute instead of 2 drops per minute.",
            "20 drops per minute rather than the usual 2 drops per minute.",
            "2 drops per minute would be wrong, it is 20 drops per minute.",
            "2 drops per minute is not the limit.",
            "2 drops per minute? No, 20 drops per minute.",
            "2 drops per minute or 20 drops per minute",
            "20 or 2 drops per minute",
            "Neither 20 drops per minute nor 2 drops per minute.",
        ],
    );
    judge(
        GERMAN,
        &expect,
        &[
            "2 Tropfen pro Minute statt 20 Tropfen pro Minute.",
            "Nicht mehr als 2 Tropfen pro Minute.",
            "Keine Dichtung darf mehr als 2 Tropfen pro Minute verlieren.",
            "Nicht 20 Tropfen pro Minute, sondern 2 Tropfen pro Minute.",
        ],
        &[
            "Statt 2 Tropfen pro Minute gelten 20 Tropfen pro Minute.",
            "Nicht 2 Tropfen pro Minute, sondern 20 Tropfen pro Minute.",
            "2 Tropfen pro Minute wären falsch, es sind 20 Tropfen pro Minute.",
            "2 Tropfen pro Minute gelten nicht.",
            "Falsch wären 2 Tropfen pro Minute.",
            "Weder 20 noch 2 Tropfen pro Minute.",
            "2 oder 20 Tropfen pro Minute",
        ],
    );
    assert_eq!(reason(&expect, "not 2 drops/min"), "the number stands there 1 times and is taken back");
}

proptest! {
    #[test]
    fn what_denies_a_number_denies_every_number(value in 2_u32..10_000, other in 10_001_u32..20_000) {
        let expect = json!({"numeric": {"value": value, "unit": "bar"}});
        for (right, denied) in [
            (format!("{value} bar, not {other} bar"), format!("{other} bar, not {value} bar")),
            (format!("{value} bar statt {other} bar"), format!("{other} bar statt {value} bar")),
        ] {
            prop_assert_eq!(ASKED.score(&expect, &right).outcome, Outcome::Pass, "{}", right);
            prop_assert_eq!(ASKED.score(&expect, &denied).outcome, Outcome::Fail, "{}", denied);
        }
    }
}

#[test]
fn what_is_no_number_or_unit_is_refused() {
    assert_eq!(
        refused(&json!({"numeric": {"value": 1, "unit": "flobs"}})),
        "`numeric` knows no unit `flobs`"
    );
    assert_eq!(
        refused(&json!({"numeric": {"value": 1, "tolerance": "some"}})),
        "`numeric` knows no tolerance `some`; `0`, `0.5` and `2 %` are some"
    );
}
