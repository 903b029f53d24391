//! Opening a prompter: what is missing or broken is said by file, line and kind.

use std::path::{Path, PathBuf};

use edgesoak_prompts::{Prompter, PrompterConfig, Template};
use proptest::prelude::*;

struct Files {
    dir: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a directory for the files") }
    }

    fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).expect("a small file can be written");
        path
    }

    fn refusal(&self, config: PrompterConfig<'_>) -> String {
        let error = Prompter::open(config).expect_err("something is broken");
        error.to_string().replace(&self.dir.path().display().to_string(), "DIR")
    }
}

const ITEM: &[u8] = br#"{"id":"one","messages":[{"role":"user","content":"Why does it leak?"}]}"#;

/// A GGUF file with these string pairs and no tensor.
fn model(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = [&b"GGUF"[..], &3_u32.to_le_bytes(), &0_u64.to_le_bytes()].concat();
    bytes.extend((pairs.len() as u64).to_le_bytes());
    for (key, value) in pairs {
        bytes.extend([&(key.len() as u64).to_le_bytes()[..], key.as_bytes(), &8_u32.to_le_bytes()].concat());
        bytes.extend([&(value.len() as u64).to_le_bytes()[..], value.as_bytes()].concat());
    }
    bytes
}

const CORPUS: &[u8] = br#"{"id":"pm-2","title":"Seals","text":"Why a seal leaks."}
{"id":"pm-1","title":"Rates","text":"Drops per minute."}"#;

