//! Energy that an imported file gives as a sum, without the readings behind it: a figure to look at. Nothing says how
//! it was measured and how well, or that the battery alone fed the device, so that it proves no bar.

use edgesoak_record::gate::Gate;
use edgesoak_record::import::EnergySum;

use crate::case::{Case, supply};
use crate::outcome::finding::decapitalised;
use crate::outcome::{Estimate, Finding, Missing, against, quoted};
use crate::promise::energy::figure;

/// How far the time of the sum may be from that of the tokens, as a part of one.
const SAME_TIME: f64 = 0.05;

/// Judges it; `None` for a session whose file has no sum.
pub fn judge(case: &Case, gate: Gate) -> Option<Finding> {
    let import = case.record.imported.as_ref()?;
    let sum = import.energy?;
    let limit = case.bar(gate);
    if let Some(mut attached) = supply::attached(case) {
        attached.sentence = format!("Energy is not measured: {}", decapitalised(&attached.sentence));
        return Some(Finding::from(attached).limit(limit));
    }
    let Some(tokens) = tokens(case, &sum) else {
        let words = "The file gives an energy, and not how many tokens were decoded in that time";
        return Some(Finding::not_proven("no_tokens", words).limit(limit));
    };
    let joules = sum.microjoules as f64 / 1e6;
    let source = import.facts.iter().find(|fact| fact.about == "source of energy");
    let source = source.map_or_else(String::new, |fact| format!(" ({})", quoted(&fact.text, 40)));
    let over = sum.over.map_or_else(String::new, |over| format!(" over {:.0} s", over.as_secs_f64()));
    let mut estimate =
        Estimate::exact("Gross energy:", figure(gate, tokens, joules), super::burst_tps::count(tokens)).note(
            format!("{joules:.0} J{over}, a sum of the file's own{source} that says nothing of its error"),
        );
    (estimate.lo, estimate.hi) = (None, None);
    let found = against(gate, limit, estimate);
    let unverified = Missing::new(
        "energy_unverified",
        "Energy is a sum of the file's own: nobody knows how it was measured, and whether a battery alone gave it",
    );
    Some(if limit.is_some() { found.lacking(&unverified) } else { found })
}

/// Tokens in the time of the sum: the file's own count, or those of the rates where they cover the same time.
fn tokens(case: &Case, sum: &EnergySum) -> Option<f64> {
    let counted = sum.tokens.map(|tokens| tokens as f64);
    let by_rates = || {
        let soak = case.soak.as_ref().ok()?;
        let over = sum.over?.as_secs_f64();
        soak.tokens().filter(|_| (soak.end() / over - 1.0).abs() <= SAME_TIME)
    };
    counted.or_else(by_rates).filter(|tokens| *tokens >= 1.0)
}
