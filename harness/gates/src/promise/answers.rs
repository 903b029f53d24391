//! `quality` and `false_answers`: the items of the golden set that the session was asked.

use edgesoak_record::gate::Gate;

use crate::answers::SessionAnswers;
use crate::case::Case;
use crate::explain::Explained;
use crate::outcome::Finding;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Items that were answered right by items that were asked, behind the rest; of the unanswerable items, those that were answered all the same. An item without an answer counts against the share for one bound and for it for the other.",
    decides: "The route's bar, else that of the golden set. Pass where the bound on the bad side keeps the bar, fail where the bound on the good side breaks it, else not proven. An item that is right when rested and wrong when hot takes a pass of `quality` away. Where every item that was asked can be answered, the set's bar on `false_answers` does not apply. Where `quality` blocks and fails, no speed of the session passes.",
    settings: &[],
    source: "Wilson's score interval at 95 %, one-sided, widened by resampled groups of items that hang together.",
};

/// Gates whose pass is worth nothing where the answers are wrong.
pub const SPEEDS: &[Gate] = &[
    Gate::BurstTps,
    Gate::SustainedTps,
    Gate::FloorTps,
    Gate::PeakTps,
    Gate::WorstMinuteTps,
    Gate::Last30sTps,
    Gate::ItemsPerSecond,
    Gate::TokensPerJoule,
    Gate::JoulesPerToken,
];

/// Whether the session was to answer items.
#[must_use]
pub fn are_asked(case: &Case) -> bool {
    case.record.planned.golden.is_some() || case.record.golden.is_some()
}

/// Judges one of them.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let bar = case.bar(gate);
    match &case.record.golden {
        Some(golden) => SessionAnswers::of(golden).finding(gate, bar),
        None => Finding::not_proven("not_asked", "The golden items were planned and never asked").limit(bar),
    }
}
