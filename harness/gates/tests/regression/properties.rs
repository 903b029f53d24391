//! What must hold for every comparison, whatever its rates.

use edgesoak_gates::regression::{Arm, Request, Shown, Subject, compare};
use edgesoak_record::comparison::Comparison;
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::slowdown::Grade;
use edgesoak_record::verdict::{Outcome, Verdict};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::made::{history, request, subject};

/// Devices near the margin as well as far from it, quiet and loud, with and without history, at and between looks.
fn devices() -> impl Strategy<Value = Vec<Subject>> {
    prop::collection::vec(device(), 1..4).prop_map(|mut subjects| {
        for (index, subject) in subjects.iter_mut().enumerate() {
            subject.device = format!("p{index}");
        }
        subjects
    })
}

fn device() -> impl Strategy<Value = Subject> {
    let losses = prop_oneof![Just(0.0), Just(0.03), Just(0.05), Just(0.08), Just(0.12)];
    let spreads = prop_oneof![Just(0.0), Just(0.01), Just(0.03)];
    let noise = prop::collection::vec(-1.7_f64..1.7, 18);
    let air = prop_oneof![3 => Just(None), 1 => Just(Some(0.7))];
    (losses, spreads, noise, 2_usize..10, any::<bool>(), air).prop_map(
        |(loss, spread, noise, n, past, air)| {
            let rates = |from: usize, loss: f64| -> Vec<f64> {
                noise[from..from + n].iter().map(|z| 20.0 * (1.0 - loss) * (spread * z).exp()).collect()
            };
            let mut subject = subject("p", &rates(0, loss), &rates(9, 0.0));
            subject.history = past.then(|| history(spread.max(0.005), 16));
            if let Some(step) = air {
                let arms = [&mut subject.candidate, &mut subject.references[0].1];
                for (arm, shift) in arms.into_iter().zip([0.0, 0.4]) {
                    for (index, trial) in arm.trials.iter_mut().enumerate() {
                        trial.ambient = Some(21.0 + shift + step * index as f64);
                    }
                }
            }
            subject
        },
    )
}

fn arms(subject: &mut Subject) -> [&mut Arm; 2] {
    [&mut subject.candidate, &mut subject.references[0].1]
}

fn scale(arm: &mut Arm, factor: f64) {
    for trial in &mut arm.trials {
        if let Shown::Rate { rate, .. } = &mut trial.shown {
            *rate *= factor;
        }
    }
}

fn outcomes(comparison: &Comparison) -> Vec<(String, Outcome, Option<String>)> {
    let of = |device: &edgesoak_record::comparison::DeviceComparison| {
        (device.device.clone(), device.outcome, device.cause.clone())
    };
    comparison.devices.iter().map(of).collect()
}

