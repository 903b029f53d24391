//! Which golden set counts: candidates that answered other items, or under other bars, do not compare.

use std::collections::BTreeMap;

use edgesoak_record::gate::Gate;
use edgesoak_record::golden::Asked;
use edgesoak_record::verdict::Outcome;

use super::held::Held;
use super::measured::Measured;

/// Gates that rest on the items of a set.
const OF_ANSWERS: [Gate; 4] = [Gate::Quality, Gate::FalseAnswers, Gate::Routing, Gate::Escalation];

/// Cause of what was shown of another set.
pub const OTHER_SET: &str = "other_set";

/// The set that the newest session of each route answered.
pub(super) struct Sets<'a>(BTreeMap<&'a str, &'a Asked>);

impl<'a> Sets<'a> {
    /// Of these sessions.
    pub fn newest_of<'s>(sessions: impl Iterator<Item = &'s Measured<'a>>) -> Self
    where
        'a: 's,
    {
        let mut newest: BTreeMap<&'a str, (&Measured<'a>, &'a Asked)> = BTreeMap::new();
        for session in sessions {
            let Some(golden) = &session.record.golden else { continue };
            let known = newest.entry(session.route()).or_insert((session, &golden.asked));
            if session.age() > known.0.age() {
                *known = (session, &golden.asked);
            }
        }
        Self(newest.into_iter().map(|(route, (_, asked))| (route, asked)).collect())
    }

    /// What a session showed, less what it showed of another set. A sensitive query that would have left is one in any set.
    pub fn held(&self, session: &Measured<'a>, held: Held) -> Held {
        let own = session.record.golden.as_ref().map(|golden| &golden.asked);
        let newest = self.0.get(session.route()).copied();
        let (Some(own), Some(newest)) = (own, newest) else { return held };
        let holds = held.gate == Gate::Routing && held.outcome == Outcome::Fail;
        if holds || !OF_ANSWERS.contains(&held.gate) || is_same(own, newest) {
            return held;
        }
        let why = if own.set == newest.set {
            format!("answered `{}` with other items or bars than the newest session", own.set)
        } else {
            format!("answered `{}`, and the newest session `{}`", own.set, newest.set)
        };
        Held { outcome: Outcome::NotProven, cause: OTHER_SET.to_owned(), why, accepted: None, ..held }
    }
}

/// The first of these sessions of which a gate that blocks rests on another set than the newest on its route answered, and why.
#[must_use]
pub fn of_another_set<'s, 'a>(sessions: &[&'s Measured<'a>]) -> Option<(&'s Measured<'a>, String)> {
    let sets = Sets::newest_of(sessions.iter().copied());
    sessions.iter().find_map(|session| {
        let blocking = session.verdict.gates.iter().filter(|gate| gate.blocking);
        let mut held = blocking.map(|gate| sets.held(session, Held::of(gate)));
        held.find(|held| held.cause == OTHER_SET).map(|held| (*session, held.why))
    })
}

fn is_same(one: &Asked, other: &Asked) -> bool {
    let of = |asked: &Asked| (asked.set_digest.clone(), asked.quality, asked.false_answers);
    of(one) == of(other)
}
