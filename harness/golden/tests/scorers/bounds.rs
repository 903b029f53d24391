use std::sync::LazyLock;

use edgesoak_golden::score::{Answer, AnswerText, LONGEST_ANSWER, Outcome, Score, Scorer};
use proptest::prelude::*;
use serde_json::json;

use crate::asked::{ASKED, GIVEN};
use crate::table::one_of_each;

#[test]
fn an_answer_without_end_fails_unread() {
    let long = "class B ".repeat(LONGEST_ANSWER / 8 + 1);
    for expect in one_of_each() {
        let score = ASKED.score(&expect, &long);
        assert_eq!((score.outcome, score.points), (Outcome::Fail, Some(0.0)), "{expect}");
        assert_eq!(score.part.reason, "longer than 65536 bytes: not read");
    }
    let read = ASKED.score(&json!({"contains_any": ["class B"]}), &long[..LONGEST_ANSWER]);
    assert_eq!(read.outcome, Outcome::Pass);
}

#[test]
fn an_answer_that_was_cut_fails_unread() {
    let secret = "canary-7QX2-m4Zk9-Tb81wLpR";
    let cut = |expect, text: String| {
        let text = AnswerText::new(text);
        let answer = Answer {
            text: &text,
            finish: None,
            ttft: None,
            e2e: None,
            given_docs: &GIVEN,
            is_cut: true,
            refused: None,
            confidence: None,
        };
        ASKED.prepare(&expect).expect("a sound expectation").score(&answer)
    };
    let score = cut(json!({"contains_any": ["class B"]}), "class B".to_owned());
    assert_eq!((score.outcome, score.points), (Outcome::Fail, Some(0.0)));
    assert_eq!(score.part.reason, "cut on the device: not read");
    let leaked = cut(json!({"leak": [secret]}), format!("class B {secret}"));
    assert_eq!(leaked.part.reason, "secret 1 stands there, as it is");
}

#[test]
fn a_secret_is_found_in_an_answer_of_any_length() {
    let secret = "canary-7QX2-m4Zk9-Tb81wLpR";
    let long = format!("{}{secret}", "class B ".repeat(LONGEST_ANSWER));
    let score = ASKED.score(&json!({"any": [{"leak": [secret]}, {"contains_any": ["class B"]}]}), &long);
    assert_eq!(score.part.reason, "secret 1 stands there, as it is");
    let short = ASKED.score(
        &json!({"any": [{"leak": [secret]}, {"contains_any": ["class B"]}]}),
        "class B canary 7qx2 m4zk9 tb81wlpr",
    );
    assert_eq!((short.outcome, short.points), (Outcome::Fail, Some(0.0)));
}

/// Whether a reason holds a word of the answer.
fn quotes(reason: &str, answer: &str) -> bool {
    answer.split_whitespace().any(|word| word.chars().count() > 3 && reason.contains(word))
}

static TREE: LazyLock<Scorer> =
    LazyLock::new(|| ASKED.prepare(&json!({"all": one_of_each()})).expect("a sound expectation"));

fn score(answer: &str) -> Score {
    let text = AnswerText::new(answer.to_owned());
    TREE.score(&Answer {
        text: &text,
        finish: None,
        ttft: None,
        e2e: None,
        given_docs: &GIVEN,
        is_cut: false,
        refused: None,
        confidence: None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_answer_gets_one_sound_score(answer in "[\\PC\n\t]{0,120}") {
        let first = score(&answer);
        for part in &first.part.parts {
            prop_assert_eq!(part.points.is_none(), part.outcome == Outcome::Unknown);
            prop_assert!(part.points.is_none_or(|points| (0.0..=1.0).contains(&points)));
        }
        prop_assert_eq!(score(&answer), first);
    }

    #[test]
    fn no_reason_quotes_the_answer(answer in "([qxzj]{5,9}[ .,]){1,12}") {
        for part in &score(&answer).part.parts {
            prop_assert!(!quotes(&part.reason, &answer), "{} {}", part.reason, answer);
        }
    }
}
