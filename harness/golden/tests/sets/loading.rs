//! Whatever does not hold in a set is refused, with file, line and a hint.
use std::path::Path;

use crate::made::{ITEMS, draft, edited, sealed, told};
use edgesoak_golden::{Files, GoldenSet, MANIFEST, set_digest};

#[test]
fn a_sealed_set_holds_what_was_written() {
    let set = GoldenSet::load(&sealed(draft())).expect("a sound set");
    assert_eq!(set.manifest.reference(), "made-up@1.0.0");
    assert_eq!(set.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["seal", "lager", "rates"]);
    assert_eq!(set.documents.len(), 2);
    let sensitive: Vec<bool> = set.items.iter().map(|item| set.is_sensitive(item)).collect();
    assert_eq!(sensitive, [false, false, true]);
    assert_eq!(
        set.manifest.scorers.keys().collect::<Vec<_>>(),
        ["abstention", "all", "citation", "contains_any", "numeric"]
    );
}

#[test]
fn what_is_pushed_to_a_device_tells_no_answer() {
    let set = GoldenSet::load(&sealed(draft())).expect("a sound set");
    let pushed: Vec<String> =
        set.items.iter().map(|item| serde_json::to_string(&item.pushed()).expect("it is JSON")).collect();
    assert_eq!(pushed[0], r#"{"id":"seal","messages":[{"role":"user","content":"How many drops?"}]}"#);
    assert!(pushed[1].ends_with(r#""docs":["d-2"]}"#), "{}", pushed[1]);
}

#[test]
fn the_order_of_items_and_of_keys_does_not_count() {
    let set = GoldenSet::draft(&draft()).expect("a sound set");
    let mut files = draft();
    let mut lines: Vec<&str> = ITEMS.lines().collect();
    lines.reverse();
    files.put("items.jsonl", lines.join("\n") + "\n");
    let files = edited(&files, "items.jsonl", r#""id":"seal","rev":1,"#, r#""rev": 1, "id": "seal", "#);
    let other = GoldenSet::draft(&files).expect("a sound set");
    assert_eq!(set_digest(&other.items), set_digest(&set.items));
    let files = edited(&files, "items.jsonl", "How many", "How few");
    let other = GoldenSet::draft(&files).expect("a sound set");
    assert_ne!(set_digest(&other.items), set_digest(&set.items));
}

/// What is edited in a sealed set.
const EDITS: &[(&str, &str, &str)] = &[
    ("corpus.jsonl", "10 drops", "11 drops"),
    ("corpus.jsonl", "d-2", "d-1"),
    ("corpus.jsonl", "{\"id\":\"d-2\"", "{\"key\":\"d-2\""),
    ("items.jsonl", "How many", "How few"),
    ("items.jsonl", "\"rev\":1", "\"rev\":2"),
    ("items.jsonl", "\"rev\":1", "\"rev\":0"),
    ("items.jsonl", "\"rev\":1", "\"rve\":1"),
    ("items.jsonl", "\"split\":\"smoke\"", "\"split\":\"smoky\""),
    ("items.jsonl", "\"id\":\"lager\"", "\"id\":\"seal\""),
    ("items.jsonl", "\"id\":\"lager\"", "\"id\":\"das lager\""),
    ("items.jsonl", "\"id\":\"lager\"", "\"id\":\"lager\",\"id\":\"lager\""),
    ("items.jsonl", "numeric", "numerik"),
    ("items.jsonl", "[[\"d-1\"]]", "[[\"d-9\"]]"),
    ("items.jsonl", "\"docs\":[\"d-2\"]", "\"docs\":[\"d-2\",\"d-2\"]"),
    ("items.jsonl", "\"docs\":[\"d-2\"]", "\"docs\":[\"d2\"]"),
    ("items.jsonl", "\"quote\":\"10 drops", "\"quote\":\"12 drops"),
    ("items.jsonl", "\"role\":\"user\",\"content\":\"Wie", "\"role\":\"assistant\",\"content\":\"Wie"),
    ("items.jsonl", "\"topic\":\"rates\"", "\"subject\":\"rates\""),
    ("items.jsonl", "{\"abstention\":true}", "{\"regex\":\"(\"}"),
    ("items.jsonl", "How many", "How many"),
    (MANIFEST, "\"quality\": 0.92", "\"quality\": 0.5"),
    (MANIFEST, "\"quality\": 0.92", "\"quality\": 92"),
    (MANIFEST, "\"quality\"", "\"qualty\""),
    (MANIFEST, "\"version\": \"1.0.0\"", "\"version\": \"1.0\""),
    (MANIFEST, "\"top_k\": 2", "\"top_k\": 0"),
    (MANIFEST, "\"numeric\": 2", "\"numeric\": 7"),
    (MANIFEST, "\"numeric\": 2", "\"numeriq\": 2"),
    (MANIFEST, "\"lines\": 3", "\"lines\": 4"),
    (MANIFEST, "\"corpus\": \"corpus.jsonl\"", "\"corpus\": \"corpora.jsonl\""),
    (MANIFEST, "\"language\",", "\"languages\","),
    (MANIFEST, "\"schema\": 1", "\"schema\": 2"),
];

#[test]
fn every_edit_of_a_sealed_set_is_told_with_its_place() {
    let whole = sealed(draft());
    let mut transcript = Vec::new();
    for (path, from, to) in EDITS {
        let found = told(GoldenSet::load(&edited(&whole, path, from, to)));
        assert_eq!(found.is_empty(), from == to, "{path}: {from} -> {to}");
        transcript.push(format!("{path}: {from} -> {to}"));
        transcript.extend(found.iter().map(|line| format!("  {line}")));
    }
    insta::assert_snapshot!("edits", transcript.join("\n"));
}

#[test]
fn files_that_are_missing_and_files_that_nobody_listed_are_told() {
    let whole = sealed(draft());
    let mut more = whole.clone();
    more.put("items.jsonl.orig", "x");
    assert_eq!(
        told(GoldenSet::load(&more)),
        [
            "items.jsonl.orig: is there and not listed in the manifest\n    hint: remove it, or list it under `files`; did you mean `items.jsonl`?"
        ]
    );
    let mut fewer = Files::default();
    for path in whole.paths().filter(|path| *path != "corpus.jsonl") {
        fewer.put(path, whole.get(path).expect("the file"));
    }
    let found = told(GoldenSet::load(&fewer));
    assert!(
        found.iter().any(|line| line == "corpus.jsonl: is listed in the manifest and is not there"),
        "{found:?}"
    );
}

#[test]
fn a_template_is_a_listed_file_with_its_digest_or_an_artifact() {
    let with = |template: &str| {
        let mut files =
            edited(&draft(), MANIFEST, "\"retrieval\"", &format!("\"template\": {template}, \"retrieval\""));
        files = edited(&files, MANIFEST, "[{\"path\"", "[{\"path\": \"chat.jinja\"}, {\"path\"");
        files.put("chat.jinja", "{{ messages }}");
        files
    };
    assert!(GoldenSet::load(&sealed(with(r#"{"path": "chat.jinja"}"#))).is_ok());
    assert!(GoldenSet::load(&sealed(with(r#"{"artifact": "model.gguf", "sha256": "00"}"#))).is_ok());
    let told = |files| told(GoldenSet::load(&files))[0].clone();
    let both = told(with(r#"{"path": "chat.jinja", "artifact": "model.gguf"}"#));
    assert!(both.starts_with("manifest.json:9: `template` is a `path`"), "{both}");
    assert!(told(with("{}")).starts_with("manifest.json:9: `template` is a `path`"));
    let other = told(with(r#"{"path": "chat2.jinja"}"#));
    assert!(other.contains("there is no listed file `chat2.jinja`"), "{other}");
    let whole = sealed(with(r#"{"path": "chat.jinja", "sha256": "00"}"#));
    assert!(told(whole).contains("`template` has another `sha256` than its file"));
}

#[test]
fn a_set_with_hundreds_of_faults_tells_a_hundred() {
    let mut files = draft();
    files.put("items.jsonl", "{}\n".repeat(500));
    let found = told(GoldenSet::draft(&files));
    assert_eq!(found.len(), 101);
    assert_eq!(found[100], "400 more findings are not shown");
}

#[test]
fn the_shipped_set_without_items_serves_the_soak() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden_sets/pump-maintenance/0.1.0");
    let files = Files::read(&folder).expect("the set is part of the repository");
    let set = GoldenSet::load(&files).expect("a sound set");
    assert_eq!((set.items.len(), set.documents.len()), (0, 36));
    assert_eq!(set.manifest.soak.as_deref(), Some("soak.jsonl"));
}
