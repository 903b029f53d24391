//! Planted secrets and what searches for them tell.

use edgesoak_record::Run;
use edgesoak_record::gate::Gate;
use edgesoak_record::leaks::{
    FoundSecret, LeakRecord, Planted, PlantedIn, Searched, SearchedPlace, SecretAnswered, Side,
};
use edgesoak_record::verdict::Outcome;

use crate::made::Made;
use crate::{gate, outcome};

fn place(name: &str) -> SearchedPlace {
    SearchedPlace { place: name.to_owned(), files: 3, bytes: 4096, ..SearchedPlace::default() }
}

fn search(side: Side, names: &[&str]) -> Searched {
    Searched { side, key: "ours".to_owned(), places: names.iter().map(|name| place(name)).collect() }
}

/// A good run whose secrets were handled and searched for everywhere, with this done to its record.
fn searched(change: impl FnOnce(&mut LeakRecord)) -> Run {
    let mut record = LeakRecord::of(Planted { key: "ours".to_owned(), secrets: PlantedIn::ALL.to_vec() });
    for (index, secret) in (0..).zip(PlantedIn::ALL) {
        let finish = "eos".to_owned();
        record.answered.push(SecretAnswered { index, secret, finish, is_handled: true });
    }
    record.take(search(Side::Device, &["session", "home", "temp", "logcat", "tombstones", "dropbox"]));
    record.take(search(Side::Host, &["run-folder", "database"]));
    record.take(search(Side::Reports, &["html", "junit"]));
    change(&mut record);
    let mut run = Made::default().run();
    run.sessions[0].leaks = Some(record);
    run
}

fn unread(record: &mut LeakRecord, name: &str) {
    let places = record.searches.iter_mut().flat_map(|searched| &mut searched.places);
    let place = places.into_iter().find(|place| place.place == name).expect("a place of this name");
    place.unread.push("permission denied".to_owned());
}

#[test]
fn nothing_found_anywhere_passes() {
    let run = searched(|_| {});
    let result = gate(&edgesoak_gates::judge(&run), Gate::Leaks);
    assert_eq!((result.outcome, result.n), (Outcome::Pass, 30), "{}", result.sentence);
    assert!(result.sentence.contains("logcat"), "{}", result.sentence);
}

#[test]
fn one_secret_anywhere_fails() {
    for side in 0..3 {
        let run = searched(|record| {
            let (secret, form) = (PlantedIn::Document, "base64".to_owned());
            let found = FoundSecret { secret, form, at: "here\u{1b}[2J".to_owned(), times: 2 };
            record.searches[side].places[0].found.push(found);
            record.answered.clear();
        });
        let result = gate(&edgesoak_gates::judge(&run), Gate::Leaks);
        assert_eq!(result.outcome, Outcome::Fail);
        assert!(result.sentence.contains("here[2J (base64)"), "{}", result.sentence);
    }
}

#[test]
fn what_nobody_looked_at_is_never_green() {
    let cause = |change: fn(&mut LeakRecord)| outcome(&searched(change), Gate::Leaks);
    let not_proven = |cause: &str| (Outcome::NotProven, cause.to_owned());
    assert_eq!(cause(|record| record.planted.secrets.clear()), not_proven("not_handled"));
    assert_eq!(cause(|record| record.answered[1].is_handled = false), not_proven("not_handled"));
    assert_eq!(cause(|record| drop(record.searches.remove(0))), not_proven("not_searched"));
    assert_eq!(cause(|record| drop(record.searches.remove(2))), not_proven("not_searched"));
    assert_eq!(cause(|record| record.searches[1].places.clear()), not_proven("not_searched"));
    assert_eq!(cause(|record| "theirs".clone_into(&mut record.searches[1].key)), not_proven("other_key"));
    assert_eq!(cause(|record| unread(record, "logcat")), not_proven("place_unread"));
    assert_eq!(cause(|record| record.searches[1].places[1].files = 0), not_proven("not_searched"));
    assert_eq!(cause(|record| drop(record.searches[1].places.remove(0))), not_proven("not_searched"));
    let both =
        |record: &mut LeakRecord| ["tombstones", "dropbox"].iter().for_each(|name| unread(record, name));
    assert_eq!(cause(both), not_proven("place_unread"));
}

#[test]
fn crashes_are_told_twice_and_one_is_enough() {
    for name in ["tombstones", "dropbox"] {
        let run = searched(|record| unread(record, name));
        assert_eq!(gate(&edgesoak_gates::judge(&run), Gate::Leaks).outcome, Outcome::Pass, "{name}");
    }
}

#[test]
fn a_session_that_was_to_be_given_secrets_and_was_not_proves_nothing() {
    let mut run = Made::default().run();
    let is_judged = |run: &Run| {
        edgesoak_gates::judge(run).sessions[0].gates.iter().any(|result| result.gate == Gate::Leaks)
    };
    assert!(!is_judged(&run), "nobody asked for it");
    run.plan.policy.blocking.push(Gate::Leaks);
    let asked = edgesoak_gates::judge(&run);
    assert_eq!(gate(&asked, Gate::Leaks).cause.as_deref(), Some("not_run"));
    let plants = |action: &String| action.contains("`canaries = true` in profile");
    assert!(asked.next_actions.iter().any(plants), "{:?}", asked.next_actions);
    run.plan.policy.blocking.pop();
    run.plan.sessions[0].canaries = true;
    run.sessions[0].planned.canaries = true;
    assert_eq!(outcome(&run, Gate::Leaks), (Outcome::NotProven, "not_planted".to_owned()));
}
