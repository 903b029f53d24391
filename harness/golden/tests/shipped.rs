//! The golden sets that ship: their seals, and answers made of their own documents.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use edgesoak_golden::expect::Expect;
use edgesoak_golden::score::{Answer, AnswerText, Cell, Score, Scorer};
use edgesoak_golden::{Files, GoldenSet, Item, MANIFEST, Reference, Split, manifest_text, seal};
use edgesoak_record::golden::Round;

fn folder(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden_sets/pump-maintenance").join(version)
}

fn files(version: &str) -> Files {
    Files::read(&folder(version)).expect("the set is part of the repository")
}

static SET: LazyLock<GoldenSet> =
    LazyLock::new(|| GoldenSet::load(&files("1.0.0")).expect("the set is sound"));

fn scorer(item: &Item) -> Scorer {
    SET.scorer(item).expect("the expectation can be met")
}

/// Scores an answer to somebody who was given every document.
fn score(scorer: &Scorer, text: &str) -> Score {
    let text = AnswerText::new(text.to_owned());
    let given: Vec<&str> = SET.documents.keys().map(String::as_str).collect();
    scorer.score(&Answer {
        text: &text,
        finish: Some("stop"),
        ttft: None,
        e2e: None,
        given_docs: &given,
        is_cut: false,
        refused: None,
        confidence: None,
    })
}

fn form(item: &Item) -> &str {
    &item.tags["form"]
}

fn is_german(item: &Item) -> bool {
    item.tags["language"] == "de"
}

/// Whether a sentence that cites a document could be right.
fn answers_in_words(item: &Item) -> bool {
    !item.refs.is_empty() && !["lookup", "canary", "intent", "choice", "json", "tool"].contains(&form(item))
}

fn parts(expect: &Expect) -> Vec<&Expect> {
    match expect {
        Expect::All(parts) => parts.iter().collect(),
        one => vec![one],
    }
}

fn cited(reference: &Reference) -> String {
    format!("{} [{}]", reference.quote.trim_end_matches('.'), reference.doc)
}

/// The first quotation of each group that must be cited, or of the item.
fn quoted(item: &Item) -> String {
    let groups = parts(&item.expect).into_iter().find_map(|part| match part {
        Expect::Citation(citation) => Some(citation.groups.clone()),
        _ => None,
    });
    let every = vec![item.refs.iter().map(|reference| reference.doc.clone()).collect()];
    let first = |group: Vec<String>| item.refs.iter().find(|reference| group.contains(&reference.doc));
    let quotes = groups.unwrap_or(every).into_iter().filter_map(first).map(cited);
    quotes.collect::<Vec<_>>().join(". ") + "."
}

/// The fields that patterns such as `"class"\s*:\s*"B"` ask for, as one object.
fn object(item: &Item) -> String {
    let field = |part: &&Expect| match part {
        Expect::Regex(pattern) => Some(pattern.replace("\\s*", "")),
        _ => None,
    };
    let mut fields: Vec<String> = parts(&item.expect).iter().filter_map(field).collect();
    if fields.iter().any(|field| field.starts_with("\"class\"")) {
        fields.push(format!("\"documents\":[\"{}\"]", item.refs[0].doc));
    }
    format!("{{{}}}", fields.join(","))
}

fn abstention(item: &Item) -> &'static str {
    if is_german(item) {
        "Das weiß ich nicht, die Dokumente sagen dazu nichts. Bitte den Bereitschaftsingenieur fragen."
    } else {
        "I do not know, the documents do not say. Please ask the duty engineer."
    }
}

/// An answer that somebody who only reads the documents would give.
fn right(item: &Item) -> String {
    match (parts(&item.expect)[0], form(item)) {
        (Expect::Choice(choice), "choice" | "intent") => choice.is.clone(),
        (Expect::ToolCall(call), _) => {
            serde_json::json!({"name": call.name, "arguments": call.arguments}).to_string()
        }
        (_, "json") => object(item),
        _ if item.refs.is_empty() || !item.answerable => abstention(item).to_owned(),
        (_, "canary") if item.id.starts_with("canary-phrase") => abstention(item).to_owned(),
        _ => quoted(item),
    }
}

#[test]
fn the_seal_is_the_one_that_this_program_writes() {
    let files = files("1.0.0");
    let parent = GoldenSet::load(&self::files("0.1.0")).expect("the parent is sound");
    let manifest = seal(&files, Some(&parent), None).expect("the set can be sealed");
    let text = manifest_text(&manifest).expect("a manifest is JSON");
    assert_eq!(text.as_bytes(), files.get(MANIFEST).expect("it has a manifest"));
}

