//! The lab days of the ordinary suite; `scripts/simulate` lives through as many as one likes.

use std::collections::BTreeMap;

use edgesoak_record::session::CloseState;

use crate::day::{Day, live};
use crate::{check, summary};

/// Lives through some days; their ends and notes, added up.
fn live_through(seeds: std::ops::RangeInclusive<u64>) -> BTreeMap<String, u32> {
    let mut ends = BTreeMap::new();
    let mut killed = 0;
    for seed in seeds {
        let day = live(seed, true);
        let broken = check::broken(&day);
        assert!(broken.is_empty(), "again: scripts/simulate --seed {seed}\n{}", broken.join("\n"));
        assert!(day.planted > 50, "seed {seed} is a quiet day: {} faults", day.planted);
        killed += day.errands.iter().map(|errand| errand.tally.killed).sum::<u32>();
        for (word, count) in summary::closes(&day).into_iter().chain(summary::notes(&day)) {
            *ends.entry(word).or_default() += count;
        }
    }
    assert!(killed > 10, "only {killed} processes were killed");
    ends
}

#[test]
fn ten_lab_days_keep_every_promise() {
    let ends = live_through(1..=10);
    for word in ["completed", "agent-died", "device-restarted", "runtime-died", "disk-full", "device-absent"]
    {
        assert!(ends.contains_key(word), "no session ended so: {word}: {ends:?}");
    }
}

#[test]
fn ten_other_lab_days_keep_every_promise() {
    let ends = live_through(11..=20);
    for word in [
        "completed",
        "busy",
        "charger-failed",
        "quarantined",
        "retried",
        "device-leased",
        "device-taken-over",
    ] {
        assert!(ends.contains_key(word), "no session ended so: {word}: {ends:?}");
    }
    let is_of_host = |word: &String| word == "stopped" || word.starts_with("host-disk");
    assert!(ends.keys().any(is_of_host), "no session ended for its host's disk: {ends:?}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let bytes = |seed| summary::digest(&live(seed, true));
    let first = bytes(7);
    assert_eq!(bytes(7), first);
    assert_ne!(bytes(8), first);
}

/// Runs by session name, with their closes.
fn states(day: &Day) -> Vec<CloseState> {
    let of_errand = |errand: &crate::errand::Errand| {
        let report = errand.tally.report.as_ref().expect("the run ended");
        report.closes.iter().map(|(_, close)| close.state).collect::<Vec<_>>()
    };
    day.errands.iter().flat_map(of_errand).collect()
}

#[test]
fn nothing_goes_wrong_on_an_undisturbed_day() {
    let day = live(3, false);
    assert_eq!(check::broken(&day), [""; 0]);
    let states = states(&day);
    assert!(states.len() > 40 && states.iter().all(|state| *state == CloseState::Completed), "{states:?}");
    assert!(day.errands.iter().all(|errand| errand.tally.killed == 0 && errand.tally.errors.is_empty()));
}
