//! The room's temperature as a covariate.

use edgesoak_gates::regression::{Subject, Trial};
use edgesoak_record::verdict::Outcome;

use crate::made::{known, single};

/// Both sides lose 1 % per kelvin, and the candidate `loss` beside.
fn rooms(ours: &[f64], theirs: &[f64], loss: f64) -> Subject {
    let rate = |celsius: &f64, loss: f64| 20.0 * (-0.01 * (celsius - 20.0)).exp() * (1.0 - loss);
    let candidate: Vec<f64> = ours.iter().map(|celsius| rate(celsius, loss)).collect();
    let previous: Vec<f64> = theirs.iter().map(|celsius| rate(celsius, 0.0)).collect();
    let mut subject = known("p1", &candidate, &previous);
    let set = |trials: &mut [Trial], air: &[f64]| {
        trials.iter_mut().zip(air).for_each(|(trial, celsius)| trial.ambient = Some(*celsius));
    };
    set(&mut subject.candidate.trials, ours);
    set(&mut subject.references[0].1.trials, theirs);
    subject
}

#[test]
fn a_warmer_room_is_accounted_for_where_it_moved_enough() {
    let (_, change) = single(rooms(&[22.0, 23.0, 24.0, 25.0, 26.0], &[20.0, 21.0, 22.0, 23.0, 24.0], 0.0));
    assert!(change.change.expect("a change").abs() < 1e-9, "{change:?}");
    assert_eq!(change.outcome, Outcome::Pass);
    assert!(change.notes[1].contains("2.0 K warmer"), "{:?}", change.notes);
}

#[test]
fn the_air_never_lifts_a_loss_that_was_measured() {
    let (_, change) = single(rooms(&[26.0, 27.0, 28.0, 29.0, 30.0], &[20.0, 21.0, 22.0, 23.0, 24.0], 0.0));
    assert!(change.change.expect("a change").abs() < 1e-9);
    assert_eq!(change.outcome, Outcome::NotProven, "measured 6 % slower, in air that was 6 K warmer");
}

#[test]
fn three_runs_in_other_air_are_not_compared() {
    let (_, change) = single(rooms(&[25.0, 25.5, 25.2], &[21.0, 21.5, 21.2], 0.0));
    assert_eq!(change.cause.as_deref(), Some("ambient_differs"));
    let (_, change) = single(rooms(&[21.0, 21.5, 21.2], &[21.0, 21.5, 21.2], 0.0));
    assert_eq!(change.outcome, Outcome::Pass);
    assert!(change.notes[1].contains("not accounted for"), "{:?}", change.notes);
}

#[test]
fn one_reading_that_is_missing_leaves_the_air_out() {
    let mut subject = rooms(&[21.0; 3], &[21.0; 3], 0.0);
    subject.candidate.trials[1].ambient = None;
    let (_, change) = single(subject);
    assert!(change.notes[1].contains("not measured in every run"), "{:?}", change.notes);
}
