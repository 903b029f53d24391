//! `all`, `any`, `weighted`, `not`: scorers of scorers.

use super::part::{Finding, Outcome, Part};
use super::prepared::{Ground, build};
use super::reading::Reading;
use super::rule::{self, Rule};
use super::unfit::{self, Unfit};
use crate::expect::{Expect, Weighted};

/// Least mean that passes.
const LEAST_MEAN: f64 = 0.75;
/// What sums of weights lose.
const ROUNDING: f64 = 1e-9;

type Rules = Vec<Box<dyn Rule>>;

fn prepare(
    scorer: &'static str,
    parts: &[Expect],
    ground: &Ground<'_>,
    depth: usize,
) -> Result<Rules, Unfit> {
    unfit::entries(scorer, parts.len())?;
    parts.iter().map(|part| build(part, ground, depth + 1)).collect()
}

fn judge_all(rules: &Rules, reading: &Reading<'_>) -> Vec<Part> {
    rules.iter().map(|rule| rule::part(rule.as_ref(), reading)).collect()
}

fn unread(rules: &Rules, reading: &Reading<'_>) -> Option<Part> {
    rules.iter().find_map(|rule| rule.in_unread(reading))
}

fn counted(parts: &[Part], outcome: Outcome) -> usize {
    parts.iter().filter(|part| part.outcome == outcome).count()
}

/// The finding of a combinator: unknown parts leave it unknown where they could still turn it.
fn combined(outcome: Outcome, points: Option<f64>, parts: Vec<Part>) -> Finding {
    let (passed, unknown) = (counted(&parts, Outcome::Pass), counted(&parts, Outcome::Unknown));
    let unknown = if unknown == 0 { String::new() } else { format!(", {unknown} unknown") };
    let reason = format!("{passed} of {} parts hold{unknown}", parts.len());
    Finding { points: points.filter(|_| outcome != Outcome::Unknown), outcome, ruins: false, reason, parts }
}

fn known(parts: &[Part]) -> impl Iterator<Item = f64> + '_ {
    parts.iter().filter_map(|part| part.points)
}

#[derive(Debug)]
pub(crate) struct All {
    rules: Rules,
}

impl All {
    pub(crate) fn prepare(parts: &[Expect], ground: &Ground<'_>, depth: usize) -> Result<Self, Unfit> {
        Ok(Self { rules: prepare("all", parts, ground, depth)? })
    }
}

impl Rule for All {
    fn name(&self) -> &'static str {
        "all"
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let parts = judge_all(&self.rules, reading);
        let outcome = match (counted(&parts, Outcome::Fail), counted(&parts, Outcome::Unknown)) {
            (0, 0) => Outcome::Pass,
            (0, _) => Outcome::Unknown,
            _ => Outcome::Fail,
        };
        let least = known(&parts).min_by(f64::total_cmp);
        combined(outcome, least, parts)
    }

    fn in_unread(&self, reading: &Reading<'_>) -> Option<Part> {
        unread(&self.rules, reading)
    }
}

#[derive(Debug)]
pub(crate) struct Any {
    rules: Rules,
}

impl Any {
    pub(crate) fn prepare(parts: &[Expect], ground: &Ground<'_>, depth: usize) -> Result<Self, Unfit> {
        Ok(Self { rules: prepare("any", parts, ground, depth)? })
    }
}

impl Rule for Any {
    fn name(&self) -> &'static str {
        "any"
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let parts = judge_all(&self.rules, reading);
        let outcome = match (counted(&parts, Outcome::Pass), counted(&parts, Outcome::Unknown)) {
            (0, 0) => Outcome::Fail,
            (0, _) => Outcome::Unknown,
            _ => Outcome::Pass,
        };
        let greatest = known(&parts).max_by(f64::total_cmp);
        combined(outcome, greatest, parts)
    }

    fn in_unread(&self, reading: &Reading<'_>) -> Option<Part> {
        unread(&self.rules, reading)
    }
}

#[derive(Debug)]
pub(crate) struct Mean {
    rules: Rules,
    weights: Vec<f64>,
}

impl Mean {
    pub(crate) fn prepare(parts: &[Weighted], ground: &Ground<'_>, depth: usize) -> Result<Self, Unfit> {
        const NAME: &str = "weighted";
        unfit::entries(NAME, parts.len())?;
        let weights: Vec<f64> = parts.iter().map(|part| part.weight).collect();
        if !weights.iter().all(|weight| (1e-6..=1e6).contains(weight)) {
            return Err(Unfit::new(NAME, "wants weights above 0 and up to 1000000"));
        }
        let rules = parts.iter().map(|part| build(&part.of, ground, depth + 1)).collect::<Result<_, _>>()?;
        Ok(Self { rules, weights })
    }
}

impl Rule for Mean {
    fn name(&self) -> &'static str {
        "weighted"
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let parts = judge_all(&self.rules, reading);
        let total: f64 = self.weights.iter().sum();
        let sum = |unknown: f64| {
            parts
                .iter()
                .zip(&self.weights)
                .map(|(part, weight)| part.points.unwrap_or(unknown) * weight)
                .sum::<f64>()
                / total
        };
        let passes = |mean: f64| mean >= LEAST_MEAN - ROUNDING;
        // What was not measured could be anything between nothing and all.
        let outcome = match (passes(sum(0.0)), passes(sum(1.0))) {
            (true, _) => Outcome::Pass,
            (false, true) => Outcome::Unknown,
            (false, false) => Outcome::Fail,
        };
        let outcome =
            if counted(&parts, Outcome::Unknown) == 0 { Outcome::of(passes(sum(0.0))) } else { outcome };
        let mean = sum(0.0).clamp(0.0, 1.0);
        combined(outcome, Some(mean), parts)
    }

    fn in_unread(&self, reading: &Reading<'_>) -> Option<Part> {
        unread(&self.rules, reading)
    }
}

#[derive(Debug)]
pub(crate) struct Not {
    rule: Box<dyn Rule>,
}

impl Not {
    pub(crate) fn prepare(part: &Expect, ground: &Ground<'_>, depth: usize) -> Result<Self, Unfit> {
        Ok(Self { rule: build(part, ground, depth + 1)? })
    }
}

impl Rule for Not {
    fn name(&self) -> &'static str {
        "not"
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let part = rule::part(self.rule.as_ref(), reading);
        let (outcome, reason) = match part.outcome {
            Outcome::Pass => (Outcome::Fail, "the part holds"),
            Outcome::Fail => (Outcome::Pass, "the part does not hold"),
            Outcome::Unknown => (Outcome::Unknown, "the part is unknown"),
        };
        // All or nothing: a part that holds by half still fails or passes.
        let points = (outcome != Outcome::Unknown).then(|| f64::from(u8::from(outcome == Outcome::Pass)));
        Finding { points, outcome, ruins: false, reason: reason.to_owned(), parts: vec![part] }
    }

    fn in_unread(&self, reading: &Reading<'_>) -> Option<Part> {
        self.rule.in_unread(reading)
    }
}