#[test]
fn an_item_may_name_its_documents() {
    let files = Files::new();
    let soak = files.write("soak.jsonl", ITEM);
    let corpus = files.write("corpus.jsonl", CORPUS);
    let template = files.write("chat.jinja", b"{{ messages[-1].content }}");
    let (template, retrieval) = (Template::File(&template), Some((corpus.as_path(), 1)));
    let cycle = Prompter::open(PrompterConfig { prompts: &soak, template, retrieval }).expect("sound");
    let message = r#""messages":[{"role":"user","content":"Why does it leak?"}]"#;
    let asked = |docs: &str| format!(r#"{{"id":"i{}",{message}{docs}}}"#, docs.len());
    let lines = ["", r#","docs":null"#, r#","docs":[]"#, r#","docs":["pm-1","pm-2"]"#].map(asked).join("\n");
    let asked = cycle.over(&files.write("items.jsonl", lines.as_bytes())).expect("sound");
    let documents: Vec<_> =
        (0..asked.len()).map(|index| asked.render(index).expect("renders").documents).collect();
    assert_eq!(documents, [vec!["pm-2"], vec!["pm-2"], vec![], vec!["pm-1", "pm-2"]]);
    assert_eq!(asked.render(2).expect("renders").text, "Why does it leak?");
    assert_eq!(asked.render(0).expect("renders").text, cycle.render(0).expect("renders").text);
}

#[test]
fn an_item_may_bring_documents_of_its_own() {
    let files = Files::new();
    let corpus = files.write("corpus.jsonl", CORPUS);
    let template = files.write("chat.jinja", b"{{ messages[-1].content }}");
    let message = r#""messages":[{"role":"user","content":"Why does it leak?"}]"#;
    let own = r#""inline":[{"id":"own-1","title":"Note","text":"The washer is worn."}]"#;
    let lines = format!("{{\"id\":\"a\",{message},\"docs\":[],{own}}}\n{{\"id\":\"b\",{message},{own}}}");
    let prompts = files.write("items.jsonl", lines.as_bytes());
    for (retrieval, found) in [(None, vec!["own-1"]), (Some((corpus.as_path(), 1)), vec!["pm-2", "own-1"])] {
        let template = Template::File(&template);
        let items = Prompter::open(PrompterConfig { prompts: &prompts, template, retrieval }).expect("sound");
        let [alone, behind] = [0, 1].map(|index| items.render(index).expect("renders"));
        assert_eq!(
            (alone.documents, behind.documents),
            (vec!["own-1".to_owned()], found.iter().map(|id| (*id).to_owned()).collect())
        );
        assert!(alone.text.contains("[1] own-1 Note\nThe washer is worn.\n\nQuestion:\n"), "{}", alone.text);
    }
    let twice = own.replace("}]", "},{\"id\":\"own-1\",\"title\":\"\",\"text\":\"\"}]");
    let prompts = files.write("twice.jsonl", format!("{{\"id\":\"a\",{message},{twice}}}").as_bytes());
    let config = PrompterConfig { prompts: &prompts, template: Template::File(&template), retrieval: None };
    assert_eq!(files.refusal(config), "reading DIR/twice.jsonl, line 1: the id `own-1` was used before");
}

#[test]
fn a_document_that_is_not_there_is_told_by_its_item() {
    let files = Files::new();
    let line = br#"{"id":"one","messages":[{"role":"user","content":"x"}],"docs":["secret-9"]}"#;
    let prompts = files.write("items.jsonl", line);
    let corpus = files.write("corpus.jsonl", CORPUS);
    let template = files.write("chat.jinja", b"");
    for retrieval in [None, Some((corpus.as_path(), 1))] {
        let config = PrompterConfig { prompts: &prompts, template: Template::File(&template), retrieval };
        assert_eq!(
            files.refusal(config),
            "reading DIR/items.jsonl: item `one` names a document that the corpus does not have"
        );
    }
}

#[test]
fn a_model_without_a_template_asks_for_a_file() {
    let files = Files::new();
    let prompts = files.write("soak.jsonl", ITEM);
    let bare = files.write("bare.gguf", &model(&[("general.name", "tiny")]));
    let config = PrompterConfig { prompts: &prompts, template: Template::Artifact(&bare), retrieval: None };
    assert_eq!(
        files.refusal(config),
        "DIR/bare.gguf has no `tokenizer.chat_template`: name a template file instead"
    );
    let torn = files.write("torn.gguf", &model(&[("general.name", "tiny")])[..40]);
    let config = PrompterConfig { template: Template::Artifact(&torn), ..config };
    assert_eq!(
        files.refusal(config),
        "reading the header of DIR/torn.gguf at byte 32: the file ends inside a value"
    );
}

#[test]
fn missing_files_are_named() {
    let files = Files::new();
    let prompts = files.write("soak.jsonl", ITEM);
    let template = files.write("t.jinja", b"{{ messages[0].content }}");
    let absent = files.dir.path().join("absent");
    let good = PrompterConfig { prompts: &prompts, template: Template::File(&template), retrieval: None };
    for config in [
        PrompterConfig { prompts: &absent, ..good },
        PrompterConfig { template: Template::File(&absent), ..good },
        PrompterConfig { template: Template::Artifact(&absent), ..good },
        PrompterConfig { retrieval: Some((&absent, 3)), ..good },
    ] {
        assert_eq!(files.refusal(config), "reading DIR/absent");
    }
}

#[test]
fn a_template_may_stand_in_a_file_among_other_things() {
    let files = Files::new();
    let prompts = files.write("soak.jsonl", ITEM);
    let origin = files.dir.path().join("model.toml");
    let text = |source| Template::Text { origin: &origin, source };
    let config = |source| PrompterConfig { prompts: &prompts, template: text(source), retrieval: None };
    let prompter = Prompter::open(config("[{{ messages[0].role }}]")).expect("a sound template");
    assert_eq!(prompter.render(0).expect("renders").text, "[user]");
    assert_eq!(files.refusal(config("{% if %}")), "compiling the chat template of DIR/model.toml");
}

#[test]
fn a_document_id_is_used_once() {
    let files = Files::new();
    let prompts = files.write("soak.jsonl", ITEM);
    let template = files.write("t.jinja", b"{{ messages[0].content }}");
    let corpus = files.write(
        "c.jsonl",
        b"{\"id\":\"a\",\"title\":\"\",\"text\":\"\"}\n{\"id\":\"a\",\"title\":\"\",\"text\":\"\"}\n",
    );
    let config = PrompterConfig {
        prompts: &prompts,
        template: Template::File(&template),
        retrieval: Some((&corpus, 3)),
    };
    assert_eq!(files.refusal(config), "reading DIR/c.jsonl, line 2: the id `a` was used before");
}

#[test]
fn documents_stand_in_front_of_the_last_question_only() {
    let files = Files::new();
    let prompts = files.write(
        "soak.jsonl",
        br#"{"id":"two","messages":[{"role":"user","content":"First?"},{"role":"assistant","content":"Yes."},{"role":"user","content":"And the seal?"}]}"#,
    );
    let template =
        files.write("t.jinja", b"{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}");
    let corpus = files.write(
        "c.jsonl",
        b"{\"id\":\"b\",\"title\":\"Seal\",\"text\":\"Two drops.\"}\n{\"id\":\"a\",\"title\":\"First\",\"text\":\"Other.\"}\n",
    );
    let config = PrompterConfig {
        prompts: &prompts,
        template: Template::File(&template),
        retrieval: Some((&corpus, 3)),
    };
    let rendered = Prompter::open(config).expect("all is sound").render(7).expect("the item renders");
    let expected =
        "<user>First?<assistant>Yes.<user>Documents:\n[1] b Seal\nTwo drops.\n\nQuestion:\nAnd the seal?";
    assert_eq!((rendered.text.as_str(), rendered.documents), (expected, vec!["b".to_owned()]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_files_are_refused_or_rendered(prompts in prop::collection::vec(any::<u8>(), 0..200), template in "[{}%a-z \n]{0,40}") {
        let files = Files::new();
        let prompts = files.write("soak.jsonl", &prompts);
        let good = files.write("good.jsonl", ITEM);
        let template = files.write("t.jinja", template.as_bytes());
        let open = |prompts: &Path| {
            Prompter::open(PrompterConfig { prompts, template: Template::File(&template), retrieval: None })
        };
        prop_assert!(open(&prompts).is_err());
        if let Ok(rendered) = open(&good).and_then(|prompter| prompter.render(0)) {
            prop_assert_eq!(rendered.item, "one");
        }
    }
}
