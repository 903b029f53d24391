//! A small set, made up in memory and sealed.

use edgesoak_golden::{Files, GoldenSet, MANIFEST, Manifest, manifest_text, seal};
use edgesoak_signing::SecretKey;

pub const CORPUS: &str = r#"{"id":"d-1","title":"Seals","text":"A seal may lose 10 drops per minute."}
{"id":"d-2","title":"Bearings","text":"A bearing may have 85 °C."}
"#;

pub const ITEMS: &str = r#"{"id":"seal","rev":1,"route":"policy_qa","split":"gate","critical":true,"tags":{"language":"en","topic":"seals"},"messages":[{"role":"user","content":"How many drops?"}],"answerable":true,"expect":{"all":[{"numeric":{"value":10,"unit":"drops/min"}},{"citation":{"groups":[["d-1"]]}}]},"refs":[{"doc":"d-1","quote":"10 drops per minute"}]}
{"id":"lager","rev":1,"route":"policy_qa","split":"gate","tags":{"language":"de","topic":"bearings"},"messages":[{"role":"system","content":"Kurz."},{"role":"user","content":"Wie warm?"}],"docs":["d-2"],"answerable":true,"expect":{"contains_any":["85 °C"]}}
{"id":"rates","rev":1,"route":"policy_qa","split":"smoke","sensitive":true,"tags":{"language":"en","topic":"rates"},"messages":[{"role":"user","content":"What does it cost?"}],"answerable":false,"expect":{"abstention":true}}
"#;

const DRAFT: &str = r#"{
  "schema": 1,
  "name": "made-up",
  "version": "1.0.0",
  "parent": null,
  "title": "A made-up set",
  "licence": "MIT",
  "languages": ["en", "de"],
  "retrieval": {"corpus": "corpus.jsonl", "top_k": 2},
  "items": "items.jsonl",
  "files": [{"path": "corpus.jsonl"}, {"path": "items.jsonl"}],
  "generation": {"max_new": 160, "greedy": true, "seed": 0},
  "gates": {"quality": 0.92, "false_answers": "2 %"},
  "slices": ["language", "route"],
  "cluster": "topic",
  "changelog": [{"version": "1.0.0", "changes": ["First items."]}]
}
"#;

/// The set before it was sealed.
pub fn draft() -> Files {
    let mut files = Files::default();
    files.put(MANIFEST, DRAFT);
    files.put("corpus.jsonl", CORPUS);
    files.put("items.jsonl", ITEMS);
    files.put("README.md", "A made-up set.\n");
    files
}

/// With its digests.
pub fn sealed(files: Files) -> Files {
    seal_with(files, None, None).expect("the set is sound")
}

pub fn seal_with(
    mut files: Files,
    parent: Option<&GoldenSet>,
    key: Option<&SecretKey>,
) -> Result<Files, edgesoak_golden::GoldenErrors> {
    let manifest = seal(&files, parent, key)?;
    files.put(MANIFEST, manifest_text(&manifest).expect("it is JSON"));
    Ok(files)
}

/// With one text put in place of another, which must be there.
pub fn edited(files: &Files, path: &str, from: &str, to: &str) -> Files {
    let text = String::from_utf8(files.get(path).expect("the file").to_vec()).expect("it is text");
    assert!(text.contains(from), "{path} holds {from}");
    let mut files = files.clone();
    files.put(path, text.replacen(from, to, 1));
    files
}

/// The next version of a sealed set, with its manifest as a draft again.
pub fn next(files: &Files, version: &str) -> Files {
    let mut manifest: Manifest =
        serde_json::from_slice(files.get(MANIFEST).expect("a manifest")).expect("a manifest");
    manifest.parent = Some(manifest.version);
    manifest.version = edgesoak_golden::Version::read(version).expect("a version");
    manifest.sealed = false;
    let mut files = files.clone();
    files.put(MANIFEST, manifest_text(&manifest).expect("it is JSON"));
    files
}

/// What is wrong, one line each.
pub fn told(result: Result<impl Sized, edgesoak_golden::GoldenErrors>) -> Vec<String> {
    let Err(errors) = result else { return Vec::new() };
    let told = errors.findings().iter().map(|finding| {
        let hint = finding.hint.as_ref().map_or(String::new(), |hint| format!("\n    hint: {hint}"));
        format!("{finding}{hint}")
    });
    told.collect()
}
