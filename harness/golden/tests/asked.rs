//! Which items of the shipped set a session asks.

#![expect(clippy::unwrap_used, reason = "the set is part of the repository")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use edgesoak_golden::{Files, GoldenSet, Item, Selected, Split};
use edgesoak_record::golden::Round;

static SET: LazyLock<GoldenSet> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden_sets/pump-maintenance/1.0.0");
    GoldenSet::load(&Files::read(&folder).unwrap()).unwrap()
});

fn ids<'a>(selected: &Selected<'a>) -> BTreeSet<&'a str> {
    selected.items.iter().map(|item| item.id.as_str()).collect()
}

fn of(route: &str, split: Split) -> impl Iterator<Item = &'static Item> {
    SET.items.iter().filter(move |item| item.split == split && item.route == route)
}

#[test]
fn smoke_comes_first_and_what_is_held_back_never() {
    let smoke = SET.selected("policy_qa", Round::Smoke, 0, "run");
    assert_eq!(smoke.items.len(), of("policy_qa", Split::Smoke).count());
    for round in [Round::Gate, Round::Full] {
        let selected = SET.selected("policy_qa", round, 60, "run");
        let hot = selected.hot as usize;
        assert!(selected.items[..hot] == smoke.items[..], "the smoke split comes first");
        assert!(selected.items[hot..].iter().all(|item| item.split == Split::Gate));
        assert_eq!(ids(&selected).len(), selected.items.len(), "none twice");
    }
    let full = SET.selected("policy_qa", Round::Full, 0, "run");
    assert_eq!(full.items.len(), smoke.items.len() + of("policy_qa", Split::Gate).count());
    assert!(SET.selected("none", Round::Full, 0, "run").items.is_empty());
}

#[test]
fn a_round_takes_every_critical_item_and_of_the_others_their_share() {
    let critical = of("policy_qa", Split::Gate).filter(|item| item.critical).count();
    for run in 0..20 {
        let selected = SET.selected("policy_qa", Round::Gate, 60, &format!("run-{run}"));
        let drawn: Vec<&&Item> = selected.items[selected.hot as usize..].iter().collect();
        assert_eq!(drawn.len(), critical + 60);
        let others = |answerable: bool, language: &str| {
            let is = |item: &&Item| {
                !item.critical && item.answerable == answerable && item.tags["language"] == language
            };
            let all = of("policy_qa", Split::Gate).filter(is).count();
            let everything = of("policy_qa", Split::Gate).filter(|item| !item.critical).count();
            (drawn.iter().filter(|item| is(item)).count(), all as f64 * 60.0 / everything as f64)
        };
        for (answerable, language) in [(true, "en"), (true, "de"), (false, "en"), (false, "de")] {
            let (found, share) = others(answerable, language);
            assert!((found as f64 - share).abs() < 1.0, "{answerable} {language}: {found} of {share}");
        }
    }
}

#[test]
fn the_same_run_asks_the_same_items_and_over_runs_each_comes_up() {
    let round = |run: &str| SET.selected("policy_qa", Round::Gate, 60, run);
    assert_eq!(ids(&round("a")), ids(&round("a")));
    assert_ne!(ids(&round("a")), ids(&round("b")));
    let seen: BTreeSet<&str> = (0..100).flat_map(|run| ids(&round(&format!("run-{run}")))).collect();
    assert!(of("policy_qa", Split::Gate).all(|item| seen.contains(item.id.as_str())));
    let all = SET.selected("policy_qa", Round::Gate, u32::MAX, "a");
    assert_eq!(ids(&all), ids(&SET.selected("policy_qa", Round::Full, 0, "a")));
}

#[test]
fn a_device_gets_nothing_that_tells_an_answer() {
    let selected = SET.selected("policy_qa", Round::Full, 0, "run");
    let pushed = String::from_utf8(selected.pushed().unwrap()).unwrap();
    assert_eq!(pushed.lines().count(), selected.items.len());
    for line in pushed.lines() {
        let item: serde_json::Value = serde_json::from_str(line).unwrap();
        let keys: Vec<&String> = item.as_object().unwrap().keys().collect();
        assert!(keys.iter().all(|key| ["id", "messages", "docs"].contains(&key.as_str())), "{keys:?}");
    }
    let asked = selected.asked();
    assert_eq!((asked.set.as_str(), asked.quality), ("pump-maintenance@1.0.0", Some(0.92)));
    assert_eq!(asked.items.len() + asked.hot as usize, asked.answers() as usize);
}
