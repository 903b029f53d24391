//! Answers in a file, one JSON object a line: `{"id", "text", "finish", "ttft_ms", "e2e_ms", "docs", "confidence"}`.

use std::collections::BTreeSet;
use std::time::Duration;

use edgesoak_record::answer::ScoredAnswer;
use serde::Deserialize;

use crate::examiner::Examiner;
use crate::finding::{Finding, GoldenErrors};
use crate::item::Item;
use crate::limits::{MAX_ANSWER_BYTES, MOST_DOCS};
use crate::problem::Problem;
use crate::score::{Answer, AnswerText};
use crate::set::GoldenSet;
use crate::{json, lines};

/// How an answer ends that the runtime refused to give, and the code where none is told.
const REFUSED: &str = "refused";
const ANY_CODE: &str = "other";
/// Longest latency that is believed.
const LONGEST_MS: f64 = 86_400_000.0;

/// A line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    text: String,
    #[serde(default)]
    finish: Option<String>,
    #[serde(default)]
    ttft_ms: Option<f64>,
    #[serde(default)]
    e2e_ms: Option<f64>,
    #[serde(default)]
    docs: Option<Vec<String>>,
    #[serde(default)]
    confidence: Option<f64>,
}

/// Scores every answer of a file; `file` names it in findings, none of which holds a word of an answer.
///
/// An item is answered once. Where neither item nor line says which documents were in front of the model, every
/// document of the set counts as given.
pub fn score_file(set: &GoldenSet, file: &str, bytes: &[u8]) -> Result<Vec<ScoredAnswer>, GoldenErrors> {
    let examiner = Examiner::of(set)?;
    let mut findings = Vec::new();
    let mut scored = Vec::new();
    let mut answered = BTreeSet::new();
    for (line, text) in lines::of_at_most(MAX_ANSWER_BYTES, file, bytes, &mut findings) {
        match score_line(set, &examiner, (file, line), text) {
            Ok(answer) if !answered.insert(answer.item.clone()) => {
                findings.push(Finding::at(file, line, Problem::Twice { kind: "answer to", id: answer.item }));
            }
            Ok(answer) => scored.push(answer),
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok(scored) } else { Err(GoldenErrors::new(findings)) }
}

fn score_line(
    set: &GoldenSet,
    examiner: &Examiner,
    (file, line): (&str, u64),
    text: &str,
) -> Result<ScoredAnswer, Finding> {
    let written: Written = json::typed(file, line, text)?;
    let text = AnswerText::new(written.text);
    let Some(item) = examiner.item(&written.id) else {
        let known = set.items.iter().map(|item| item.id.as_str());
        return Err(Finding::unknown(file, Some(line), "item", &written.id, known));
    };
    let given = given(set, item, written.docs.as_deref());
    if given.len() > MOST_DOCS && written.docs.is_some() {
        let problem = Problem::TooMuch { what: "too many documents", limit: MOST_DOCS.to_string() };
        return Err(Finding::at(file, line, problem));
    }
    let span = |key, ms: Option<f64>| match ms {
        Some(ms) if !(0.0..=LONGEST_MS).contains(&ms) => {
            Err(Finding::at(file, line, Problem::value(key, "must be from 0 to 86400000 milliseconds")))
        }
        ms => Ok(ms.map(|ms| Duration::from_secs_f64(ms / 1e3))),
    };
    if written.confidence.is_some_and(|confidence| !(0.0..=1.0).contains(&confidence)) {
        return Err(Finding::at(file, line, Problem::value("confidence", "must be from 0 to 1")));
    }
    let is_refused = written.finish.as_deref() == Some(REFUSED) && text.expose().is_empty();
    let answer = Answer {
        text: &text,
        finish: written.finish.as_deref(),
        ttft: span("ttft_ms", written.ttft_ms)?,
        e2e: span("e2e_ms", written.e2e_ms)?,
        given_docs: &given,
        is_cut: false,
        refused: is_refused.then_some(ANY_CODE),
        confidence: written.confidence,
    };
    let scored = examiner.score(&written.id, &answer);
    scored.ok_or_else(|| Finding::at(file, line, Problem::Unknown { kind: "item", id: written.id.clone() }))
}

/// Documents that stood in front of the model: the item's, else the line's, else any.
fn given<'a>(set: &'a GoldenSet, item: &'a Item, told: Option<&'a [String]>) -> Vec<&'a str> {
    match item.docs.as_deref().or(told) {
        Some(docs) => docs.iter().map(String::as_str).collect(),
        None => set.documents.keys().map(String::as_str).collect(),
    }
}
