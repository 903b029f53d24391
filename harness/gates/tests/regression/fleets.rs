//! Several devices: one error for all failures, every one needed for a pass.

use edgesoak_gates::regression::{Subject, compare};
use edgesoak_record::comparison::{Comparison, Reference};
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{arm, known, request};

const RATES: [f64; 3] = [20.0, 20.1, 19.9];

fn fleet(devices: usize) -> Vec<Subject> {
    (0..devices).map(|index| known(&format!("p{index:02}"), &RATES, &RATES)).collect()
}

#[test]
fn one_device_that_is_not_shown_is_no_pass() {
    let mut subjects = fleet(3);
    assert_eq!(compare(&request(subjects.clone())).verdict, Verdict::Pass);
    subjects[1].candidate.trials.pop();
    let comparison = compare(&request(subjects));
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::NotProven, "too_few_runs"));
}

#[test]
fn a_required_device_that_did_not_run_is_no_pass() {
    let mut request = request(fleet(2));
    request.required = vec!["p00".to_owned(), "p07".to_owned()];
    let comparison = compare(&request);
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::NotProven, "not_run"));
    assert!(comparison.sentence.contains("p07"));
}

#[test]
fn a_loss_that_would_fail_alone_is_suspect_among_many() {
    let slow = || known("slow", &[18.68, 18.7, 18.66], &RATES);
    let alone = compare(&request(vec![slow()]));
    assert_eq!(alone.verdict, Verdict::Fail, "{}", alone.sentence);
    let mut subjects = fleet(30);
    subjects.push(slow());
    let among = compare(&request(subjects));
    let change = among.devices.last().map(|device| device.changes[0].clone()).expect("devices");
    assert_eq!((among.verdict, among.reason.as_str()), (Verdict::NotProven, "suspect"), "{change:?}");
    assert!(change.suspect && change.p < change.p_corrected && change.more_runs.candidate == 2);
    assert_eq!(among.next_actions.len(), 1);
    insta::assert_snapshot!(among.sentence, @"slow, policy_qa: Sustained rate changed by -6.6 % against the previous release: suspect, as it would fail alone and may be chance among so many devices; the next decision needs 2 more runs of either side.");
}

#[test]
fn simulated_devices_do_not_dilute_what_hardware_shows() {
    let slow = || known("slow", &[18.68, 18.7, 18.66], &RATES);
    let alone = compare(&request(vec![slow()]));
    let mut subjects = fleet(30);
    for subject in &mut subjects {
        subject.is_virtual = true;
    }
    subjects.push(slow());
    let among = compare(&request(subjects));
    assert_eq!(among.verdict, Verdict::Fail, "{}", among.sentence);
    let change = |comparison: &Comparison| comparison.devices.last().map(|device| device.changes[0].clone());
    assert_eq!(change(&among), change(&alone), "as if it had run alone");
    assert!((among.alpha_failures - alone.alpha_failures).abs() < 1e-12);
}

#[test]
fn small_steps_creep_until_the_pinned_reference_says_so() {
    let mut subject = known("p1", &[18.2, 18.25, 18.15], &[18.4, 18.45, 18.35]);
    subject.references.push((Reference::Pinned, arm("p1", false, &[19.7, 19.75, 19.65])));
    let mut request = request(vec![subject]);
    request.rules.references.push(Reference::Pinned);
    let comparison = compare(&request);
    let outcomes: Vec<Outcome> = comparison.devices[0].changes.iter().map(|change| change.outcome).collect();
    assert_eq!(outcomes, [Outcome::Pass, Outcome::NotProven]);
    request.subjects[0].candidate = arm("p1", true, &[17.8, 17.85, 17.75]);
    let comparison = compare(&request);
    assert_eq!(
        (comparison.verdict, comparison.reason.as_str()),
        (Verdict::Fail, "creep"),
        "{}",
        comparison.sentence
    );
}

#[test]
fn virtual_devices_prove_nothing_about_hardware() {
    let mut subjects = fleet(2);
    for subject in &mut subjects {
        subject.is_virtual = true;
    }
    let comparison = compare(&request(subjects.clone()));
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::NotProven, "virtual_only"));
    subjects[0] = known("p00", &[15.0, 15.1, 14.9], &RATES);
    subjects[0].is_virtual = true;
    let failing = compare(&request(subjects.clone()));
    assert_eq!((failing.verdict, failing.reason.as_str()), (Verdict::Fail, "regression"));
    subjects[1].is_virtual = false;
    let decided = compare(&request(subjects));
    assert_eq!(decided.verdict, Verdict::Pass, "hardware decides: {}", decided.sentence);
}

#[test]
fn nothing_at_all_is_no_pass() {
    let comparison = compare(&request(Vec::new()));
    assert_eq!((comparison.verdict, comparison.exit), (Verdict::Nothing, 5));
}

#[test]
fn a_comparison_reads_back_as_it_was_written() {
    let comparison = compare(&request(fleet(2)));
    let json = serde_json::to_string(&comparison).expect("JSON");
    let read: edgesoak_record::Comparison = serde_json::from_str(&json).expect("a comparison");
    assert_eq!(
        (read.verdict, &read.sentence, &read.families),
        (comparison.verdict, &comparison.sentence, &comparison.families)
    );
    assert_eq!(read.devices[1].changes[0].more_runs, comparison.devices[1].changes[0].more_runs);
}
