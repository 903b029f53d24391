//! Why the verdict may be believed, and how far.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::comparison::Detectable;
use edgesoak_record::{Gate, Run};

use super::Fact;
use super::seen::{Seen, joined};
use super::sources::Pair;
use super::standing::Standing;
use crate::words::number::{Amount, fixed, number};
use crate::words::text::{digest, word};

/// Most reasons that are counted one by one.
const MOST_REASONS: usize = 3;

pub(super) fn facts(
    run: &Run,
    pairs: &[Pair<'_>],
    seen: &[Seen],
    detectable: Option<&Detectable>,
) -> Vec<Fact> {
    vec![
        runs(pairs),
        effect(run, detectable),
        air(seen),
        telemetry(pairs),
        units(run, pairs),
        virtuals(pairs),
        heat(seen),
        Fact::new("Policy", digest(&run.plan.policy_digest), ""),
    ]
}

/// How many were planned and are evidence; why others are not.
fn runs(pairs: &[Pair<'_>]) -> Fact {
    let valid = pairs.iter().filter(|pair| pair.is_evidence()).count();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| !pair.is_evidence()) {
        let doubt = pair.verdict.and_then(|verdict| verdict.doubts.first());
        let why = match (doubt, pair.standing()) {
            (Some(doubt), _) => word(&doubt.cause),
            (None, Standing::Completed) => "not judged".to_owned(),
            (None, standing) => standing.word().to_owned(),
        };
        *reasons.entry(why).or_default() += 1;
    }
    let more = reasons.len().saturating_sub(MOST_REASONS);
    let mut told: Vec<String> =
        reasons.iter().take(MOST_REASONS).map(|(why, times)| format!("{times} {why}")).collect();
    if more > 0 {
        told.push(format!("{more} more reasons"));
    }
    let discarded = pairs.len() - valid;
    let remark = if discarded == 0 {
        "none discarded".to_owned()
    } else {
        format!("{discarded} discarded: {}", told.join(", "))
    };
    Fact::new("Runs", format!("{} planned, {valid} valid", pairs.len()), remark)
}

/// What a comparison of such runs can show at all, beside what may be lost.
fn effect(run: &Run, detectable: Option<&Detectable>) -> Fact {
    let percent = |part: f64| format!("{}\u{a0}%", fixed(part.abs() * 100.0, 1));
    let margin = percent(run.plan.policy.regression_margin);
    let Some(known) = detectable else {
        return Fact::new("Largest accepted loss", margin, "");
    };
    let spread = percent(known.sigma);
    let origin = if known.is_prior { "assumed" } else { "from history" };
    let remark = format!("in {} runs of either side; margin {margin}, spread {spread} {origin}", known.runs);
    Fact::new("Smallest loss that shows", percent(known.fails_from), remark)
}

fn air(seen: &[Seen]) -> Fact {
    let known = seen.iter().filter(|seen| seen.air.is_some()).count();
    let Some((low, high)) = seen.iter().filter_map(|seen| seen.air).reduce(joined) else {
        return Fact::new("Ambient", "not measured", "");
    };
    let (low, high) = (number(low), number(high));
    let range = if low == high { low } else { format!("{low} to {high}") };
    let remark = if known == seen.len() { String::new() } else { format!("on {known} of {}", seen.len()) };
    Fact::new("Ambient", format!("{range}\u{a0}°C"), remark)
}

fn telemetry(pairs: &[Pair<'_>]) -> Fact {
    let shares = pairs.iter().filter_map(|pair| pair.gate(Gate::DataCoverage)?.measured);
    let shares: Vec<f64> = shares.filter(|share| share.is_finite()).collect();
    let worst = shares.iter().copied().reduce(f64::min).map(|share| Amount::of(share, "ratio").full());
    let without = pairs.len() - shares.len();
    match (worst, without) {
        (Some(share), 0) => Fact::new("Telemetry", share, "least of all"),
        (Some(share), some) => {
            let none = format!("not known on {some} of {}", pairs.len());
            Fact::new("Telemetry", none, format!("{share} least of the others"))
        }
        (None, _) => Fact::new("Telemetry", "not known", "no coverage figure"),
    }
}

fn units(run: &Run, pairs: &[Pair<'_>]) -> Fact {
    let mut families: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| !pair.is_virtual()) {
        families.entry(pair.family()).or_default().insert(pair.device());
    }
    let needed = run.plan.policy.units_per_family;
    let least = families.values().map(BTreeSet::len).min();
    match least {
        Some(units) => {
            Fact::new("Units", format!("{units} of {needed}"), "that a claim about a family needs")
        }
        None => Fact::new("Units", "no hardware", ""),
    }
}

fn virtuals(pairs: &[Pair<'_>]) -> Fact {
    let count = pairs.iter().filter(|pair| pair.is_virtual()).count();
    match count {
        0 => Fact::new("Virtual devices", "none", ""),
        count => Fact::new("Virtual devices", format!("◇ {count}"), "never prove heat of hardware"),
    }
}

fn heat(seen: &[Seen]) -> Fact {
    let with = seen.iter().filter(|seen| seen.has_heat).count();
    let text = if with == seen.len() && with > 0 {
        "on every device".to_owned()
    } else {
        format!("on {with} of {}", seen.len())
    };
    Fact::new("Heat sensors", text, "")
}
