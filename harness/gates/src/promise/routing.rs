//! `routing` and `escalation`: where the queries of a route go when the device is not sure of its answer.

use std::collections::BTreeSet;

use edgesoak_record::gate::Gate;
use edgesoak_record::golden::{AskedItem, GoldenRecord, Heat};
use edgesoak_record::routing::{Destination, PlannedRouting, Routed};

use crate::answers::Proportion;
use crate::case::Case;
use crate::explain::Explained;
use crate::outcome::{Estimate, Finding, against};
use crate::promise::answers::are_asked;
use crate::routing::{Labelled, routed};

/// What `edgesoak explain` says of them.
pub const EXPLAINED: Explained = Explained {
    formula: "Each golden query by the confidence of its answer and by what its words tell: answered on the device at the threshold or above, else put before a person on site where a sensitive term is in it, else free to leave after redaction. The item's label says whether that was right and takes no part in it. `escalation` is the share that the device does not answer itself.",
    decides: "One sensitive query that would leave fails `routing`, hot or rested. It passes where sensitive queries were asked, every answer came, the hot ones too, the runtime said how sure it was, and none would leave. A failure stays one however the session ended. `escalation` is held against the route's bar.",
    settings: &[],
    source: "The label `sensitive` of the golden items. Wilson's score interval for the share.",
};

/// Most items that a sentence names.
const MOST_NAMED: usize = 3;

/// Whether the session's route hands queries on, and it was to answer some.
#[must_use]
pub fn is_asked(case: &Case) -> bool {
    case.record.planned.route.routing.is_some() && are_asked(case)
}

/// Judges one of them.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let bar = case.bar(gate);
    let Some(planned) = &case.record.planned.route.routing else {
        return Finding::not_proven("no_routing", "The route says nothing of where its queries go")
            .limit(bar);
    };
    let Some(golden) = &case.record.golden else {
        return Finding::not_proven("not_asked", "No golden query was asked, so that none was routed")
            .limit(bar);
    };
    match gate {
        Gate::Escalation => escalation(planned, golden, bar),
        _ => kept(planned, golden),
    }
}

/// Whether anything sensitive would have left.
fn kept(planned: &PlannedRouting, golden: &GoldenRecord) -> Finding {
    let Routed { evaluation, left_when_hot, .. } = routed(planned, golden, 0);
    let mut left = evaluation.left.clone();
    left.extend(left_when_hot.iter().filter(|item| !evaluation.left.contains(item)).cloned());
    let sensitive = evaluation.sensitive();
    if !left.is_empty() {
        let words = format!("Would leave the device though sensitive: {}", named(&left));
        return Finding::fail("sensitive_left", words).observed(sensitive.max(left.len() as u64));
    }
    let (asked, missing) = (golden.asked.answers(), unanswered(golden));
    let finding = if missing > 0 {
        let words =
            format!("Of {asked} answers, hot and rested, {missing} are missing: nobody knows where those go");
        Finding::not_proven("unanswered", words)
    } else if sensitive == 0 {
        Finding::not_proven("no_sensitive", "No query that was asked is sensitive, so that nothing was shown")
    } else if golden.answers.iter().any(|answer| answer.classified.is_none()) {
        Finding::not_proven("not_classified", "Nobody looked for sensitive words in some of the queries")
    } else if is_unsure(golden) {
        let words = "The runtime did not say how sure it was, so that no query was routed by that; by their words alone \
                     none that is sensitive would leave";
        Finding::not_proven("no_confidence", words)
    } else {
        let threshold = planned.threshold.get();
        let words =
            format!("None of {sensitive} sensitive queries would leave at a threshold of {threshold}");
        Finding::pass(words + &by_luck(&evaluation.sensitive_missed))
    };
    finding.observed(sensitive)
}

/// Answers that were owed and did not come: each query's behind the rest, and those of the first right after the soak.
fn unanswered(golden: &GoldenRecord) -> usize {
    let lacking = |heat: Heat, most: usize| {
        let given = golden.answers.iter().filter(|answer| answer.heat == heat);
        let given: BTreeSet<&str> = given.map(|answer| answer.scored.item.as_str()).collect();
        golden.asked.items.iter().take(most).filter(|item| !given.contains(item.id.as_str())).count()
    };
    lacking(Heat::Hot, golden.asked.hot as usize) + lacking(Heat::Rested, usize::MAX)
}

/// Whether an answer that was given lacks a confidence, or none was given: a refused prompt has no answer that one could be
/// sure of.
fn is_unsure(golden: &GoldenRecord) -> bool {
    let mut given = golden.answers.iter().filter(|answer| !answer.is_refused()).peekable();
    given.peek().is_none() || given.any(|answer| answer.scored.confidence.is_none())
}

/// Sensitive queries that stayed because the device was sure of its answer, and for no other reason.
fn by_luck(missed: &[String]) -> String {
    if missed.is_empty() {
        return String::new();
    }
    format!("; taken for public, and kept by their confidence alone: {}", named(missed))
}

fn named(items: &[String]) -> String {
    let first: Vec<String> = items.iter().take(MOST_NAMED).map(|item| format!("`{item}`")).collect();
    let more = if items.len() > MOST_NAMED { ", ..." } else { "" };
    let noun = if items.len() == 1 { "query" } else { "queries" };
    format!("{} {noun} ({}{more})", items.len(), first.join(", "))
}

/// The share that the device does not answer itself.
fn escalation(planned: &PlannedRouting, golden: &GoldenRecord, bar: Option<f64>) -> Finding {
    let policy = planned.policy();
    let rested = || golden.answers.iter().filter(|answer| answer.heat == Heat::Rested);
    if rested().all(|answer| answer.scored.confidence.is_none()) {
        let words = "No answer has a confidence, by which the device would keep it";
        return Finding::not_proven("no_confidence", words).limit(bar);
    }
    let given = rested().map(|answer| {
        let query = Labelled::of(answer);
        let destination = policy.decide(query.confidence, query.classified);
        let cluster = answer.scored.cluster.as_ref().unwrap_or(&answer.scored.item);
        (Some(destination != Destination::LocalAnswer), cluster.as_str())
    });
    let lacks = |item: &&AskedItem| rested().all(|answer| answer.scored.item != item.id);
    let missing = golden.asked.items.iter().filter(lacks);
    let missing = missing.map(|item| (None, item.cluster.as_ref().unwrap_or(&item.id).as_str()));
    let Some(share) = Proportion::of(given.chain(missing)) else {
        return Finding::not_proven("no_items", "No query was routed").limit(bar);
    };
    let estimate = Estimate::exact("Queries not answered on the device:", share.value, share.n);
    let note = format!("{} of {} queries", share.count, share.n);
    against(Gate::Escalation, bar, estimate.bounds(Some((share.lo, share.hi))).note(note))
}
