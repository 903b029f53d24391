//! What blocks, how much margin, and what was waived.

use serde::{Deserialize, Serialize};

use crate::gate::Gate;
use crate::slowdown::Grade;

/// The policy of one tier, as it was when the run was planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// `pr`, `merge`, `nightly`, `release` or a name of the matrix.
    pub tier: String,
    /// Gates that block.
    pub blocking: Vec<Gate>,
    /// Gates whose `NotProven` this tier accepts by name.
    pub accept_not_proven: Vec<Gate>,
    /// Families that must be covered by hardware.
    pub required_families: Vec<String>,
    /// What families owe for a claim about heat that blocks; absent from a serialised policy where none owes any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<OwedEvidence>,
    /// What families owe of a proof that nothing left the device; absent from a serialised policy where none owes more than
    /// any proof.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<OwedEvidence>,
    /// Most time a run of this tier may take, seconds.
    pub budget_s: Option<f64>,
    /// Greatest age of a verdict that may stand in the place of a run of the same plan, seconds; absent from a serialised
    /// policy where none may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reuse_s: Option<f64>,
    /// Greatest age of a session that a selection of candidates rests on, seconds; absent from a serialised policy that says
    /// nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection_age_s: Option<f64>,
    /// What an export of a model may lose; absent from a serialised policy that says nothing of exports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<ExportPolicy>,
    /// Largest accepted loss against the previous release, as a part of one.
    pub regression_margin: f64,
    /// Largest accepted loss against a pinned reference, as a part of one.
    pub pinned_margin: f64,
    /// Repeated runs of a regression test.
    pub regression_runs: RegressionRuns,
    /// Units of a family that a claim about the family needs.
    pub units_per_family: u32,
    /// What is run again and again unchanged, so that its scatter tells how far runs differ; absent from a serialised policy
    /// that has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
    /// Known shortfalls, each with an end.
    pub waivers: Vec<Waiver>,
}

/// When a smaller export of a model may stand in for it. What it must be as fast as stands among the bars of its sessions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ExportPolicy {
    /// Largest accepted drop of the share of right answers against the baseline, as a part of one.
    pub largest_drop: f64,
}

/// A candidate that does not change, in its runtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// Candidate id.
    pub candidate: String,
    /// SHA-256 of its artifact, lower-case hex.
    pub sha256: String,
    /// Runner program.
    pub runtime: String,
    /// Where it must run.
    pub placement: String,
}

/// The least grade of evidence that a family owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedEvidence {
    /// Family id.
    pub family: String,
    /// The least grade.
    pub least: Grade,
}

impl OwedEvidence {
    /// The least grade that this family owes; `None` where nothing is said of it.
    #[must_use]
    pub fn by(family: &str, all: &[Self]) -> Option<Grade> {
        all.iter().find(|owed| owed.family == family).map(|owed| owed.least)
    }
}

/// How often a regression test repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegressionRuns {
    /// Least number of runs.
    pub min: u32,
    /// Numbers of runs after which a decision may fall.
    pub looks: Vec<u32>,
}

/// A named, expiring exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Gate that is waived.
    pub gate: Gate,
    /// Device it holds for.
    pub device: Option<String>,
    /// Family it holds for.
    pub family: Option<String>,
    /// Why.
    pub reason: String,
    /// Who mends it.
    pub owner: String,
    /// Who allowed it.
    pub approver: String,
    /// Where it is tracked.
    pub ticket: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// Most runs it may be used in.
    pub max_uses: Option<u32>,
}

/// Where a policy was read that stands in for the one of a run's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySource {
    /// The tier.
    pub tier: String,
    /// The branch, tag or commit that was named; `None` for the matrix as it lies on this host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The commit that this was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl PolicySource {
    /// `tier merge as of origin/main (0123456789ab)`.
    #[must_use]
    pub fn title(&self) -> String {
        let commit =
            self.commit.as_deref().map(|commit| format!(" ({})", commit.get(..12).unwrap_or(commit)));
        let place = self.reference.as_ref().map_or_else(
            || "the matrix as it is now".to_owned(),
            |reference| format!("{reference}{}", commit.unwrap_or_default()),
        );
        format!("tier {} as of {place}", self.tier)
    }
}
