//! The items of the shipped golden set, rendered as a device renders them: each gets a document that holds its answer.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use edgesoak_prompts::{Prompter, PrompterConfig, Template};
use serde_json::{Value, json};

const CHATML: &str = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
/// What the largest prompt may take: some 700 tokens, so that a small model on one core reads it in seconds.
const LONGEST_PROMPT: usize = 2600;

/// The document that holds the answer to each prompt of the soak's cycle.
const NEEDED: [(&str, &str); 12] = [
    ("leak-class-en", "pm-006"),
    ("vendor-exception-en", "pm-011"),
    ("escalation-en", "pm-002"),
    ("leckage-de", "pm-106"),
    ("vibration-en", "pm-004"),
    ("standby-en", "pm-017"),
    ("rates-en", "pm-014"),
    ("eskalation-de", "pm-102"),
    ("caustic-en", "pm-013"),
    ("spares-en", "pm-015"),
    ("ausnahme-de", "pm-111"),
    ("restart-en", "pm-028"),
];

fn set() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden_sets/pump-maintenance/1.0.0")
}

fn rows(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(set().join(name)).expect("the golden set is part of the repository");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// What a device gets of the items: nothing that tells the answer.
fn prompter(dir: &Path, rows: &[Value]) -> Prompter {
    let (template, prompts, corpus) =
        (dir.join("chatml.jinja"), dir.join("items.jsonl"), set().join("corpus.jsonl"));
    std::fs::write(&template, CHATML).expect("a template can be written");
    let mut lines = String::new();
    for row in rows {
        let pushed = json!({"id": row["id"], "messages": row["messages"], "docs": row["docs"]});
        writeln!(lines, "{pushed}").expect("a text takes lines");
    }
    std::fs::write(&prompts, lines).expect("items can be written");
    let config = PrompterConfig {
        prompts: &prompts,
        template: Template::File(&template),
        retrieval: Some((&corpus, 3)),
    };
    Prompter::open(config).expect("the golden set is sound")
}

fn ids(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Groups of documents of which one each must be cited, or the documents that are quoted.
fn groups(item: &Value) -> Vec<Vec<&str>> {
    let parts = item["expect"]["all"].as_array().map_or(std::slice::from_ref(&item["expect"]), Vec::as_slice);
    let cited = parts.iter().find_map(|part| part["citation"]["groups"].as_array());
    let quoted =
        || item["refs"].as_array().into_iter().flatten().filter_map(|one| one["doc"].as_str()).collect();
    cited.map_or_else(|| vec![quoted()], |groups| groups.iter().map(ids).collect())
}

#[test]
fn every_answerable_item_gets_a_document_of_each_group() {
    let dir = tempfile::tempdir().expect("a directory for the template");
    let items = rows("items.jsonl");
    let prompter = prompter(dir.path(), &items);
    let mut held = 0;
    for (index, item) in items.iter().enumerate() {
        let rendered = prompter.render(index).expect("the item renders");
        assert_eq!(rendered.item, item["id"]);
        let length = rendered.text.chars().count();
        assert!(length <= LONGEST_PROMPT, "{}: {length} characters", rendered.item);
        if item["route"] == "intent" {
            assert!(rendered.documents.is_empty(), "{}", rendered.item);
        } else if item["answerable"] == true {
            held += 1;
            for group in groups(item) {
                let found = rendered.documents.iter().any(|id| group.contains(&id.as_str()));
                assert!(found, "{}: none of {group:?} in {:?}", rendered.item, rendered.documents);
            }
        }
    }
    assert!(held > 400, "{held}");
}

#[test]
fn every_prompt_of_the_soak_gets_the_document_it_needs() {
    let dir = tempfile::tempdir().expect("a directory for the template");
    let prompts = rows("soak.jsonl");
    let prompter = prompter(dir.path(), &prompts);
    assert_eq!(prompts.len(), NEEDED.len());
    for (index, (item, needed)) in NEEDED.into_iter().enumerate() {
        let rendered = prompter.render(index).expect("the item renders");
        assert_eq!(rendered.item, item);
        assert!(rendered.documents.iter().any(|id| id == needed), "{item}: {:?}", rendered.documents);
        let length = rendered.text.chars().count();
        assert!((800..=1800).contains(&length), "{item}: {length} characters");
    }
}