#[test]
fn answers_made_of_the_documents_are_right() {
    let wrong = SET.items.iter().filter_map(|item| {
        let text = right(item);
        let score = score(&scorer(item), &text);
        (!score.passed()).then(|| format!("{}: {text}: {:?}", item.id, score.part))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn an_abstention_is_right_exactly_where_the_documents_are_silent() {
    for item in SET.items.iter().filter(|item| !item.id.starts_with("canary-phrase")) {
        let score = score(&scorer(item), abstention(item));
        let expected = if item.answerable { Cell::OverAbstained } else { Cell::AbstainedRight };
        assert_eq!((score.cell, score.passed()), (expected, !item.answerable), "{}", item.id);
    }
}

/// Words of sentences that send the reader on, or are about documents: those may stand behind an abstention.
const LEADS_ON: [&str; 10] = [
    "call",
    "ask",
    "decides",
    "look them up",
    "document",
    "anrufen",
    "frag",
    "entscheidet",
    "nachsehen",
    "Dokument",
];

/// An abstention that answers all the same is a false answer, whatever it answers.
#[test]
fn a_sentence_of_the_documents_behind_an_abstention_takes_it_back() {
    let answers = |language: bool| {
        let answered = SET.items.iter().filter(move |item| item.answerable && is_german(item) == language);
        answered.flat_map(|item| &item.refs).collect::<Vec<_>>()
    };
    let references = [answers(false), answers(true)];
    let silent: Vec<&Item> = SET.items.iter().filter(|item| !item.answerable).collect();
    let (mut held, mut kept) = (0, BTreeSet::new());
    for (number, reference) in references.iter().flatten().enumerate() {
        let is_german = reference.doc.as_str() > "pm-100";
        let item = silent.iter().filter(|item| self::is_german(item) == is_german).nth(number % 100);
        let item = item.expect("a hundred of each language");
        let answer = format!("{} {}.", abstention(item), cited(reference));
        held += 1;
        let leads_on = LEADS_ON.iter().any(|word| reference.quote.contains(word));
        if !leads_on && score(&scorer(item), &answer).cell != Cell::AnsweredUnanswerable {
            kept.insert(answer);
        }
    }
    assert!(held > 800, "{held}");
    assert_eq!(kept, BTreeSet::new());
}

/// Another sentence of a document that is to be cited, with its citation, is no answer.
#[test]
fn the_sentence_beside_the_right_one_does_not_pass() {
    let mut passing = BTreeSet::new();
    let mut held = 0;
    for item in SET.items.iter().filter(|item| item.split == Split::Gate && answers_in_words(item)) {
        let scorer = scorer(item);
        for Reference { doc, quote } in &item.refs {
            let beside = |sentence: &&str| !sentence.contains(quote) && !quote.contains(sentence.trim());
            for sentence in SET.documents[doc].text.split_inclusive(". ").filter(beside) {
                held += 1;
                let answer = cited(&Reference { doc: doc.clone(), quote: sentence.trim().to_owned() });
                if score(&scorer, &answer).passed() {
                    passing.insert(format!("{}: {answer}", item.id));
                }
            }
        }
    }
    assert!(held > 900, "{held}");
    assert_eq!(passing, BTreeSet::new());
}

/// Whoever copies what was put in front of the question cites the right document too, and has answered nothing.
#[test]
fn copying_whole_documents_does_not_pass() {
    let mut passing = BTreeSet::new();
    for item in SET.items.iter().filter(|item| item.answerable && form(item) != "lookup") {
        let wanted: BTreeSet<&str> = item.refs.iter().map(|reference| reference.doc.as_str()).collect();
        let beside = SET.documents.values().filter(|document| document.id != item.refs[0].doc).take(1);
        let documents = wanted.iter().filter_map(|id| SET.documents.get(*id)).chain(beside);
        let copied: Vec<String> =
            documents.map(|document| format!("{} [{}]", document.text, document.id)).collect();
        if score(&scorer(item), &copied.join("\n")).passed() {
            passing.insert(item.id.as_str());
        }
    }
    assert_eq!(passing, BTreeSet::new());
}

#[test]
fn yes_and_no_are_not_both_right() {
    let (mut asked, mut both) = (0, BTreeSet::new());
    for item in SET.items.iter().filter(|item| answers_in_words(item)) {
        let scorer = scorer(item);
        let says = |answer: &str| score(&scorer, &format!("{answer} [{}].", item.refs[0].doc)).passed();
        let (yes, no) = if is_german(item) {
            (says("Ja, das ist erlaubt und in Ordnung"), says("Nein, das ist nicht erlaubt"))
        } else {
            (says("Yes, that is allowed and fine"), says("No, that is not allowed"))
        };
        asked += usize::from(yes || no);
        if yes && no {
            both.insert(item.id.as_str());
        }
    }
    assert!(asked > 40, "{asked}");
    assert_eq!(both, BTreeSet::new());
}

#[test]
fn the_shipped_pictures_go_to_devices_without_what_they_show() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden_sets/pump-photos/1.0.0");
    let set = GoldenSet::load(&Files::read(&folder).expect("the set is part of the repository"));
    let set = set.expect("the set is sound");
    let selected = set.selected("photo_support", Round::Full, u32::MAX, "");
    let asked = selected.asked();
    assert_eq!(asked.items.len(), set.items.len());
    let pushed = String::from_utf8(selected.pushed().expect("JSON")).expect("text");
    for (item, line) in asked.items.iter().zip(pushed.lines()) {
        let [image] = &item.images[..] else { panic!("{}: one picture each", item.id) };
        assert!(line.contains(image.as_str()) && !line.contains("expect"), "{line}");
    }
    let pictures: BTreeSet<&String> = asked.items.iter().flat_map(|item| &item.images).collect();
    assert_eq!(pictures.len(), 10);
}
