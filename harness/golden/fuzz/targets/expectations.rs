//! Any expectation, prepared and, where it is sound, held against an answer.
#![no_main]

use std::collections::BTreeMap;

use edgesoak_golden::expect::Expect;
use edgesoak_golden::schema::Schema;
use edgesoak_golden::score::{Answer, AnswerText, Ground, Scorer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(value) = serde_json::from_slice(data) {
        let _ = Schema::compile(&value).map(|schema| schema.check(&value));
    }
    let Ok(expect) = serde_json::from_slice::<Expect>(data) else { return };
    let ground = Ground { language: None, answerable: false, schemas: &BTreeMap::new() };
    let Ok(scorer) = Scorer::prepare(&expect, &ground) else { return };
    let text = AnswerText::new("It is class B: stop within 4 h [pm-001]. {\"a\": 1}".to_owned());
    let answer = Answer { text: &text, finish: Some("stop"), ttft: None, e2e: None, given_docs: &["pm-001"], is_cut: false, refused: None, confidence: None };
    let score = scorer.score(&answer);
    assert!(score.points.is_none_or(|points| (0.0..=1.0).contains(&points)));
});
