//! Answers scored per second, on one core: every item of the shipped set, answered in the words of its documents and
//! once more by the documents that retrieval would put in front of it.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use edgesoak_golden::score::{Answer, AnswerText, Scorer};
use edgesoak_golden::{Files, GoldenSet, Item};

const ROUNDS: usize = 9;

struct Prepared<'a> {
    scorer: Scorer,
    given: Vec<&'a str>,
    answers: [AnswerText; 2],
}

fn prepare<'a>(set: &'a GoldenSet, item: &'a Item) -> Prepared<'a> {
    let said = |text: &dyn Fn(&'a str, &'a str) -> String| {
        let parts = item.refs.iter().map(|reference| text(&reference.doc, &reference.quote));
        AnswerText::new(parts.collect::<Vec<_>>().join(" "))
    };
    Prepared {
        scorer: set.scorer(item).expect("a sound expectation"),
        given: item.refs.iter().map(|reference| reference.doc.as_str()).collect(),
        answers: [
            said(&|doc, quote| format!("{quote} [{doc}]")),
            said(&|doc, _| format!("{} [{doc}]", set.documents[doc].text)),
        ],
    }
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden_sets/pump-maintenance/1.0.0");
    let set = GoldenSet::load(&Files::read(&root).expect("the set's files")).expect("a sound set");
    let begin = Instant::now();
    let prepared: Vec<Prepared<'_>> = set.items.iter().map(|item| prepare(&set, item)).collect();
    println!("{} items prepared in {:.0} ms", prepared.len(), begin.elapsed().as_secs_f64() * 1e3);
    for (index, name) in ["in the words of the documents", "whole documents"].iter().enumerate() {
        let bytes: usize = prepared.iter().map(|item| item.answers[index].expose().len()).sum();
        let mut rates: Vec<f64> = (0..ROUNDS).map(|_| round(&prepared, index)).collect();
        rates.sort_by(f64::total_cmp);
        let (median, slowest) = (rates[ROUNDS / 2], rates[0]);
        println!("{name}, {} bytes each: {median:.0} items/s, slowest {slowest:.0}", bytes / prepared.len());
    }
}

/// Items per second of one pass over the set.
fn round(prepared: &[Prepared<'_>], index: usize) -> f64 {
    let begin = Instant::now();
    for item in prepared {
        let answer = Answer {
            text: &item.answers[index],
            finish: Some("stop"),
            ttft: None,
            e2e: None,
            given_docs: &item.given,
        };
        black_box(item.scorer.score(&answer));
    }
    prepared.len() as f64 / begin.elapsed().as_secs_f64()
}
