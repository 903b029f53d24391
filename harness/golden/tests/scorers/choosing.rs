use serde_json::json;

use crate::asked::{ASKED, judge, reason, refused};

#[test]
fn the_first_sentence_that_names_a_choice_counts() {
    judge(
        ASKED,
        &json!({"choice": {"of": ["fault", "escalation", "no fault"], "is": "fault"}}),
        &["fault", "Fault.", "{\"intent\": \"fault\"}", "This is a fault. An escalation would need class A."],
        &["no fault", "escalation", "fault or escalation", "defaults", "", "It is neither."],
    );
    let reason = reason(&json!({"choice": {"of": ["a b", "c d"], "is": "a b"}}), "c d");
    assert_eq!(reason, "choice 2, wanted 1");
}

#[test]
fn a_choice_of_one_letter_is_no_article() {
    let expect = json!({"choice": {"of": ["A", "B", "C"], "is": "A"}});
    judge(
        ASKED,
        &expect,
        &[
            "A",
            "A)",
            "(A) because it sprays",
            "The answer is A.",
            "Class A",
            "Klasse A: sofort",
            "A: at once",
            "**A**",
        ],
        &["A pump sprays", "B", "a", "A or B.", "It is class B, a leak"],
    );
}

#[test]
fn choices_are_told_apart() {
    assert_eq!(
        refused(&json!({"choice": {"of": ["a", "A"], "is": "a"}})),
        "`choice` lists a choice twice, or an empty one"
    );
    assert_eq!(
        refused(&json!({"choice": {"of": ["a"], "is": "b"}})),
        "`choice` wants something that is not among the choices"
    );
}