fn compared(subjects: &[Subject]) -> Comparison {
    compare(&request(subjects.to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn slower_never_turns_a_failure_into_a_pass(subjects in devices(), of in any::<Index>(), run in any::<Index>(), all in any::<bool>(), factor in 0.3_f64..1.0) {
        let before = compared(&subjects);
        let mut slower = subjects.clone();
        let of = of.index(slower.len());
        if all {
            scale(&mut slower[of].candidate, factor);
        } else {
            let trials = &mut slower[of].candidate.trials;
            let run = run.index(trials.len());
            let Shown::Rate { rate, .. } = &mut trials[run].shown else { unreachable!("only rates are made") };
            *rate *= factor;
        }
        let after = compared(&slower);
        for (before, after) in before.devices.iter().zip(&after.devices) {
            prop_assert!(before.outcome != Outcome::Fail || after.outcome != Outcome::Pass, "{} -> {}", before.sentence, after.sentence);
        }
        prop_assert!(before.verdict != Verdict::Fail || after.verdict != Verdict::Pass);
    }

    #[test]
    fn dropping_runs_turns_nothing_green(subjects in devices(), of in any::<Index>(), drops in prop::collection::vec((any::<bool>(), any::<Index>()), 1..4)) {
        let before = compared(&subjects);
        let mut fewer = subjects.clone();
        let of = of.index(fewer.len());
        for (candidate, run) in drops {
            let arm = arms(&mut fewer[of])[usize::from(candidate)].trials.len();
            if arm > 0 {
                arms(&mut fewer[of])[usize::from(candidate)].trials.remove(run.index(arm));
            }
        }
        let after = compared(&fewer);
        prop_assert!(after.devices[of].outcome != Outcome::Pass, "{}", after.sentence);
        prop_assert!(after.verdict != Verdict::Pass || before.verdict == Verdict::Pass);
    }

    #[test]
    fn less_evidence_turns_nothing_green(subjects in devices(), owed in 0_usize..4, has in prop::collection::vec(0_usize..4, 18), less in prop::collection::vec(0_usize..4, 18)) {
        let grades = [Some(Grade::A), Some(Grade::B), Some(Grade::C), None];
        let graded = |less: Option<&[usize]>| {
            let mut request: Request = request(subjects.clone());
            let least = grades[owed];
            request.rules.evidence.extend(least.map(|least| OwedEvidence { family: "pixel8".to_owned(), least }));
            for subject in &mut request.subjects {
                for (index, trial) in subject.candidate.trials.iter_mut().enumerate() {
                    trial.grade = grades[less.map_or(has[index], |less| has[index].max(less[index]))];
                }
            }
            compare(&request)
        };
        let (before, after) = (graded(None), graded(Some(&less)));
        for (before, after) in before.devices.iter().zip(&after.devices) {
            prop_assert!(after.outcome != Outcome::Pass || before.outcome == Outcome::Pass, "{}", after.sentence);
            prop_assert!((after.outcome == Outcome::Fail) == (before.outcome == Outcome::Fail), "a loss stays one");
        }
    }

    #[test]
    fn dropping_a_required_device_turns_nothing_green(subjects in devices(), of in any::<Index>()) {
        let mut request: Request = request(subjects);
        request.required = request.subjects.iter().map(|subject| subject.device.clone()).collect();
        let of = of.index(request.subjects.len());
        request.subjects.remove(of);
        prop_assert!(compare(&request).verdict != Verdict::Pass);
    }

    #[test]
    fn another_unit_of_the_rate_changes_nothing(subjects in devices(), exponent in -20_i32..20) {
        // Powers of two, so that the rates themselves are not rounded; their logarithms are.
        let mut other = subjects.clone();
        for subject in &mut other {
            for arm in arms(subject) {
                scale(arm, 2.0_f64.powi(exponent));
            }
        }
        let (before, after) = (compared(&subjects), compared(&other));
        prop_assert_eq!(outcomes(&before), outcomes(&after));
        for (before, after) in before.devices.iter().zip(&after.devices) {
            let (before, after) = (before.changes[0].change, after.changes[0].change);
            prop_assert!(before.zip(after).is_none_or(|(before, after)| (before - after).abs() < 1e-9));
        }
    }

    #[test]
    fn neither_the_order_of_devices_nor_that_of_runs_changes_anything(subjects in devices(), seed in any::<Index>()) {
        let mut other = subjects.clone();
        other.reverse();
        let by = seed.index(other.len());
        other.rotate_left(by);
        for arm in other.iter_mut().flat_map(arms) {
            let by = seed.index(arm.trials.len());
            arm.trials.rotate_left(by);
        }
        prop_assert_eq!(compared(&subjects), compared(&other));
    }

    #[test]
    fn splitting_batches_changes_nothing(subjects in devices(), at in any::<Index>()) {
        let mut split = Vec::new();
        for subject in &subjects {
            let (mut first, mut second) = (subject.clone(), subject.clone());
            for (first, second) in arms(&mut first).into_iter().zip(arms(&mut second)) {
                let at = at.index(first.trials.len() + 1);
                first.trials.truncate(at);
                second.trials.drain(..at);
                second.scheduled -= u32::try_from(at).expect("few");
                first.scheduled = u32::try_from(at).expect("few");
            }
            split.extend([first, second]);
        }
        prop_assert_eq!(compared(&subjects), compared(&split));
    }

    #[test]
    fn identical_runs_never_regress(mut subjects in devices()) {
        for subject in &mut subjects {
            let same: Vec<Shown> = subject.references[0].1.trials.iter().map(|trial| trial.shown.clone()).collect();
            subject.candidate.trials.iter_mut().zip(same).for_each(|(trial, shown)| trial.shown = shown);
        }
        let comparison = compared(&subjects);
        prop_assert!(comparison.verdict != Verdict::Fail, "{}", comparison.sentence);
        prop_assert!(comparison.devices.iter().all(|device| !device.changes[0].suspect));
    }
}
