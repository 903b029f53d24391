//! Sessions of stored runs and baselines as a comparison wants them: device by device, route by route.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::comparison::{Compared, Reference};
use edgesoak_record::host_entry::{BetweenRunSigma, History};
use edgesoak_record::trial::SessionTrial;

use crate::regression::request::{Arm, Request, Rules, Subject};

/// One side of a comparison: every session of its runs, those without evidence included, and what history knew of the
/// spread between runs.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// Its sessions.
    pub trials: Vec<SessionTrial>,
    /// Spreads that its runs were judged with.
    pub history: History,
}

/// Sorts sessions by device and route. Every device of a side belongs to the comparison: one that the other side lacks is
/// not proven there. A session that is named twice counts once: it is no second piece of evidence.
#[must_use]
pub fn gathered(rules: Rules, candidate: &Side, references: &[(Reference, Side)]) -> Request {
    let mut subjects: BTreeMap<(&str, &str), Subject> = BTreeMap::new();
    for (reference, side) in
        std::iter::once((None, candidate)).chain(references.iter().map(|(which, side)| (Some(*which), side)))
    {
        let mut counted = BTreeSet::new();
        for session in side.trials.iter().filter(|session| counted.insert((&session.run, &session.session))) {
            let subject = subjects.entry((&session.device, &session.route)).or_insert_with(|| empty(session));
            subject.is_virtual |= session.is_virtual;
            let arm = arm(subject, reference);
            arm.scheduled += 1;
            arm.trials.push(session.trial.clone());
            let known = spread(&side.history, session);
            if known.map(|known| known.runs) > subject.history.as_ref().map(|known| known.runs) {
                subject.history = known.cloned();
            }
        }
    }
    let required = subjects.values().map(|subject| subject.device.clone()).collect();
    let sides = std::iter::once(compared(None, candidate))
        .chain(references.iter().map(|(which, side)| compared(Some(*which), side)));
    Request { rules, required, subjects: subjects.into_values().collect(), sides: sides.collect() }
}

/// What a side is made of, each thing once.
fn compared(reference: Option<Reference>, side: &Side) -> Compared {
    let each = |of: fn(&SessionTrial) -> &String| {
        let all: BTreeSet<&String> = side.trials.iter().map(of).collect();
        all.into_iter().cloned().collect()
    };
    Compared {
        reference,
        candidates: each(|session| &session.candidate),
        artifacts_sha256: each(|session| &session.artifact_sha256),
        runs: each(|session| &session.run),
    }
}

fn empty(session: &SessionTrial) -> Subject {
    Subject {
        device: session.device.clone(),
        family: session.family.clone(),
        route: session.route.clone(),
        is_virtual: false,
        candidate: Arm::default(),
        references: Vec::new(),
        history: None,
    }
}

/// The arm of a subject that a session belongs to; `None` is the candidate's.
fn arm(subject: &mut Subject, reference: Option<Reference>) -> &mut Arm {
    let Some(reference) = reference else { return &mut subject.candidate };
    let arms = &mut subject.references;
    let place = arms.iter().position(|(which, _)| *which == reference).unwrap_or_else(|| {
        arms.push((reference, Arm::default()));
        arms.len() - 1
    });
    &mut arms[place].1
}

fn spread<'a>(history: &'a History, session: &SessionTrial) -> Option<&'a BetweenRunSigma> {
    let mut known = history.between_run_sigma.iter();
    known.find(|known| known.device == session.device && known.candidate == session.candidate)
}

#[cfg(test)]
mod tests {
    use edgesoak_record::policy::{Policy, RegressionRuns};
    use edgesoak_record::trial::{Burst, Setup, Shown, Trial};
    use edgesoak_record::verdict::{Outcome, Verdict};

    use super::*;
    use crate::regression::compare;

