//! Where the queries of a session would have gone.

use edgesoak_record::routing::{Destination, Routed, SweepPoint};

use crate::words::number::{Amount, NONE, count};
use crate::words::text::name;

/// Most ids in a sentence.
const MOST_IDS: usize = 20;

/// What became of queries by the route's policy.
#[derive(Debug, Clone)]
pub(crate) struct Routing {
    pub sentence: String,
    /// What the words of the queries told.
    pub told: String,
    /// Sensitive queries that would have left; empty where none would.
    pub left: String,
    pub rows: Vec<SweepRow>,
    /// Whether anybody said what anything costs.
    pub has_costs: bool,
}

/// One threshold.
#[derive(Debug, Clone)]
pub(crate) struct SweepRow {
    pub threshold: String,
    /// On the device, before a person, out.
    pub destinations: [String; 3],
    pub wrong: String,
    pub left: String,
    pub cost: String,
}

impl Routing {
    pub fn of(routed: &Routed) -> Self {
        let evaluation = &routed.evaluation;
        let [device, person, out] = Destination::ALL.map(|to| count(evaluation.to(to)));
        let escalated = evaluation.escalation_rate().map_or_else(|| NONE.to_owned(), percent);
        let sentence = format!(
            "At a threshold of {}: {device} of {} queries answered on the device ({} rightly, {} wrongly, {} by saying that it \
             does not know), {person} put before a person, {out} free to leave after redaction: {escalated} not answered \
             on the device.",
            routed.threshold.get(),
            count(evaluation.queries()),
            count(evaluation.right_kept),
            count(evaluation.wrong_kept),
            count(evaluation.abstained),
        );
        let unsure = match routed.without_confidence {
            0 => String::new(),
            unsure => format!(" {} answers have no confidence.", count(unsure)),
        };
        let told = format!(
            "Of {} sensitive queries {} were told to be so; {} public ones were held back.{unsure}",
            count(evaluation.sensitive()),
            count(evaluation.sensitive_found),
            count(evaluation.public_held_back),
        );
        let mut left: Vec<&String> = evaluation.left.iter().chain(&routed.left_when_hot).collect();
        left.sort_unstable();
        left.dedup();
        Self {
            sentence,
            told,
            left: named(&left),
            rows: routed.sweep.iter().map(SweepRow::of).collect(),
            has_costs: routed.sweep.iter().any(|point| point.cost.is_some()),
        }
    }
}

impl SweepRow {
    fn of(point: &SweepPoint) -> Self {
        let to = |destination| count(point.destinations.get(&destination).copied().unwrap_or_default());
        Self {
            threshold: format!("{:.3}", point.threshold.get()),
            destinations: Destination::ALL.map(to),
            wrong: count(point.wrong_kept),
            left: count(point.left),
            cost: point.cost.map_or_else(|| NONE.to_owned(), |cost| format!("{cost:.2}")),
        }
    }
}

fn named(ids: &[&String]) -> String {
    let shown: Vec<&str> = ids.iter().take(MOST_IDS).map(|id| id.as_str()).collect();
    match ids.len().saturating_sub(shown.len()) {
        0 => name(&shown.join(", ")),
        more => format!("{} and {} more", name(&shown.join(", ")), count(more as u64)),
    }
}

fn percent(part: f64) -> String {
    Amount::of(part, "ratio").full()
}
