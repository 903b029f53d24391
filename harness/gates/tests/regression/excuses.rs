//! Waivers and what a tier accepts by name.

use edgesoak_gates::regression::{Request, Shown, compare};
use edgesoak_record::gate::Gate;
use edgesoak_record::policy::Waiver;
use edgesoak_record::units::Nanos;
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{known, request};

const RATES: [f64; 3] = [20.0, 20.1, 19.9];
const SLOW: [f64; 3] = [18.0, 18.1, 17.9];
/// 2026-11-22 12:00 UTC.
const OPENED: Nanos = Nanos::from_secs(1_795_348_800);

fn waiver(expires: &str) -> Waiver {
    let word = |text: &str| text.to_owned();
    Waiver {
        gate: Gate::Regression,
        device: Some(word("p1")),
        family: None,
        reason: word("new kernel driver"),
        owner: word("runtime"),
        approver: word("release"),
        ticket: word("T-7"),
        expires: word(expires),
        max_uses: None,
    }
}

/// One slow device with this waiver, and a good one.
fn waived(expires: &str) -> Request {
    let mut request = request(vec![known("p1", &SLOW, &RATES), known("p2", &RATES, &RATES)]);
    request.rules.waivers = vec![waiver(expires)];
    request.rules = request.rules.opened(OPENED);
    request
}

#[test]
fn a_waiver_excuses_its_device_until_its_day_and_is_shown() {
    let comparison = compare(&waived("2026-11-22"));
    assert_eq!((comparison.verdict, comparison.devices[0].outcome), (Verdict::Pass, Outcome::Fail));
    insta::assert_snapshot!(comparison.accepted.join("|"), @"p1, policy_qa: `regression` waived until 2026-11-22 by release (T-7, mended by runtime): new kernel driver.");
    let mut other = waived("2026-11-22");
    other.rules.waivers[0].device = Some("p2".to_owned());
    assert_eq!(compare(&other).verdict, Verdict::Fail, "it is not p1's");
    let mut undated = waived("2026-11-22");
    undated.rules.opened = None;
    assert_eq!(compare(&undated).verdict, Verdict::Fail, "nobody knows whether it holds");
}

#[test]
fn a_waiver_past_its_day_fails_unless_the_device_passes() {
    let comparison = compare(&waived("2026-11-21"));
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::Fail, "waiver_expired"));
    let mut request = waived("2026-11-21");
    request.subjects[0] = known("p1", &RATES, &RATES);
    assert_eq!(compare(&request).verdict, Verdict::Pass);
}

#[test]
fn a_tier_accepts_what_is_open_and_never_a_loss_or_an_absence() {
    let close = known("p1", &[19.2, 19.3, 19.1], &RATES);
    let mut request = request(vec![close, known("p2", &RATES, &RATES)]);
    assert_eq!(compare(&request).verdict, Verdict::NotProven);
    request.rules.accepts_not_proven = true;
    let comparison = compare(&request);
    assert_eq!(
        (comparison.verdict, comparison.accepted.len()),
        (Verdict::Pass, 1),
        "{}",
        comparison.sentence
    );
    request.subjects[0] = known("p1", &SLOW, &RATES);
    assert_eq!(compare(&request).verdict, Verdict::Fail);
    request.subjects[0].candidate.trials.clear();
    assert_eq!(compare(&request).reason, "not_run");
}

#[test]
fn excuses_alone_are_no_pass() {
    let mut request = waived("2026-12-31");
    request.subjects.truncate(1);
    let comparison = compare(&request);
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::NotProven, "nothing_passed"));
}

#[test]
fn a_broken_candidate_has_no_excuse() {
    let mut request = waived("2026-12-31");
    let sentence = "it ran on the processor".to_owned();
    request.subjects[0].candidate.trials[0].shown = Shown::Broken { cause: "placement".to_owned(), sentence };
    assert_eq!(compare(&request).reason, "placement");
}
