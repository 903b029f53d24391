//! What a comparison of two candidates came to: devices against their references, families, the whole.

use serde::{Deserialize, Serialize};

use crate::golden::Split;
use crate::policy::PolicySource;
use crate::slowdown::Slowdown;
use crate::verdict::{Outcome, Verdict};

/// What a candidate is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The previous release.
    Previous,
    /// A release that stays, so that small steps cannot creep.
    Pinned,
}

impl Reference {
    /// For the middle of a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Reference::Previous => "the previous release",
            Reference::Pinned => "the pinned reference",
        }
    }
}

/// What interleaved runs can show on one device. Changes are parts of one: -0.05 is a loss of 5 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detectable {
    /// Runs of either side.
    pub runs: u32,
    /// Spread between runs that was counted with.
    pub sigma: f64,
    /// Whether it is a guess, as history knows none.
    pub is_prior: bool,
    /// Distance of a bound from the change that is seen, as a part of one.
    pub reach: f64,
    /// The worst true change that still passes in four of five cases. Over 0 where even an equal candidate would not.
    pub passes_from: f64,
    /// The least true loss that fails in four of five cases, as a change.
    pub fails_from: f64,
}

/// Change of the sustained rate of one device and route against one reference. Changes are parts of one: -0.05 is a
/// loss of 5 %.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Against what.
    pub reference: Reference,
    /// `Pass`: no more is lost than accepted, with confidence.
    pub outcome: Outcome,
    /// A stable word for a `Fail` or `NotProven`, such as `regression`, `no_baseline`, `other_os_build`, `suspect`.
    pub cause: Option<String>,
    /// What a person should know, in one sentence.
    pub sentence: String,
    /// The change that was seen.
    pub change: Option<f64>,
    /// Lower one-sided bound, at the confidence of one look.
    pub lo: Option<f64>,
    /// Upper one-sided bound, at the confidence of one look.
    pub hi: Option<f64>,
    /// The largest accepted loss, as a change: -0.05.
    pub limit: f64,
    /// Runs of the candidate behind it.
    pub candidate_runs: u32,
    /// Runs of the reference behind it.
    pub reference_runs: u32,
    /// Runs of both that were no evidence.
    pub invalid_runs: u32,
    /// Sustained rate of each run of the candidate behind it, oldest first, as it was measured: the air is not accounted for.
    /// Where too few ran for a decision, of each that did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidate_rates: Vec<f64>,
    /// The same of the reference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference_rates: Vec<f64>,
    /// Spread between runs, standard deviation of the natural logarithm.
    pub sigma: Option<f64>,
    /// Probability of such a loss or a larger one if no more were lost than accepted.
    pub p: Option<f64>,
    /// The same, corrected (Holm) for the number of changes that were looked at.
    pub p_corrected: Option<f64>,
    /// The same by ranks alone (Mann and Whitney, exact), uncorrected; a second opinion that decides nothing.
    pub p_ranks: Option<f64>,
    /// Significant by itself, and not among so many: more runs tell.
    pub suspect: bool,
    /// Runs of the candidate, and of the reference, that the next decision needs.
    pub more_runs: MoreRuns,
    /// Why it sustains less, where it does with confidence: its burst held against that of the reference. It decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Slowdown>,
    /// What became of its answers to golden items, where both sides were asked the same ones: it decides as much as the rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<AnswersChange>,
    /// What else was found: how the spread is known, whether runs were interleaved, what the air did; one sentence
    /// each.
    pub notes: Vec<String>,
}

/// Answers of one device and route against those of one reference, on identical items. Shares are parts of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswersChange {
    /// `Pass`: the share of right answers is not worse by more than the margin, with confidence, and no critical item is
    /// lost. `Info` where the few items of the smoke split show no loss: they can show no more.
    pub outcome: Outcome,
    /// A stable word for a `Fail` or `NotProven`, such as `answers_worse`, `answers_critical`, `answers_too_close`.
    pub cause: Option<String>,
    /// What a person should know, in one sentence.
    pub sentence: String,
    /// The part of the set that they are of.
    pub split: Split,
    /// Items that both sides answered.
    pub n: u64,
    /// Items of the candidate that the reference does not have, or not the same.
    pub not_compared: u64,
    /// Right on both sides.
    pub both_right: u64,
    /// Right by the reference alone.
    pub only_reference: u64,
    /// Right by the candidate alone.
    pub only_candidate: u64,
    /// Wrong on both sides.
    pub both_wrong: u64,
    /// Share of the candidate less that of the reference.
    pub difference: Option<f64>,
    /// Lower one-sided 95 % bound of the difference.
    pub lo: Option<f64>,
    /// Upper one-sided 95 % bound of the difference.
    pub hi: Option<f64>,
    /// Probability of as many losses or more, were neither side better (McNemar, exact).
    pub p_worse: f64,
    /// Items that the candidate lost, as far as they are listed.
    pub lost: Vec<String>,
    /// Items that the candidate gained, as far as they are listed.
    pub gained: Vec<String>,
    /// Lost items that are critical.
    pub critical_lost: Vec<String>,
    /// Items that the reference answered and the candidate was asked and did not answer, or nobody can tell how, as far as
    /// they are listed.
    pub unanswered: Vec<String>,
    /// Items that runs of one side answered now right, now wrong: they count as wrong for the candidate and as right for the
    /// reference.
    pub unsteady: u64,
}

