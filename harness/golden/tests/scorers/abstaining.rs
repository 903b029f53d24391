use edgesoak_golden::score::{Answer, AnswerText, Cell, Outcome};
use serde_json::json;

use crate::asked::{ASKED, Asked, judge};

const SILENT: Asked<'static> = Asked { answerable: false, ..ASKED };

const ABSTENTIONS: &[&str] = &[
    "I do not know. Ask the shift lead.",
    "I don’t know; the documents do not say.",
    "The documents do not contain this information.",
    "Sorry. The documents do not mention a radio channel.",
    "This is not stated in the documents, but the duty engineer can help.",
    "The documents do not give the rates; the shift lead may look them up [pm-001].",
    "Based on the documents provided, I cannot answer this question.",
    "Das weiß ich nicht. Fragen Sie den Schichtleiter.",
    "Dazu steht nichts in den Dokumenten.",
    "Die Dokumente enthalten keine Angaben zum Funkkanal [pm-001].",
    "Das geht aus den Unterlagen nicht hervor, aber die Leitwarte weiß es.",
    "{\"abstain\": true}",
    "```json\n{\"answer\": null, \"ask\": \"shift lead\"}\n```",
];

const ANSWERS: &[&str] = &[
    "Class B, stop within 4 hours [pm-001].",
    "Do not mention the rates to anybody.",
    "The casing does not contain oil.",
    "I do not know, but it is usually 40 Nm.",
    "The documents do not say. Typically it is channel 5.",
    "Die Dokumente sagen dazu nichts, vermutlich Kanal 5.",
    "The damage is class B [pm-001]. The documents do not say who pays.",
    "{\"abstain\": false, \"answer\": 5}",
    "A work order without a document id is sent back.",
    "",
];

#[test]
fn abstentions_are_told_from_answers() {
    judge(ASKED, &json!({"abstention": true}), ABSTENTIONS, ANSWERS);
    judge(ASKED, &json!({"abstention": false}), ANSWERS, ABSTENTIONS);
}

#[test]
fn a_refused_prompt_is_wrong_and_no_false_answer() {
    let text = AnswerText::new(String::new());
    let answer = Answer {
        text: &text,
        finish: Some("refused"),
        ttft: None,
        e2e: None,
        given_docs: &[],
        is_cut: false,
        refused: Some("prompt-too-long"),
        confidence: None,
    };
    for (asked, cell) in [(ASKED, Cell::AnsweredWrong), (SILENT, Cell::UnansweredUnanswerable)] {
        let scorer = asked.prepare(&json!({"not_contains": ["seal"]})).expect("a sound expectation");
        let score = scorer.score(&answer);
        assert_eq!((score.outcome, score.cell), (Outcome::Fail, cell));
        assert_eq!(score.part.reason, "the runtime refused the prompt: prompt-too-long");
    }
}

#[test]
fn five_cells() {
    let right = json!({"contains_any": ["class B"]});
    let silent = json!({"abstention": true});
    for (asked, expect, answer, cell) in [
        (ASKED, &right, "class B", Cell::AnsweredRight),
        (ASKED, &right, "class A", Cell::AnsweredWrong),
        (ASKED, &right, "", Cell::AnsweredWrong),
        (ASKED, &right, "I do not know.", Cell::OverAbstained),
        (SILENT, &silent, "I do not know.", Cell::AbstainedRight),
        (SILENT, &silent, "Channel 5.", Cell::AnsweredUnanswerable),
        (SILENT, &silent, "I do not know, probably channel 5.", Cell::AnsweredUnanswerable),
    ] {
        assert_eq!(asked.score(expect, answer).cell, cell, "{answer}");
    }
}
