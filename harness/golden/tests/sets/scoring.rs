//! Answers of a file are scored against the items of a set.

use edgesoak_golden::{Counts, GoldenSet, Split, score_file};
use edgesoak_record::answer::{Cell, Outcome};

use crate::made::{draft, sealed, told};

fn set() -> GoldenSet {
    GoldenSet::load(&sealed(draft())).expect("a sound set")
}

#[test]
fn a_prompt_that_the_runtime_refused_is_no_false_answer() {
    let cell_of = |line: &str| {
        let scored = score_file(&set(), "answers.jsonl", format!("{line}\n").as_bytes()).expect("an answer");
        (scored[0].outcome, scored[0].cell)
    };
    let refused = r#"{"id":"rates","text":"","finish":"refused"}"#;
    assert_eq!(cell_of(refused), (Outcome::Fail, Cell::UnansweredUnanswerable));
    let said = r#"{"id":"rates","text":"310 euros","finish":"refused"}"#;
    assert_eq!(cell_of(said), (Outcome::Fail, Cell::AnsweredUnanswerable));
}

#[test]
fn each_answer_gets_outcome_cell_slices_and_the_digest_of_its_text() {
    let answers = concat!(
        r#"{"id":"seal","text":"10 drops per minute [d-1].","finish":"stop","e2e_ms":41.5,"confidence":0.75}"#,
        "\n",
        r#"{"id":"lager","text":"Höchstens 90 °C."}"#,
        "\n",
        r#"{"id":"rates","text":"The documents do not say; ask the vendor."}"#,
        "\n"
    );
    let scored = score_file(&set(), "answers.jsonl", answers.as_bytes()).expect("three answers");
    let outcomes: Vec<_> =
        scored.iter().map(|answer| (answer.item.as_str(), answer.outcome, answer.cell)).collect();
    assert_eq!(
        outcomes,
        [
            ("seal", Outcome::Pass, Cell::AnsweredRight),
            ("lager", Outcome::Fail, Cell::AnsweredWrong),
            ("rates", Outcome::Pass, Cell::AbstainedRight),
        ]
    );
    let seal = &scored[0];
    assert_eq!(
        seal.slices.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>(),
        ["language=en", "route=policy_qa", "split=gate"]
    );
    assert_eq!((seal.cluster.as_deref(), seal.critical, scored[2].sensitive), (Some("seals"), true, true));
    assert_eq!(seal.answer_digest.len(), 64);
    assert_eq!((seal.confidence, scored[1].confidence), (Some(0.75), None));
    assert!(!serde_json::to_string(&scored).expect("it is JSON").contains("ask the vendor"));
}

#[test]
fn a_document_that_was_not_given_may_not_be_cited() {
    let outcome = |docs: &str| {
        let line = format!("{{\"id\":\"seal\",\"text\":\"10 drops per minute [d-1].\"{docs}}}\n");
        score_file(&set(), "answers.jsonl", line.as_bytes()).expect("an answer")[0].outcome
    };
    assert_eq!(outcome(""), Outcome::Pass);
    assert_eq!(outcome(r#","docs":["d-1","d-2"]"#), Outcome::Pass);
    assert_eq!(outcome(r#","docs":["d-2"]"#), Outcome::Fail);
}

#[test]
fn files_of_other_sets_and_broken_ones_are_refused_without_a_word_of_an_answer() {
    let refused = |text: &str| told(score_file(&set(), "answers.jsonl", text.as_bytes()));
    assert_eq!(
        refused("{\"id\":\"seals\",\"text\":\"secret\"}\n"),
        ["answers.jsonl:1: there is no item `seals`\n    hint: did you mean `seal`?"]
    );
    let twice = "{\"id\":\"seal\",\"text\":\"secret\"}\n".repeat(2);
    assert_eq!(refused(&twice), ["answers.jsonl:2: answer to `seal` was used before"]);
    assert_eq!(
        refused("{\"id\":\"seal\",\"txt\":\"secret\"}\n"),
        ["answers.jsonl:1:18: unknown key `txt`\n    hint: did you mean `text`?"]
    );
    for broken in [
        "{\"id\":\"seal\",\"text\":[\"secret\"]}\n",
        "{\"id\":\"seal\",\"text\":\"secret\",\"e2e_ms\":-1}\n",
        "{\"id\":\"seal\",\"text\":\"secret\",\"e2e_ms\":1e300}\n",
        "{\"id\":\"seal\",\"text\":\"secret\",\"confidence\":1.01}\n",
        "{\"id\":\"seal\",\"text\":\"secret\"",
        "\"secret\"\n",
    ] {
        let refused = refused(broken).concat();
        assert!(!refused.is_empty() && !refused.contains("secret"), "{broken}: {refused}");
    }
}

#[test]
fn an_answer_without_end_is_scored_and_fails() {
    let line = format!("{{\"id\":\"lager\",\"text\":\"85 °C {}\"}}\n", "x".repeat(2 << 20));
    let scored = score_file(&set(), "answers.jsonl", line.as_bytes()).expect("an answer");
    assert_eq!(scored[0].outcome, Outcome::Fail);
}

#[test]
fn a_set_is_counted_by_split_and_slice() {
    let counts = Counts::of(&set());
    assert_eq!((counts.all.items, counts.all.unanswerable, counts.documents, counts.clusters), (3, 1, 2, 3));
    let splits: Vec<_> = counts.splits.iter().map(|(split, count)| (*split, count.items)).collect();
    assert_eq!(splits, [(Split::Smoke, 1), (Split::Gate, 2), (Split::Canary, 0), (Split::Holdout, 0)]);
    assert_eq!(counts.slices["language"]["en"].items, 2);
    assert_eq!((counts.slices["route"]["policy_qa"].critical, counts.all.sensitive), (1, 1));
}
