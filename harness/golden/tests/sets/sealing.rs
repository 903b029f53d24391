//! Sealed versions stay as they are, numbers say how large a step is, and signatures fit one manifest.
use crate::made::{draft, edited, next, seal_with, sealed, told};
use edgesoak_golden::{Difference, GoldenSet, MANIFEST, Step, Vouched, vouched};
use edgesoak_signing::SecretKey;
use proptest::prelude::*;

fn key(byte: u8) -> SecretKey {
    SecretKey::from_random([byte; 32])
}

#[test]
fn sealing_again_changes_nothing() {
    let once = sealed(draft());
    let twice = sealed(once.clone());
    assert_eq!(once.get(MANIFEST), twice.get(MANIFEST));
}

#[test]
fn a_sealed_version_is_not_sealed_anew_with_other_contents() {
    let whole = sealed(draft());
    let mut transcript = Vec::new();
    for (path, from, to) in [
        ("items.jsonl", "How many", "How few"),
        ("corpus.jsonl", "may have", "might have"),
        (MANIFEST, "A made-up set", "Another set"),
        (MANIFEST, "\"quality\": 0.92", "\"quality\": 0.5"),
    ] {
        let found = told(seal_with(edited(&whole, path, from, to), None, None));
        transcript.push(format!("{path}: {from} -> {to}\n  {}", found.join("\n  ")));
    }
    insta::assert_snapshot!("sealed", transcript.join("\n"));
}

#[test]
fn a_version_number_says_at_least_the_step_that_was_made() {
    let first = sealed(draft());
    let parent = GoldenSet::load(&first).expect("a sound set");
    let removed = |files: &edgesoak_golden::Files| {
        let items = crate::made::ITEMS.lines().take(2).fold(String::new(), |text, line| text + line + "\n");
        let mut files = files.clone();
        files.put("items.jsonl", items);
        files
    };
    let added = |files: &edgesoak_golden::Files| {
        let line = crate::made::ITEMS
            .lines()
            .last()
            .expect("an item")
            .replace("\"rates\",\"rev\"", "\"more\",\"rev\"");
        let mut files = files.clone();
        files.put("items.jsonl", format!("{}{line}\n", crate::made::ITEMS));
        files
    };
    for (step, version, change) in [
        (
            Step::Major,
            "1.1.0",
            Box::new(|f: &_| edited(f, "items.jsonl", "How many", "How few")) as Box<dyn Fn(&_) -> _>,
        ),
        (Step::Major, "1.1.0", Box::new(|f: &_| edited(f, "corpus.jsonl", "may have", "might have"))),
        (Step::Major, "1.1.0", Box::new(|f: &_| edited(f, MANIFEST, "\"top_k\": 2", "\"top_k\": 1"))),
        (Step::Major, "1.1.0", Box::new(removed)),
        (Step::Minor, "1.0.1", Box::new(added)),
    ] {
        let found = told(seal_with(change(&next(&first, version)), Some(&parent), None));
        let least = parent.manifest.version.after(step).to_string();
        assert!(found.len() == 1 && found[0].contains(&format!("that is a {step} step")), "{found:?}");
        assert!(found[0].contains(&format!("make it version {least}")), "{found:?}");
        let good = seal_with(change(&next(&first, &least)), Some(&parent), None).expect("the number fits");
        let difference = Difference::between(&parent, &GoldenSet::load(&good).expect("a sound set"));
        assert_eq!(
            (difference.step, difference.numbered, difference.obeys()),
            (Some(step), Some(step), true)
        );
    }
    let reworded = edited(&next(&first, "1.0.1"), MANIFEST, "A made-up set", "Another set");
    let reworded = seal_with(reworded, Some(&parent), None).expect("a patch");
    let difference = Difference::between(&parent, &GoldenSet::load(&reworded).expect("a sound set"));
    assert_eq!((difference.step, difference.same), (Some(Step::Patch), 3));
}

#[test]
fn a_parent_is_asked_for() {
    let whole = next(&sealed(draft()), "1.0.1");
    assert_eq!(
        told(seal_with(whole, None, None)),
        [
            "manifest.json: there is no parent version `1.0.0`\n    hint: the parent is looked for beside the set; without one, `parent` is null"
        ]
    );
}

#[test]
fn a_signature_fits_one_manifest_and_one_key() {
    let (ours, other) = (key(7), key(8));
    let files = seal_with(draft(), None, Some(&ours)).expect("a sound set");
    let by = |files, key: &SecretKey| vouched(files, &[key.public()]).expect("it can be told");
    assert_eq!(by(&files, &ours), Vouched::By(ours.public().id()));
    assert_eq!(by(&files, &other), Vouched::Unverified(ours.public().id()));
    assert_eq!(by(&sealed(draft()), &ours), Vouched::Unsigned);
    let loosened = edited(&files, MANIFEST, "\"quality\": 0.92", "\"quality\": 0.5");
    let found = told(vouched(&loosened, &[ours.public()]));
    assert!(found[0].contains("does not fit this manifest"), "{found:?}");
    // A sealed set is signed later without becoming another one.
    let later = seal_with(sealed(draft()), None, Some(&ours)).expect("signing changes nothing");
    assert_eq!(later.get(MANIFEST), files.get(MANIFEST));
    // A signature of one set under the manifest of another.
    let swapped = edited(&files, MANIFEST, "A made-up set", "Another set");
    assert!(!told(vouched(&swapped, &[ours.public()])).is_empty());
}

proptest! {
    #[test]
    fn whatever_one_byte_of_the_items_becomes_the_set_is_refused(at in 0..crate::made::ITEMS.len(), byte in any::<u8>()) {
        let whole = sealed(draft());
        let mut bytes = crate::made::ITEMS.as_bytes().to_vec();
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        let mut files = whole.clone();
        files.put("items.jsonl", bytes);
        prop_assert!(GoldenSet::load(&files).is_err());
    }

    #[test]
    fn no_bytes_whatsoever_break_the_loader(items in any::<Vec<u8>>(), manifest in ".{0,200}") {
        let mut files = draft();
        files.put("items.jsonl", items);
        let _ = GoldenSet::load(&files);
        files.put(MANIFEST, manifest);
        prop_assert!(GoldenSet::load(&files).is_err());
    }
}
