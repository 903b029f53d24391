//! `scripts/golden_set` makes the shipped set from its facts, and its proof finds what does not follow from the documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FILES: [&str; 7] = [
    "README.md",
    "corpus.jsonl",
    "items.jsonl",
    "manifest.json",
    "schemas/assessment.json",
    "schemas/part_place.json",
    "soak.jsonl",
];

/// What lanes without a large model work with, beside the set.
const LANES: [&str; 3] = ["examples.jsonl", "intent.jsonl", "policy_lookup.jsonl"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn set() -> PathBuf {
    repository().join("golden_sets/pump-maintenance/1.0.0")
}

/// Exit code and what was printed; `None` where there is no Python to run it.
fn golden_set(action: &str, folder: &Path) -> Option<(i32, String)> {
    let mut command = Command::new("python3");
    let Ok(output) = command.arg(repository().join("scripts/golden_set")).arg(action).arg(folder).output()
    else {
        println!("skipped: python3 is not here");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    Some((output.status.code().unwrap_or(-1), said.into_owned()))
}

/// A copy of the set in which one text of a file was put in place of another, again and again; sealed no more.
fn copy_with(path: &str, edits: &[(&str, &str)]) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    fs::create_dir(copy.path().join("schemas")).expect("a folder");
    for name in FILES {
        let mut text = fs::read_to_string(set().join(name)).expect("the set is part of the repository");
        for (from, to) in edits.iter().filter(|_| name == path) {
            assert!(text.contains(from), "{path} holds {from}");
            text = text.replacen(from, to, 1);
        }
        fs::write(copy.path().join(name), text).expect("a file");
    }
    copy
}

#[test]
fn the_shipped_set_is_proven() {
    let Some((code, said)) = golden_set("prove", &set()) else { return };
    assert_eq!(code, 0, "{said}");
    assert!(said.ends_with("items, 82 documents, 0 problems\n"), "{said}");
}

#[test]
fn the_facts_give_the_shipped_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = folder.path().join("pump-maintenance/facts");
    fs::create_dir_all(facts.join("questions")).expect("a folder");
    let from = repository().join("golden_sets/pump-maintenance/facts");
    for part in ["", "questions"] {
        for entry in fs::read_dir(from.join(part)).expect("the facts are part of the repository") {
            let entry = entry.expect("an entry");
            if entry.path().is_file() {
                fs::copy(entry.path(), facts.join(part).join(entry.file_name())).expect("a file");
            }
        }
    }
    let Some((code, said)) = golden_set("make", &facts) else { return };
    assert_eq!(code, 0, "{said}");
    for name in FILES {
        let made = fs::read(folder.path().join("pump-maintenance/1.0.0").join(name)).expect("it was made");
        assert!(made == fs::read(set().join(name)).expect("it ships"), "{name} is not what the facts give");
    }
    for name in LANES {
        let made = fs::read(folder.path().join("pump-maintenance/lanes").join(name)).expect("it was made");
        let ships = fs::read(set().join("../lanes").join(name)).expect("it ships");
        assert!(made == ships, "{name} is not what the facts give");
    }
}

#[test]
fn a_lane_that_knows_what_the_gate_asks_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let (set_at, lanes) = (folder.path().join("1.0.0"), folder.path().join("lanes"));
    fs::create_dir_all(set_at.join("schemas")).expect("a folder");
    fs::create_dir(&lanes).expect("a folder");
    for name in FILES {
        fs::copy(set().join(name), set_at.join(name)).expect("a file");
    }
    let example = |text: &str| format!("{{\"id\":\"e\",\"text\":\"{text}\",\"answer\":\"part\"}}\n");
    let asked = example("I do not need this.") + &example("I NEED an SK-440!");
    fs::write(lanes.join("examples.jsonl"), asked).expect("a file");
    let Some((code, said)) = golden_set("prove", &set_at) else { return };
    assert!(code == 1 && said.contains("examples.jsonl:2: the gate asks this: intent-part-en-1"), "{said}");
    assert!(!said.contains("examples.jsonl:1"), "{said}");
}

#[test]
fn what_does_not_follow_from_the_documents_is_found() {
    let corpus = [
        ("per minute are class B", "per minute are class A", "corpus.jsonl:6: codes and classes differ"),
        ("Bolts M12: 80 Nm", "Bolts M12: 90 Nm", "corpus.jsonl:32: numbers differ"),
    ];
    let items = [
        ("\"value\": \"85\"", "\"value\": \"86\"", "86 °C stands in no quotation"),
        ("lose up to 2 drops", "lose up to 3 drops", "items.jsonl:1: the quotation does not stand in pm-006"),
        ("\"case\": \"seal-new\"", "\"case\": \"\"", "items.jsonl:1: a tag is missing"),
        ("seal-new-en-2", "seal-new-en-1", "items.jsonl:2: the id seal-new-en-1 was used before"),
        ("Which bearing temperature is normal?", "Wo ist der Kran?", "none of ['pm-005', 'pm-105'] is found"),
        ("\"is\": \"class A\"", "\"is\": \"class B\"", "no quotation says class B"),
        ("\"is\": \"escalation\"", "\"is\": \"part\"", "no quotation defines part"),
        ("loses 25 drops per minute", "loses 5 drops per minute", "`above` does not hold"),
        ("\"subject\": \"antifreeze\"", "\"subject\": \"cooling\"", "`cooling` stands in pm-009"),
        (
            "\"name\": \"call_duty_engineer\"",
            "\"name\": \"lookup_part\"",
            "the question asks for no lookup_part",
        ),
        ("\"answerable\": true", "\"answerable\": false", "items.jsonl:1: unanswerable, and yet"),
        ("\"subject\": \"P-102\"", "\"subject\": \"P-407\"", "`P-407` is the subject of silent-p407 too"),
    ];
    for (path, cases) in [
        ("corpus.jsonl", &corpus[..]),
        ("items.jsonl", &items),
        ("README.md", &[("| split `gate` |", "| split `gate` | 9", "split `gate`: the set holds")]),
        ("soak.jsonl", &[("25 drops", "26 drops", "soak.jsonl has another digest than sealed")]),
        (
            "manifest.json",
            &[("\"max_new\": 160", "\"max_new\": 16", "manifest_digest is not that of the manifest")],
        ),
    ] {
        let edits: Vec<(&str, &str)> = cases.iter().map(|(from, to, _)| (*from, *to)).collect();
        let copy = copy_with(path, &edits);
        let Some((code, said)) = golden_set("prove", copy.path()) else { return };
        assert_eq!(code, 1, "{path}: {said}");
        for (from, to, expected) in cases {
            assert!(said.lines().any(|line| line.contains(expected)), "{from} -> {to}: {expected}\n{said}");
        }
    }
}

#[test]
fn a_file_that_nobody_sealed_is_found() {
    let copy = copy_with("README.md", &[]);
    fs::write(copy.path().join("more.jsonl"), "{}\n").expect("a file");
    let Some((code, said)) = golden_set("prove", copy.path()) else { return };
    assert!(code == 1 && said.contains("files that are not sealed or not there: ['more.jsonl']"), "{said}");
}
