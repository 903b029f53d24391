//! One item and one answer, put together for a test.

use std::collections::BTreeMap;
use std::time::Duration;

use edgesoak_golden::expect::Expect;
use edgesoak_golden::schema::Schema;
use edgesoak_golden::score::{Answer, AnswerText, Ground, Outcome, Score, Scorer, Unfit};
use serde_json::{Value, json};

/// The documents that stood in front of the model.
pub const GIVEN: [&str; 3] = ["pm-001", "pm-002", "pm-031"];

/// An item of which only what a test needs is said.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub language: &'a str,
    pub answerable: bool,
    pub finish: Option<&'a str>,
    pub e2e: Option<Duration>,
    pub ttft: Option<Duration>,
}

pub const ASKED: Asked<'static> =
    Asked { language: "en", answerable: true, finish: Some("stop"), e2e: None, ttft: None };

fn schemas() -> BTreeMap<String, Schema> {
    let place = json!({
        "type": "object",
        "properties": {"place": {"type": "string"}, "count": {"type": "integer", "minimum": 0}},
        "required": ["place"],
        "additionalProperties": false
    });
    BTreeMap::from([("schemas/place.json".to_owned(), Schema::compile(&place).expect("a schema"))])
}

impl Asked<'_> {
    pub fn prepare(&self, expect: &Value) -> Result<Scorer, Unfit> {
        let expect: Expect = serde_json::from_value(expect.clone()).expect("an expectation");
        let ground =
            Ground { language: Some(self.language), answerable: self.answerable, schemas: &schemas() };
        Scorer::prepare(&expect, &ground)
    }

    pub fn score(&self, expect: &Value, answer: &str) -> Score {
        let text = AnswerText::new(answer.to_owned());
        let answer = Answer {
            text: &text,
            finish: self.finish,
            ttft: self.ttft,
            e2e: self.e2e,
            given_docs: &GIVEN,
            is_cut: false,
            refused: None,
            confidence: None,
        };
        self.prepare(expect).expect("a sound expectation").score(&answer)
    }
}

/// Asserts which answers pass and which fail.
pub fn judge(asked: Asked<'_>, expect: &Value, pass: &[&str], fail: &[&str]) {
    for (answers, wanted) in [(pass, Outcome::Pass), (fail, Outcome::Fail)] {
        for answer in answers {
            let score = asked.score(expect, answer);
            assert_eq!(score.outcome, wanted, "{expect}\n{answer}\n{:?}", score.part);
        }
    }
}

/// The reason of the root.
pub fn reason(expect: &Value, answer: &str) -> String {
    ASKED.score(expect, answer).part.reason
}

/// Why an expectation is refused.
pub fn refused(expect: &Value) -> String {
    ASKED.prepare(expect).expect_err("a refusal").to_string()
}
