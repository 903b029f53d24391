//! Hostile answers on the whole way: scored, stored because that was asked for, and shown in every format.

use std::collections::BTreeMap;
use std::fs;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::texts::hostile;
use crate::with_script;
use crate::world::{Spoken, World};

const DRAFT: &str = r#"{"schema":1,"name":"pumps","version":"1.0.0","title":"Pumps","licence":"MIT","languages":["en"],
"items":"items.jsonl","files":[{"path":"items.jsonl"}],"generation":{"max_new":256,"greedy":true,"seed":0},
"gates":{"quality":0.5,"false_answers":0.5},"slices":["language"],"changelog":[{"version":"1.0.0","changes":["First items."]}]}"#;
/// Bytes up to which a device keeps an answer.
const KEPT: usize = 64 << 10;
/// Words up to which one is given.
const WORDS: usize = 256;
/// Ways to tell a run.
const FORMATS: [&str; 7] = ["html", "junit", "md", "json", "annotations", "openmetrics", "bencher"];

fn id(number: usize) -> String {
    format!("hostile-{number:03}")
}

/// The item that is asked right after the soak, too, and its answer.
const SMOKE: (&str, &str) = ("smoke", "It may lose 10 drops per minute.");

/// An item for each answer; they are held against every kind of expectation in turns.
fn items(count: usize) -> String {
    let expectations = [
        json!({"abstention": true}),
        json!({"numeric": {"value": 10, "unit": "drops/min"}}),
        json!({"all": [{"contains_all": ["10 drops", "P-204"]}, {"language": "en"}, {"length": {"max_words": 80, "max_sentences": 3}}]}),
        json!({"choice": {"of": ["class A", "class B"], "is": "class B"}}),
        json!({"tool_call": {"name": "f", "arguments": {"pump": "P-204"}}}),
        json!({"all": [{"citation": {"groups": []}}, {"regex": "(?i)\\bclass [ab]\\b"}]}),
        json!({"leak": ["canary-7QX2-m4Zk9-Tb81wLpR"]}),
        json!({"token_f1": {"text": "at most 10 drops per minute", "at_least": 0.9}}),
    ];
    let item = |id: &str, split: &str, kind: usize| {
        let item = json!({"id": id, "rev": 1, "route": "policy_qa", "split": split, "tags": {"language": "en"},
            "messages": [{"role": "user", "content": asking(id)}],
            "answerable": kind != 0, "expect": expectations[kind]});
        item.to_string() + "\n"
    };
    let hostile = (0..count).map(|number| item(&id(number), "gate", number % expectations.len()));
    hostile.chain([item(SMOKE.0, "smoke", 1)]).collect()
}

fn asking(id: &str) -> String {
    format!("Question {id}?")
}

/// A world whose runner gives one of the texts to each item.
fn answering(texts: &[String]) -> World {
    let questions: Vec<String> = (0..texts.len()).map(|number| asking(&id(number))).collect();
    let smoke = asking(SMOKE.0);
    let script = questions.iter().zip(texts).map(|(asked, text)| (asked.as_str(), text.as_str()));
    let script: Vec<(&str, &str)> = script.chain([(smoke.as_str(), SMOKE.1)]).collect();
    with_script(DRAFT, &items(texts.len()), &script)
}

/// What steers a terminal, reorders what stands beside it or hides.
fn steers(text: &str) -> Option<char> {
    text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    })
}

fn holds_nothing_of_them(what: &str, shown: &str) {
    assert_eq!(steers(shown), None, "{what}");
    for words in ["marker-hostile", "onerror=", "alert(1)", "DROP TABLE", "[pm-999]", "QUFBQUFB", "<!ENTITY"]
    {
        assert!(!shown.contains(words), "{what} shows {words}");
    }
}

fn shown(what: &str, spoken: &Spoken, exit: i32) {
    assert_eq!(spoken.exit, Some(exit), "{what}: {}", spoken.stderr);
    holds_nothing_of_them(what, &spoken.stdout);
    holds_nothing_of_them(what, &spoken.stderr);
}

/// Texts that the database holds, by their items.
fn stored(world: &World, run: &Value) -> BTreeMap<String, String> {
    let database = world.path().join(run["db"].as_str().expect("a path"));
    let connection = Connection::open(database).expect("the database");
    let mut rows = connection
        .prepare("SELECT item, text FROM answer WHERE heat = 'rested'")
        .expect("the view of answers");
    let texts = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    texts.collect::<Result<_, _>>().expect("texts")
}

