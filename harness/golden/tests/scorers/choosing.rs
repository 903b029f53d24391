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
fn a_choice_that_is_denied_or_asked_is_none() {
    let classes = json!({"choice": {"of": ["class A", "class B", "class C"], "is": "class B"}});
    judge(
        ASKED,
        &classes,
        &[
            "It is not class A, it is class B.",
            "This is class B, not class C.",
            "Is it class A? It is class B.",
            "It is class B; do not call it class B lightly.",
        ],
        &["It is not class B.", "Not class B but class A.", "Class B would be wrong.", "Is it class B? No."],
    );
    judge(
        ASKED,
        &json!({"choice": {"of": ["A", "B", "C"], "is": "B"}}),
        &["B, not A.", "Nicht A. B."],
        &["Not B.", "Nicht Klasse B.", "It is no longer class B."],
    );
    judge(
        ASKED,
        &json!({"choice": {"of": ["fault", "escalation"], "is": "escalation"}}),
        &["escalation", "no fault, an escalation"],
        &["no escalation", "not an escalation", "keine escalation"],
    );
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