/// Runs that are needed before a decision can fall again; zeros where none falls any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MoreRuns {
    /// Of the candidate.
    pub candidate: u32,
    /// Of the reference.
    pub reference: u32,
}

/// One route of one device against every reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceComparison {
    /// Device id.
    pub device: String,
    /// Family id.
    pub family: String,
    /// Route id.
    pub route: String,
    /// Simulated device.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// All references together.
    pub outcome: Outcome,
    /// A stable word for a `Fail` or `NotProven`.
    pub cause: Option<String>,
    /// The one change that speaks, in one sentence.
    pub sentence: String,
    /// A `NotProven` that the tier accepts by name, or a waiver with its ticket.
    pub accepted: Option<String>,
    /// It counts for the verdict: a simulated device beside hardware does not.
    #[serde(default)]
    pub blocking: bool,
    /// One per reference.
    pub changes: Vec<Change>,
}

/// What a family's units say together about a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Its siblings do not share it: look at the unit.
    Unit,
    /// Most units share it: look at the product.
    Family,
    /// Too few units, or too close, to tell one from the other.
    Undecided,
}

/// One route of one family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FamilyComparison {
    /// Family id.
    pub family: String,
    /// Route id.
    pub route: String,
    /// All units together. `NotProven` (`too_few_units`) where a claim about the family needs more units.
    pub outcome: Outcome,
    /// A stable word for a `Fail` or `NotProven`.
    pub cause: Option<String>,
    /// In one sentence.
    pub sentence: String,
    /// Units with a figure.
    pub units: u32,
    /// Median change of the units against the previous release, a part of one.
    pub change: Option<f64>,
    /// Whose loss it is, where a unit failed.
    pub fault: Option<Fault>,
    /// Units that lost more than their siblings.
    pub outliers: Vec<String>,
    /// It keeps the verdict from a pass: by a unit that nobody excused, or by being required on more units.
    #[serde(default)]
    pub blocking: bool,
}

/// What stood on one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Which reference; `None` for the candidate.
    pub reference: Option<Reference>,
    /// Candidate ids.
    pub candidates: Vec<String>,
    /// SHA-256 of their artifacts.
    pub artifacts_sha256: Vec<String>,
    /// Runs that the sessions are of.
    pub runs: Vec<String>,
}

/// A candidate against its references, over all devices; `edgesoak gate` prints it as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The verdict.
    pub verdict: Verdict,
    /// Exit code that goes with it.
    pub exit: u8,
    /// A stable word for the cause: `regression`, `creep`, `too_few_runs`, `suspect`, `pass`.
    pub reason: String,
    /// The cause in one sentence of plain English.
    pub sentence: String,
    /// What was taken out of it for whoever it is forwarded to, in one sentence; `None` where nothing was. Never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    /// The tier whose policy it was judged by.
    #[serde(default)]
    pub tier: String,
    /// Where that policy was read, if it is not the one that the candidate's run was planned with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicySource>,
    /// What stood on each side, the candidate first.
    #[serde(default)]
    pub sides: Vec<Compared>,
    /// Largest accepted loss against the previous release, a part of one.
    pub margin: f64,
    /// Largest accepted loss against the pinned reference, a part of one.
    pub pinned_margin: f64,
    /// Runs of either side after which a decision falls.
    pub looks: Vec<u32>,
    /// One-sided error of one look, for bounds and for a single device.
    pub alpha: f64,
    /// What corrected probabilities are held against.
    pub alpha_failures: f64,
    /// What was accepted or waived, one sentence each; shown on the first screen.
    pub accepted: Vec<String>,
    /// What to do next, one sentence each.
    pub next_actions: Vec<String>,
    /// One per device and route.
    pub devices: Vec<DeviceComparison>,
    /// One per family and route.
    pub families: Vec<FamilyComparison>,
}

impl Comparison {
    /// The verdict as a heading.
    #[must_use]
    pub fn headline(&self) -> &'static str {
        match self.verdict {
            Verdict::Pass => "NOT SLOWER",
            Verdict::Fail if self.reason.starts_with("answers_") => "WORSE ANSWERS",
            Verdict::Fail => "SLOWER",
            Verdict::NotProven => "NOT PROVEN",
            Verdict::Infrastructure => "LAB PROBLEM",
            Verdict::Nothing => "NOTHING WAS COMPARED",
        }
    }
}