/// Every text stands there as it was given, or as much of it as is ever kept.
fn all_are_kept(texts: &[String], stored: &BTreeMap<String, String>) {
    assert_eq!(stored.len(), texts.len() + 1);
    for (number, text) in texts.iter().enumerate() {
        let kept = &stored[&id(number)];
        let is_whole = text.len() <= KEPT && text.split_whitespace().count() <= WORDS;
        assert!(
            text.starts_with(kept.as_str()) && (!is_whole || kept == text),
            "{number}: {} bytes",
            kept.len()
        );
        assert!(is_whole || kept.len() <= KEPT, "{number}: {} bytes", kept.len());
    }
}

#[test]
fn a_hundred_hostile_answers_are_scored_stored_and_shown_safely() {
    let texts = hostile();
    assert_eq!(texts.len(), 100);
    let world = answering(&texts);
    let spoken = world.call("run --profile golden --store-outputs --format json --report junit=ci/junit.xml");
    shown("run", &spoken, 1);
    assert_eq!(spoken.last_line(), "verdict=fail exit=1 reason=quality");
    let run = spoken.json();
    assert_eq!(
        run["sessions"][0]["examined"]["asked"].as_u64(),
        Some(100),
        "{}",
        run["sessions"][0]["examined"]
    );
    all_are_kept(&texts, &stored(&world, &run));
    let judged = world.call("judge latest");
    shown("judge", &judged, 1);
    assert_eq!(world.call("store rebuild").exit, Some(0));
    assert_eq!(world.call("judge latest").stdout, judged.stdout);
    all_are_kept(&texts, &stored(&world, &run));
    shown("store check", &world.call("store check"), 0);
    for format in FORMATS {
        shown(format, &world.call(&format!("report latest --format {format} --output shown.txt")), 0);
        holds_nothing_of_them(format, &fs::read_to_string(world.path().join("shown.txt")).expect("a report"));
    }
    let junit = fs::read_to_string(world.path().join("ci/junit.xml")).expect("JUnit XML");
    assert!(roxmltree::Document::parse(&junit).is_ok(), "{junit}");
    let page =
        fs::read_to_string(world.path().join(run["report"].as_str().expect("a path"))).expect("a page");
    assert!(page.contains("100 gate items were answered right"), "the page tells of them");
}

#[test]
fn megabytes_in_a_file_of_answers_are_scored_and_their_words_told_nowhere() {
    let texts = hostile();
    let world = answering(&texts);
    let line = |(number, text): (usize, &String)| {
        // Every tenth is longer than a line that any device could send.
        let text = if number % 10 == 0 { text.repeat((3 << 20) / text.len() + 1) } else { text.clone() };
        json!({"id": id(number), "text": text}).to_string() + "\n"
    };
    world.write("answers.jsonl", &texts.iter().enumerate().map(line).collect::<String>());
    for format in ["human", "json"] {
        let call = format!("golden score pumps@1.0.0 answers.jsonl --format {format}");
        shown(format, &world.call(&call), 1);
    }
}

#[test]
fn lines_that_are_no_answers_are_refused_without_a_word_of_them() {
    let world = answering(&hostile()[..2]);
    for text in [
        "{\"id\":\"hostile-000\",\"text\":\"\\ud800 marker-hostile\"}".to_owned(),
        "{\"id\":\"hostile-000\",\"text\":\"\u{0} marker-hostile\"}".to_owned(),
        format!("{{\"id\":\"hostile-000\",\"text\":{}", "[".repeat(100_000)),
        "{\"id\":\"<script>alert(1)</script>\u{202e}\",\"text\":\"a\"}".to_owned(),
        "{\"id\":\"hostile-000\",\"text\":\"a\",\"\u{9b}2J\":1}".to_owned(),
    ] {
        world.write("answers.jsonl", &(text + "\n"));
        let spoken = world.call("golden score pumps@1.0.0 answers.jsonl");
        assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
        assert!(spoken.stderr.contains("answers.jsonl:1"), "{}", spoken.stderr);
        assert_eq!(steers(&spoken.stderr), None, "{}", spoken.stderr);
        assert!(!spoken.stderr.contains("marker-hostile"), "{}", spoken.stderr);
    }
}
