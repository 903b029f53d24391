use edgesoak_record::answer::Outcome;
use edgesoak_record::routing::Destination::{
    self, CloudAllowedAfterRedaction, HumanReviewLocalOnly, LocalAnswer,
};
use edgesoak_record::routing::Sensitivity::{self, Public, Sensitive};
use edgesoak_record::routing::{Confidence, Costs, RoutingPolicy};
use proptest::prelude::*;

use super::*;

fn sure(share: f64) -> Confidence {
    Confidence::new(share).expect("a confidence")
}

fn policy(threshold: f64) -> RoutingPolicy {
    RoutingPolicy { threshold: sure(threshold) }
}

fn query(item: &str, confidence: f64, classified: Sensitivity, truth: Sensitivity, right: bool) -> Labelled {
    let confidence = Confidence::new(confidence);
    Labelled {
        item: item.to_owned(),
        confidence,
        classified: Some(classified),
        truth,
        right,
        abstained: false,
    }
}

const COSTS: Costs = Costs { local_answer: 0.0, human_review: 5.0, cloud: 1.0, wrong_answer: 20.0 };

#[test]
fn three_queries_go_three_ways() {
    let decide =
        |confidence: f64, sensitivity| policy(0.75).decide(Some(sure(confidence)), Some(sensitivity));
    assert_eq!(decide(0.94, Public), LocalAnswer);
    assert_eq!(decide(0.41, Public), CloudAllowedAfterRedaction);
    assert_eq!(decide(0.38, Sensitive), HumanReviewLocalOnly);
    let words = ["local_answer", "human_review_local_only", "cloud_allowed_after_redaction"];
    assert_eq!(Destination::ALL.map(Destination::word), words);
}

#[test]
fn what_is_unknown_never_leaves() {
    assert_eq!(policy(0.5).decide(None, None), HumanReviewLocalOnly);
    assert_eq!(policy(0.5).decide(Some(sure(0.49)), None), HumanReviewLocalOnly);
    assert_eq!(policy(0.0).decide(None, Some(Public)), CloudAllowedAfterRedaction);
    assert_eq!(policy(0.5).decide(Some(sure(0.5)), None), LocalAnswer);
    assert!(Confidence::new(f64::NAN).is_none() && Confidence::new(1.1).is_none());
    assert!(serde_json::from_str::<Confidence>("-0.1").is_err());
}

#[test]
fn one_sensitive_query_that_would_leave_fails() {
    let mut queries = vec![
        query("a", 0.9, Public, Public, true),
        query("b", 0.8, Public, Public, false),
        query("c", 0.3, Public, Public, true),
        query("d", 0.2, Sensitive, Sensitive, false),
        query("e", 0.9, Public, Sensitive, true),
        query("f", 0.1, Sensitive, Public, false),
    ];
    queries[1].abstained = true;
    let kept = evaluate(policy(0.5), &queries);
    assert_eq!((kept.right_kept, kept.wrong_kept, kept.right_escalated, kept.wrong_escalated), (2, 1, 1, 2));
    assert_eq!(
        (kept.to(LocalAnswer), kept.to(HumanReviewLocalOnly), kept.to(CloudAllowedAfterRedaction)),
        (3, 2, 1)
    );
    assert_eq!((kept.escalation_rate(), kept.abstention_rate()), (Some(0.5), Some(1.0 / 3.0)));
    assert_eq!(kept.kept_quality(), Some(2.0 / 3.0));
    assert_eq!((kept.sensitive_found, kept.public_found, kept.public_held_back), (1, 3, 1));
    // Held back by its confidence alone: named, though nothing left.
    assert_eq!(
        (kept.sensitive_missed.as_slice(), kept.keeps_secrets()),
        (["e".to_owned()].as_slice(), Outcome::Pass)
    );
    assert_eq!(COSTS.of(&kept), Some(2.0 * 5.0 + 1.0 + 20.0));

    let strict = evaluate(policy(0.95), &queries);
    assert_eq!(
        (strict.left.as_slice(), strict.keeps_secrets()),
        (["e".to_owned()].as_slice(), Outcome::Fail)
    );
    assert_eq!(strict.kept_quality(), None);
}

#[test]
fn without_a_sensitive_query_nothing_was_shown() {
    let queries = [query("a", 0.9, Public, Public, true)];
    assert_eq!(evaluate(policy(0.5), &queries).keeps_secrets(), Outcome::Unknown);
    assert_eq!(evaluate(policy(0.5), &[]).escalation_rate(), None);
}

#[test]
fn a_sweep_shows_every_threshold_that_matters_with_its_cost() {
    let queries = [
        query("a", 0.9, Public, Public, true),
        query("b", 0.4, Public, Public, false),
        query("c", 0.4, Sensitive, Sensitive, false),
    ];
    let points = sweep(&queries, Some(&COSTS), 101);
    let shown: Vec<_> = points.iter().map(|point| (point.threshold.get(), point.cost)).collect();
    assert_eq!(shown, [(0.4, Some(40.0)), (0.9, Some(6.0))]);
    assert!(sweep(&[], Some(&COSTS), 101).is_empty());
    let negative = Costs { cloud: -1.0, ..COSTS };
    assert_eq!(sweep(&queries, Some(&negative), 101)[0].cost, None);
    assert_eq!(sweep(&queries, None, 101)[0].cost, None);
}

fn queries() -> impl Strategy<Value = Vec<Labelled>> {
    let sensitivity = || prop::sample::select(vec![Public, Sensitive]);
    let one =
        (prop::option::of(0.0_f64..=1.0), prop::option::of(sensitivity()), sensitivity(), any::<bool>());
    let labelled = |(confidence, classified, truth, right): (Option<f64>, _, _, _)| Labelled {
        item: "q".to_owned(),
        confidence: confidence.and_then(Confidence::new),
        classified,
        truth,
        right,
        abstained: false,
    };
    proptest::collection::vec(one.prop_map(labelled), 0..150)
}

proptest! {
    #[test]
    fn every_query_goes_somewhere_and_nothing_told_sensitive_leaves(queries in queries(), threshold in 0.0_f64..=1.0) {
        let evaluation = evaluate(policy(threshold), &queries);
        prop_assert_eq!(evaluation.queries(), queries.len() as u64);
        let confusion = evaluation.right_kept + evaluation.wrong_kept + evaluation.right_escalated + evaluation.wrong_escalated;
        prop_assert_eq!(confusion, queries.len() as u64);
        prop_assert!(evaluation.left.len() <= evaluation.sensitive_missed.len());
    }

    #[test]
    fn a_higher_threshold_never_keeps_more(queries in queries()) {
        let points = sweep(&queries, Some(&COSTS), 101);
        prop_assert!(points.len() <= 101);
        for pair in points.windows(2) {
            prop_assert!(pair[0].threshold < pair[1].threshold);
            let kept = |point: usize| pair[point].destinations.get(&LocalAnswer).copied().unwrap_or_default();
            prop_assert!(kept(0) >= kept(1));
        }
    }
}
