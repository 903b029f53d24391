//! What takes an outcome away: findings about the session's validity, made before any statistic is looked at.

use edgesoak_record::verdict::Outcome;

use crate::case::{Case, faked, imported, settings, swapped, wholeness};
use crate::defaults::{LEAST_DUTY, MOST_BACKGROUND, TIMESTAMP_MARGIN};
use crate::figures;
use crate::outcome::{Finding, Missing};
use crate::promise::{background_cpu, clocks, data_coverage, duty_cycle, start_gate, timestamp_agreement};
use edgesoak_record::gate::Gate;

/// How much a doubt takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A Pass: the product had it easier than planned, or a part of it was not watched.
    Pass,
    /// A Pass and a Fail: something else than the product made the figures.
    Both,
}

/// One thing that speaks against a session as evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// What it takes away.
    pub takes: Takes,
    /// What it is, and where it was seen.
    pub why: Missing,
}

impl Doubt {
    fn new(takes: Takes, cause: &'static str, sentence: String) -> Self {
        Self { takes, why: Missing::new(cause, sentence) }
    }
}

/// Everything that speaks against this session, heaviest first.
#[must_use]
pub fn of(case: &Case) -> Vec<Doubt> {
    let Ok(soak) = &case.soak else {
        return Vec::new();
    };
    let mut doubts = Vec::new();
    if let Some(missing) = imported::untimed(case) {
        doubts.push(Doubt { takes: Takes::Both, why: missing });
    }
    let percent = |part: f64| figures::with_unit(part, "ratio");
    if let Some(missing) = wholeness::missing(case, soak) {
        doubts.push(Doubt::new(Takes::Both, "incomplete", format!("The soak is not whole: {missing}")));
    }
    if let Some(why) = clocks::broken(case) {
        doubts.push(Doubt::new(Takes::Both, "clock_jump", why));
    }
    // Of items whole answers count, each to its last token by our own clock.
    if let Some(difference) =
        timestamp_agreement::difference(soak).filter(|part| *part > TIMESTAMP_MARGIN && !case.is_of_items())
    {
        let words = format!("Our token times and the engine's own differ by {}", percent(difference));
        doubts.push(Doubt::new(Takes::Both, "timestamps_disagree", words));
    }
    let conditions = [start_gate::hot_or_charging(case), faked::seen(case), swapped::seen(case)];
    doubts.extend(conditions.into_iter().flatten().map(|why| Doubt { takes: Takes::Both, why }));
    if let Some((part, _)) = background_cpu::share(case).filter(|(part, _)| *part > MOST_BACKGROUND) {
        let words = format!("Other processes took {} of the processor", percent(part));
        doubts.push(Doubt::new(Takes::Both, "background_cpu", words));
    }
    doubts.extend(settings::unread(case).map(|why| Doubt { takes: Takes::Pass, why }));
    if let Some(why) = clocks::suspended(case) {
        doubts.push(Doubt::new(Takes::Pass, "suspended", why));
    }
    if let Some(part) = duty_cycle::part(case, soak).filter(|part| *part < LEAST_DUTY) {
        let words = format!("Only {} of the soak was work, which is no soak", percent(part));
        doubts.push(Doubt::new(Takes::Pass, "idle", words));
    }
    if let Some(hole) = data_coverage::hole(case) {
        doubts.push(Doubt { takes: Takes::Pass, why: hole });
    }
    doubts
}

/// A finding with what the doubts leave of it.
#[must_use]
pub fn apply(doubts: &[Doubt], finding: Finding) -> Finding {
    let hit = doubts.iter().find(|doubt| match finding.outcome {
        Outcome::Pass => true,
        Outcome::Fail => doubt.takes == Takes::Both,
        Outcome::NotProven | Outcome::Info => false,
    });
    match hit {
        Some(doubt) => finding.lacking(&doubt.why),
        None => finding,
    }
}

/// A broken condition of validity is the lab's shortfall, not the product's, unless the route promises it by a bar.
#[must_use]
pub fn unless_promised(case: &Case, gate: Gate, mut finding: Finding) -> Finding {
    if finding.outcome == Outcome::Fail && case.bar(gate).is_none() {
        finding.outcome = Outcome::NotProven;
    }
    finding
}
