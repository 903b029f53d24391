//! Answers scored per second, on one core: every item of the shipped set, answered in the words of its documents and
//! once more by whole documents. Then the slowest answer that is as long as any that is read, and how fast a log is
//! searched for secrets.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use edgesoak_golden::leak::Search;
use edgesoak_golden::score::{Answer, AnswerText, LONGEST_ANSWER, Scorer};
use edgesoak_golden::{Files, GoldenSet, Item};

const ROUNDS: usize = 9;

struct Prepared<'a> {
    scorer: Scorer,
    given: Vec<&'a str>,
    answers: [AnswerText; 2],
}

impl Prepared<'_> {
    /// A text as a whole answer to it.
    fn with<'t>(&'t self, text: &'t AnswerText) -> Answer<'t> {
        Answer {
            text,
            finish: Some("stop"),
            ttft: None,
            e2e: None,
            given_docs: &self.given,
            is_cut: false,
            refused: None,
            confidence: None,
        }
    }
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
    println!("16 secrets searched for: {:.0} MB/s", searched());
    println!("slowest of the hostile answers of {LONGEST_ANSWER} bytes: {:.0} ms", slowest(&prepared));
}

/// What grows into answers that cost most: each is repeated up to the longest answer that is read.
const HOSTILE: [&str; 16] = [
    "[",
    "[pm-001]",
    "{\"a\":",
    ".",
    "a. ",
    "1,234 ",
    "-1-",
    "10 drops per ",
    "\u{fdfa}",
    "e\u{301}\u{301}",
    "\u{1b}]0;",
    "**a",
    "停",
    "½",
    "I do not know but ",
    "fault no fault ",
];

/// Milliseconds of the slowest item on the slowest hostile answer.
fn slowest(prepared: &[Prepared<'_>]) -> f64 {
    let answers = HOSTILE.map(|seed| AnswerText::new(seed.repeat(LONGEST_ANSWER / seed.len())));
    let took = |item: &Prepared<'_>, text: &AnswerText| {
        let begin = Instant::now();
        black_box(item.scorer.score(&item.with(text)));
        begin.elapsed().as_secs_f64() * 1e3
    };
    // A few items of each kind stand for all.
    let items = prepared.iter().step_by(10);
    let times = items.flat_map(|item| answers.iter().map(move |text| took(item, text)));
    times.max_by(f64::total_cmp).unwrap_or_default()
}

/// Megabytes per second of a log that are searched for secrets, each of which stands in it once.
fn searched() -> f64 {
    let secrets: Vec<String> =
        (0..16).map(|index| format!("canary-{index:02}k7Qx-m4Zk{index:02}9-Tb81wLpR")).collect();
    let line =
        "11-23 04:05:06.789  1234  5678 I runner  : prompt 42 done, 160 tokens, 8123.4 ms, kv 0x7f32a0\n";
    let noise = line.repeat(10_000);
    let log = secrets.join(&noise) + &noise;
    let search = Search::new(&secrets).expect("sound secrets");
    let begin = Instant::now();
    assert_eq!(black_box(search.find(log.as_bytes())).len(), secrets.len());
    log.len() as f64 / 1e6 / begin.elapsed().as_secs_f64()
}

/// Items per second of one pass over the set.
fn round(prepared: &[Prepared<'_>], index: usize) -> f64 {
    let begin = Instant::now();
    for item in prepared {
        black_box(item.scorer.score(&item.with(&item.answers[index])));
    }
    prepared.len() as f64 / begin.elapsed().as_secs_f64()
}
