//! Any answer, held against one expectation of each kind.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use edgesoak_golden::schema::Schema;
use edgesoak_golden::score::{Answer, AnswerText, Ground, Outcome, Score, Scorer};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

/// Longest reason of a part, bytes.
const LONGEST_REASON: usize = 240;
const GIVEN: [&str; 3] = ["pm-001", "pm-002", "pm-031"];

static SCORERS: LazyLock<Vec<Scorer>> = LazyLock::new(|| {
    let place = json!({
        "type": "object",
        "properties": {"place": {"type": "string", "pattern": "^R"}, "parts": {"type": "array", "items": {"type": "integer"}}},
        "required": ["place"],
        "additionalProperties": false
    });
    let schemas = BTreeMap::from([("s.json".to_owned(), Schema::compile(&place).expect("a schema"))]);
    let expectations = [
        json!({"exact": "class B"}),
        json!({"norm_exact": "Klasse B: 10 Tropfen"}),
        json!({"any_of": ["class B", "10 drops"]}),
        json!({"token_f1": {"text": "stop the pump within 4 hours", "at_least": 0.6}}),
        json!({"contains_all": ["class B", "10", "停止"]}),
        json!({"not_contains": ["95 €", "rate"]}),
        json!({"regex": "(?i)\\bclass [abc]\\b"}),
        json!({"numeric": {"value": 10, "unit": "drops/min", "tolerance": "2 %", "also_units": ["drops", ""]}}),
        json!({"numeric": {"value": "7.1", "unit": "mm/s"}}),
        json!({"choice": {"of": ["A", "B", "C"], "is": "B"}}),
        json!({"choice": {"of": ["fault", "no fault", "escalation"], "is": "fault"}}),
        json!({"json_schema": "s.json"}),
        json!({"tool_call": {"name": "stop", "arguments": {"pump": "P-204", "after": [1, {"min": 5}]}}}),
        json!({"citation": {"groups": [["pm-001", "pm-031"], ["pm-002"]], "per_claim": true}}),
        json!({"abstention": true}),
        json!({"language": "de"}),
        json!({"length": {"max_words": 40, "max_sentences": 3}}),
        json!({"leak": ["canary-7QX2-m4Zk9-Tb81wLpR"]}),
        json!({"any": [{"all": [{"stop_reason": "stop"}, {"latency": {"e2e": "60 ms"}}]}, {"not": {"abstention": true}}]}),
        json!({"weighted": [{"weight": 2, "of": {"contains_any": ["B"]}}, {"weight": 1, "of": {"language": "en"}}]}),
    ];
    let ground = Ground { language: Some("de"), answerable: true, schemas: &schemas };
    let prepare = |expect: &serde_json::Value| {
        let expect = serde_json::from_value(expect.clone()).expect("an expectation");
        Scorer::prepare(&expect, &ground).expect("a sound expectation")
    };
    expectations.iter().map(prepare).collect()
});

fn sound(score: &Score) {
    let mut parts = vec![&score.part];
    while let Some(part) = parts.pop() {
        assert_eq!(part.points.is_none(), part.outcome == Outcome::Unknown, "{part:?}");
        assert!(part.points.is_none_or(|points| (0.0..=1.0).contains(&points)), "{part:?}");
        // Expectations here are ASCII: anything else could only come from the answer.
        assert!(part.reason.len() <= LONGEST_REASON && part.reason.is_ascii(), "{part:?}");
        assert!(!part.reason.contains(|c: char| c.is_control()), "{part:?}");
        parts.extend(&part.parts);
    }
}

fuzz_target!(|data: &[u8]| {
    let [choice, bytes @ ..] = data else { return };
    let scorer = &SCORERS[usize::from(*choice) % SCORERS.len()];
    let text = AnswerText::new(String::from_utf8_lossy(bytes).into_owned());
    let answer = Answer { text: &text, finish: None, ttft: None, e2e: None, given_docs: &GIVEN, is_cut: false, refused: None, confidence: None };
    let score = scorer.score(&answer);
    sound(&score);
    assert_eq!(scorer.score(&answer), score);
});
