//! The shipped golden set keeps its promises: digests, ids, retrieval and prompt length.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use edgesoak_prompts::{Prompter, PrompterConfig, Template};
use serde_json::Value;
use sha2::{Digest, Sha256};

const CHATML: &str = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/// The document that holds the answer to each prompt of the cycle.
const NEEDED: [(&str, &str); 12] = [
    ("leak-class-en", "pm-006"),
    ("vendor-exception-en", "pm-011"),
    ("escalation-en", "pm-002"),
    ("leckage-de", "pm-032"),
    ("vibration-en", "pm-004"),
    ("standby-en", "pm-017"),
    ("rates-en", "pm-014"),
    ("eskalation-de", "pm-031"),
    ("caustic-en", "pm-013"),
    ("spares-en", "pm-015"),
    ("ausnahme-de", "pm-034"),
    ("restart-en", "pm-028"),
];

fn set() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden_sets/pump-maintenance/0.1.0")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(set().join(name)).expect("the golden set is part of the repository")
}

fn rows(name: &str) -> Vec<Value> {
    text(name).lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn prompter(dir: &Path) -> Prompter {
    let template = dir.join("chatml.jinja");
    std::fs::write(&template, CHATML).expect("a template can be written");
    let (prompts, corpus) = (set().join("soak.jsonl"), set().join("corpus.jsonl"));
    let config = PrompterConfig {
        prompts: &prompts,
        template: Template::File(&template),
        retrieval: Some((&corpus, 3)),
    };
    Prompter::open(config).expect("the golden set is sound")
}

#[test]
fn the_manifest_seals_every_file() {
    let manifest: Value = serde_json::from_str(&text("manifest.json")).expect("the manifest is JSON");
    assert_eq!(manifest["schema"], 1);
    assert_eq!(
        (manifest["name"].as_str(), manifest["version"].as_str()),
        (Some("pump-maintenance"), Some("0.1.0"))
    );
    let files = manifest["files"].as_array().expect("files are listed");
    let mut listed: BTreeSet<String> = ["manifest.json", "README.md"].map(str::to_owned).into();
    for file in files {
        let name = file["path"].as_str().expect("a file has a path");
        let content = text(name);
        let digest: Vec<String> = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["sha256"].as_str(), Some(digest.concat().as_str()), "{name}");
        assert_eq!(file["lines"].as_u64(), Some(content.lines().count() as u64), "{name}");
        listed.insert(name.to_owned());
    }
    let present = std::fs::read_dir(set()).expect("the folder can be listed");
    let present: BTreeSet<String> =
        present.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(present, listed);
}

#[test]
fn every_prompt_gets_the_document_it_needs() {
    let dir = tempfile::tempdir().expect("a directory for the template");
    let prompter = prompter(dir.path());
    assert_eq!(prompter.len(), NEEDED.len());
    for (index, (item, needed)) in NEEDED.into_iter().enumerate() {
        let rendered = prompter.render(index).expect("the item renders");
        assert_eq!(rendered.item, item);
        assert_eq!(rendered.documents.len(), 3, "{item}");
        assert!(rendered.documents.iter().any(|id| id == needed), "{item}: {:?}", rendered.documents);
    }
}

#[test]
fn prompts_have_the_promised_length_and_repeat_exactly() {
    let dir = tempfile::tempdir().expect("a directory for the template");
    let prompter = prompter(dir.path());
    for index in 0..prompter.len() {
        let rendered = prompter.render(index).expect("the item renders");
        let length = rendered.text.chars().count();
        assert!((800..=1800).contains(&length), "{}: {length} characters", rendered.item);
        assert!(rendered.text.starts_with("<|im_start|>system\n"));
        assert!(rendered.text.ends_with("<|im_end|>\n<|im_start|>assistant\n"));
        let again = prompter.render(index + prompter.len()).expect("the cycle goes on");
        assert_eq!((again.item, again.text), (rendered.item, rendered.text));
    }
}

#[test]
fn citations_in_earlier_turns_and_facts_in_two_languages_agree() {
    let corpus = rows("corpus.jsonl");
    let ids: BTreeSet<&str> = corpus.iter().filter_map(|row| row["id"].as_str()).collect();
    assert!(corpus.len() >= 30 && ids.len() == corpus.len());
    for row in rows("soak.jsonl") {
        for message in row["messages"].as_array().expect("messages") {
            let content = message["content"].as_str().expect("content");
            for cited in content.split('[').skip(1).filter_map(|rest| rest.split(']').next()) {
                assert!(ids.contains(cited), "{cited}");
            }
        }
    }
    let numbers = |id: &str| -> BTreeSet<String> {
        let row = corpus.iter().find(|row| row["id"] == id).expect("the document exists");
        let text = row["text"].as_str().expect("text");
        text.split(|letter: char| !letter.is_ascii_digit())
            .filter(|run| !run.is_empty())
            .map(str::to_owned)
            .collect()
    };
    for (german, english) in [
        ("pm-031", "pm-002"),
        ("pm-032", "pm-006"),
        ("pm-033", "pm-007"),
        ("pm-034", "pm-011"),
        ("pm-035", "pm-015"),
        ("pm-036", "pm-018"),
    ] {
        assert!(numbers(german).is_subset(&numbers(english)), "{german} against {english}");
    }
}

#[test]
fn the_real_model_template_renders_chatml() {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let shared = || std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    let cache = std::env::var_os("EDGESOAK_CACHE").map(PathBuf::from);
    let cache = cache.or_else(|| Some(shared()?.join("edgesoak"))).unwrap_or_default();
    let model = cache.join("SmolLM2-135M-Instruct.Q4_1.gguf");
    if !model.is_file() {
        println!("skipped: the model is not in the cache");
        return;
    }
    let dir = tempfile::tempdir().expect("a directory for the template");
    let (prompts, corpus) = (set().join("soak.jsonl"), set().join("corpus.jsonl"));
    let config = PrompterConfig {
        prompts: &prompts,
        template: Template::Artifact(&model),
        retrieval: Some((&corpus, 3)),
    };
    let real = Prompter::open(config).expect("the model has a template");
    let own = prompter(dir.path());
    for index in 0..real.len() {
        let (real, own) = (real.render(index).expect("renders"), own.render(index).expect("renders"));
        assert_eq!(real.text, own.text);
    }
}
