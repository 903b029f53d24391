//! What blocks, how much margin, and what was waived.

use serde::{Deserialize, Serialize};

use crate::gate::Gate;

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
    /// Most time a run of this tier may take, seconds.
    pub budget_s: Option<f64>,
    /// Largest accepted loss against the previous release, as a part of one.
    pub regression_margin: f64,
    /// Largest accepted loss against a pinned reference, as a part of one.
    pub pinned_margin: f64,
    /// Repeated runs of a regression test.
    pub regression_runs: RegressionRuns,
    /// Units of a family that a claim about the family needs.
    pub units_per_family: u32,
    /// Known shortfalls, each with an end.
    pub waivers: Vec<Waiver>,
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
