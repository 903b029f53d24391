use edgesoak_golden::expect::Expect;
use edgesoak_golden::score::{SCORERS, version_of};
use serde_json::json;

use crate::asked::ASKED;

/// One expectation for each scorer.
pub fn one_of_each() -> Vec<serde_json::Value> {
    vec![
        json!({"abstention": false}),
        json!({"all": [{"exact": "a"}]}),
        json!({"any": [{"exact": "a"}]}),
        json!({"any_of": ["a", "b"]}),
        json!({"choice": {"of": ["fault", "escalation"], "is": "fault"}}),
        json!({"citation": {"groups": [["pm-001"]]}}),
        json!({"contains_all": ["a"]}),
        json!({"contains_any": ["a"]}),
        json!({"exact": "a"}),
        json!({"json_schema": "schemas/place.json"}),
        json!({"language": "en"}),
        json!({"latency": {"e2e": "60 ms"}}),
        json!({"leak": ["canary-7QX2-m4Zk9-Tb81wLpR"]}),
        json!({"length": {"max_words": 3}}),
        json!({"norm_exact": "a"}),
        json!({"not": {"exact": "a"}}),
        json!({"not_contains": ["a"]}),
        json!({"numeric": {"value": 10, "unit": "min"}}),
        json!({"regex": "a"}),
        json!({"stop_reason": "stop"}),
        json!({"token_f1": {"text": "a b", "at_least": 0.5}}),
        json!({"tool_call": {"name": "stop_pump"}}),
        json!({"weighted": [{"weight": 1, "of": {"exact": "a"}}]}),
    ]
}

#[test]
fn every_scorer_stands_in_the_table_and_says_its_name() {
    let expectations = one_of_each();
    assert_eq!(expectations.len(), SCORERS.len());
    for (expect, (name, version)) in expectations.iter().zip(SCORERS) {
        let score = ASKED.score(expect, "an answer");
        assert_eq!((score.part.scorer.as_str(), score.part.version), (name, version));
        let read: Expect = serde_json::from_value(expect.clone()).expect("an expectation");
        assert_eq!(read.scorer(), name);
        assert_eq!(version_of(name), Some(version));
    }
    assert_eq!(version_of("judge"), None);
}

#[test]
fn a_score_survives_its_way_through_json() {
    for expect in one_of_each() {
        let score = ASKED.score(&expect, "an answer [pm-001] of 10 min");
        let text = serde_json::to_string(&score).expect("JSON");
        assert_eq!(serde_json::from_str::<edgesoak_golden::score::Score>(&text).expect("a score"), score);
    }
}