    fn rules() -> Rules {
        let policy = Policy {
            tier: "merge".to_owned(),
            blocking: Vec::new(),
            accept_not_proven: Vec::new(),
            required_families: Vec::new(),
            evidence: Vec::new(),
            proofs: Vec::new(),
            budget_s: None,
            reuse_s: None,
            selection_age_s: None,
            export: None,
            canary: None,
            regression_margin: 0.05,
            pinned_margin: 0.08,
            regression_runs: RegressionRuns { min: 3, looks: vec![3, 5, 8] },
            units_per_family: 1,
            waivers: Vec::new(),
        };
        Rules::of(&policy, false)
    }

    fn session(device: &str, hour: f64, rate: f64) -> SessionTrial {
        let word = |text: &str| text.to_owned();
        let setup = Setup {
            unit: word(device),
            os_build: Some(word("b")),
            route: word("r"),
            workload: word("w"),
            power: None,
            template: word("t"),
        };
        let shown = Shown::Rate { rate, settled: true };
        SessionTrial {
            run: word("run"),
            session: format!("s{hour}"),
            device: word(device),
            family: word("f"),
            route: word("r"),
            candidate: word("c"),
            artifact_sha256: word("a"),
            is_virtual: false,
            trial: Trial {
                began_s: hour * 3600.0,
                setup,
                ambient: Some(22.0),
                grade: None,
                is_imported: false,
                shown,
                burst: Burst::default(),
                slowed: None,
                answers: None,
            },
        }
    }

    fn side(device: &str, hours: [f64; 3], rate: f64) -> Side {
        let spread = [0.998, 1.0, 1.002];
        let trials =
            hours.iter().zip(spread).map(|(hour, part)| session(device, *hour, rate * part)).collect();
        Side { trials, history: History::default() }
    }

    #[test]
    fn sessions_meet_their_own_device_and_a_device_of_one_side_is_not_proven() {
        let mut candidate = side("one", [1.0, 4.0, 5.0], 20.0);
        let mut baseline = side("one", [2.0, 3.0, 6.0], 20.0);
        let same = compare(&gathered(rules(), &candidate, &[(Reference::Previous, baseline.clone())]));
        assert_eq!((same.verdict, same.devices.len()), (Verdict::Pass, 1), "{same:?}");

        candidate.trials.extend(side("two", [1.0, 2.0, 3.0], 20.0).trials);
        baseline.trials.extend(side("three", [1.0, 2.0, 3.0], 20.0).trials);
        let partial = compare(&gathered(rules(), &candidate, &[(Reference::Previous, baseline)]));
        assert_eq!(partial.verdict, Verdict::NotProven);
        let causes: Vec<_> =
            partial.devices.iter().map(|it| (it.device.as_str(), it.outcome, it.cause.as_deref())).collect();
        let open = Outcome::NotProven;
        assert_eq!(
            causes,
            [
                ("one", Outcome::Pass, None),
                ("three", open, Some("not_run")),
                ("two", open, Some("no_baseline"))
            ]
        );
    }

    #[test]
    fn a_session_that_is_named_twice_counts_once() {
        let twice = |hours| {
            let mut side = side("one", hours, 20.0);
            side.trials.truncate(2);
            side.trials.extend(side.trials.clone());
            side
        };
        let (candidate, baseline) = (twice([1.0, 4.0, 5.0]), twice([2.0, 3.0, 6.0]));
        let found = compare(&gathered(rules(), &candidate, &[(Reference::Previous, baseline)]));
        assert_eq!((found.verdict, found.reason.as_str()), (Verdict::NotProven, "too_few_runs"), "{found:?}");
    }

    #[test]
    fn a_loss_beyond_the_margin_fails() {
        let (slow, fast) = (side("one", [1.0, 4.0, 5.0], 17.0), side("one", [2.0, 3.0, 6.0], 20.0));
        let lost = compare(&gathered(rules(), &slow, &[(Reference::Previous, fast)]));
        assert_eq!((lost.verdict, lost.exit), (Verdict::Fail, 1), "{lost:?}");
    }
}
