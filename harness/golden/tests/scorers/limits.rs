use std::time::Duration;

use edgesoak_golden::score::Outcome;
use serde_json::json;

use crate::asked::{ASKED, Asked, judge, reason, refused};

#[test]
fn length_counts_words_and_sentences_without_citations() {
    judge(
        ASKED,
        &json!({"length": {"max_words": 4}}),
        &["One two three four [pm-001].", "10 drops/min 5"],
        &["a b c d e"],
    );
    judge(
        ASKED,
        &json!({"length": {"max_sentences": 2}}),
        &["One at 7.1 mm/s. Two.", "z. B. drei. Vier."],
        &["One. Two. Three."],
    );
    assert_eq!(
        reason(&json!({"length": {"max_words": 9}}), "It is class B."),
        "4 words in 1 sentences, at most 9 words"
    );
    assert_eq!(refused(&json!({"length": {}})), "`length` limits nothing");
    assert_eq!(refused(&json!({"length": {"max_words": 0}})), "`length` allows nothing");
}

#[test]
fn the_reason_to_stop_is_known_or_unknown() {
    let expect = json!({"stop_reason": "stop"});
    let with = |finish| Asked { finish, ..ASKED }.score(&expect, "a").outcome;
    assert_eq!(
        (with(Some("stop")), with(Some("length")), with(None)),
        (Outcome::Pass, Outcome::Fail, Outcome::Unknown)
    );
}

#[test]
fn latency_that_was_not_measured_is_unknown() {
    let expect = json!({"latency": {"e2e": "60 ms", "ttft": "0.25 s"}});
    let with = |e2e: Option<u64>, ttft: Option<u64>| {
        let millis = |time: Option<u64>| time.map(Duration::from_millis);
        Asked { e2e: millis(e2e), ttft: millis(ttft), ..ASKED }.score(&expect, "a")
    };
    assert_eq!(with(Some(60), Some(250)).outcome, Outcome::Pass);
    assert_eq!(with(Some(61), Some(20)).outcome, Outcome::Fail);
    assert_eq!(with(Some(61), None).outcome, Outcome::Fail);
    let unknown = with(Some(60), None);
    assert_eq!((unknown.outcome, unknown.points), (Outcome::Unknown, None));
    assert_eq!(unknown.part.reason, "e2e 60.0 ms, at most 60.0 ms; ttft was not measured");
    for bad in ["60", "soon", "-1 s", "60 bar", "2 days", "1 s 2 s"] {
        let why = format!("`latency` knows no limit `{bad}`; `60 ms` is one");
        assert_eq!(refused(&json!({"latency": {"e2e": bad}})), why);
    }
}
