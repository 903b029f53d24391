//! Requests with known rates.

use edgesoak_gates::regression::{Arm, Request, Rules, Setup, Shown, Subject, Trial, compare};
use edgesoak_record::comparison::{Change, Comparison, Reference};
use edgesoak_record::host_entry::BetweenRunSigma;
use edgesoak_record::trial::Burst;

/// The usual rules against the previous release alone.
pub fn rules() -> Rules {
    Rules {
        margin: 0.05,
        pinned_margin: 0.08,
        looks: vec![3, 5, 8],
        units_per_family: 1,
        required_families: Vec::new(),
        references: vec![Reference::Previous],
        tier: "merge".to_owned(),
        policy: None,
        accepts_not_proven: false,
        evidence: Vec::new(),
        waivers: Vec::new(),
        opened: None,
    }
}

/// A request with the usual rules.
pub fn request(subjects: Vec<Subject>) -> Request {
    Request { rules: rules(), required: Vec::new(), subjects, sides: Vec::new() }
}

/// The setup of a unit.
pub fn setup(unit: &str) -> Setup {
    Setup {
        unit: unit.to_owned(),
        os_build: Some("AP4A.250105.002".to_owned()),
        route: "policy_qa".to_owned(),
        workload: "w".to_owned(),
        power: Some("battery".to_owned()),
        template: "t".to_owned(),
    }
}

/// Hour of the run with this index: A B B A, over and over.
fn hour(index: usize, candidate: bool) -> f64 {
    let pair = index as f64 * 2.0;
    let first = index.is_multiple_of(2) == candidate;
    if first { pair } else { pair + 1.0 }
}

/// Runs with these rates.
pub fn arm(unit: &str, candidate: bool, rates: &[f64]) -> Arm {
    let trials = rates.iter().enumerate().map(|(index, rate)| Trial {
        began_s: hour(index, candidate) * 1800.0,
        setup: setup(unit),
        ambient: None,
        grade: None,
        is_imported: false,
        shown: Shown::Rate { rate: *rate, settled: true },
        burst: Burst::default(),
        slowed: None,
        answers: None,
    });
    Arm { scheduled: u32::try_from(rates.len()).expect("few"), trials: trials.collect() }
}

/// A spread of this many runs, each of a day of its own.
pub fn history(sigma: f64, runs: u32) -> BetweenRunSigma {
    BetweenRunSigma { device: String::new(), candidate: String::new(), sigma, runs, days: runs }
}

/// A device on hardware, without history.
pub fn subject(device: &str, candidate: &[f64], previous: &[f64]) -> Subject {
    Subject {
        device: device.to_owned(),
        family: "pixel8".to_owned(),
        route: "policy_qa".to_owned(),
        is_virtual: false,
        candidate: arm(device, true, candidate),
        references: vec![(Reference::Previous, arm(device, false, previous))],
        history: None,
    }
}

/// The same with a history of 1 % from 21 runs.
pub fn known(device: &str, candidate: &[f64], previous: &[f64]) -> Subject {
    Subject { history: Some(history(0.01, 21)), ..subject(device, candidate, previous) }
}

/// The comparison of one subject, and its first change.
pub fn single(subject: Subject) -> (Comparison, Change) {
    let comparison = compare(&request(vec![subject]));
    let change = comparison.devices[0].changes[0].clone();
    (comparison, change)
}
