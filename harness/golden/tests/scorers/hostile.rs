//! A hundred answers that try to hang, blow up or fool a scorer. None does, and what is written about them is plain
//! text.

use edgesoak_golden::score::{Answer, AnswerText, Outcome};
use serde_json::json;

use crate::asked::{ASKED, GIVEN};
use crate::table::one_of_each;

/// Pieces that grow in one way or another.
const SEEDS: [&str; 30] = [
    "[",
    "{\"a\":",
    "[[pm-001]",
    "[pm-999]",
    "\u{1b}[31m",
    "\u{1b}]0;",
    "\u{0}",
    "\u{202e}",
    "\u{fdfa}",
    "\u{200b}",
    "e\u{301}\u{301}\u{301}",
    "<script>alert(1)</script>",
    "</td><b>",
    "*",
    "**a",
    "``` json {}",
    ".",
    "a.",
    "1.",
    "1,234",
    "9e99 ",
    "-1-",
    "10 drops per ",
    "½",
    "①",
    "٣",
    "停",
    "ﷺ",
    "I do not know but ",
    "\r\n",
];

fn hostile() -> Vec<String> {
    let mut answers: Vec<String> = SEEDS.iter().map(|seed| seed.repeat(65_536 / seed.len())).collect();
    answers.extend(SEEDS.iter().map(|seed| seed.repeat(1_000_000 / seed.len())));
    answers.extend(SEEDS.iter().map(|seed| format!("class B [pm-001] {seed}{seed} 10 min")));
    answers.extend([
        "{\"name\": \"f\", \"arguments\": ".to_owned() + &"[".repeat(60_000),
        format!("{{{}\"a\":1}}", "\"a\":1,".repeat(9_000)),
        format!("{{\"name\":\"stop_pump\",\"arguments\":{{{}\"b\":1}}}}", "\"b\":1,".repeat(9_000)),
        format!("{{\"name\":\"stop_pump\",\"arguments\":\"{}\"}}", "\\\"".repeat(30_000)),
        "9".repeat(65_536),
        format!("{}.{}", "1".repeat(30_000), "1".repeat(30_000)),
        format!("[{}]", "pm-001,".repeat(9_000)),
        "[pm-001]".repeat(8_000),
        "'; DROP TABLE answers; --".to_owned(),
        "{{7*7}} {% raw %} ${jndi:x} %n%n%n%s".to_owned(),
    ]);
    answers
}

#[test]
fn a_hundred_hostile_answers_are_scored() {
    let answers = hostile();
    assert_eq!(answers.len(), 100);
    let tree = ASKED.prepare(&json!({"all": one_of_each()})).expect("a sound expectation");
    for answer in answers {
        let text = AnswerText::new(answer);
        let score = tree.score(&Answer {
            text: &text,
            finish: None,
            ttft: None,
            e2e: None,
            given_docs: &GIVEN,
            is_cut: false,
            refused: None,
            confidence: None,
        });
        let written = serde_json::to_string(&score).expect("JSON");
        assert!(written.len() < 10_000 && written.is_ascii(), "{written}");
        assert!(!written.contains(['<', '>', '\u{1b}']) && !written.contains("\\u"), "{written}");
    }
}

#[test]
fn nothing_hostile_passes_for_an_answer() {
    let expect = json!({"all": [{"contains_any": ["class B"]}, {"citation": {"groups": [["pm-001"]]}}, {"length": {"max_words": 40}}]});
    for answer in hostile().iter().filter(|answer| (1_000..100_000).contains(&answer.len())) {
        assert_eq!(ASKED.score(&expect, answer).outcome, Outcome::Fail, "{} bytes", answer.len());
    }
}
