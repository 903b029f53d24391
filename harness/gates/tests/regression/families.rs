//! Units of one family: a unit's own loss, or the product's.

use edgesoak_gates::regression::{Subject, compare};
use edgesoak_record::comparison::Fault;
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{known, request};

const RATES: [f64; 3] = [20.0, 20.1, 19.9];
const SLOW: [f64; 3] = [18.0, 18.1, 17.9];

#[test]
fn one_slow_unit_among_good_ones_is_a_unit_fault() {
    let subjects =
        ["p1", "p2", "p3", "p4"].map(|unit| known(unit, if unit == "p2" { &SLOW } else { &RATES }, &RATES));
    let comparison = compare(&request(subjects.to_vec()));
    let family = &comparison.families[0];
    assert_eq!((family.fault, family.outliers.as_slice()), (Some(Fault::Unit), ["p2".to_owned()].as_slice()));
    assert_eq!(comparison.verdict, Verdict::Fail, "a loss is one, whosever it is");
    assert!(comparison.next_actions[0].contains("p2"), "{:?}", comparison.next_actions);
    insta::assert_snapshot!(family.sentence, @"Family pixel8: median change +0.0 % on 4 units; p2 lost more than its siblings: a unit fault.");
}

#[test]
fn slow_units_everywhere_are_a_family_fault() {
    let subjects = ["p1", "p2", "p3"].map(|unit| known(unit, &SLOW, &RATES));
    let family = &compare(&request(subjects.to_vec())).families[0];
    assert_eq!(
        (family.fault, family.outliers.len(), family.outcome),
        (Some(Fault::Family), 0, Outcome::Fail)
    );
}

#[test]
fn two_units_do_not_tell() {
    let subjects = [known("p1", &SLOW, &RATES), known("p2", &RATES, &RATES)];
    let family = &compare(&request(subjects.to_vec())).families[0];
    assert_eq!(family.fault, Some(Fault::Undecided));
}

#[test]
fn a_claim_about_a_required_family_needs_its_units() {
    let mut request = request(vec![known("p1", &RATES, &RATES), known("p2", &RATES, &RATES)]);
    request.rules.units_per_family = 3;
    let comparison = compare(&request);
    assert_eq!(comparison.families[0].cause.as_deref(), Some("too_few_units"));
    assert_eq!(comparison.verdict, Verdict::Pass, "nobody asked for the family");
    request.rules.required_families = vec!["pixel8".to_owned()];
    let comparison = compare(&request);
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::NotProven, "too_few_units"));
    request.rules.required_families = vec!["scanner".to_owned()];
    assert_eq!(compare(&request).reason, "not_run");
}

#[test]
fn a_required_family_needs_its_units_on_every_route() {
    let other_route = Subject { route: "lookup".to_owned(), ..known("p1", &RATES, &RATES) };
    let mut request = request(vec![known("p1", &RATES, &RATES), known("p2", &RATES, &RATES), other_route]);
    request.rules.units_per_family = 2;
    assert_eq!(compare(&request).verdict, Verdict::Pass, "nobody asked for the family");
    request.rules.required_families = vec!["pixel8".to_owned()];
    let comparison = compare(&request);
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::NotProven, "too_few_units"));
    assert!(comparison.sentence.contains("lookup"), "{}", comparison.sentence);
}
