//! What stands beside a run and its verdict, and only others can tell.

use edgesoak_record::SessionVerdict;
use edgesoak_record::comparison::{Detectable, Reference};
use edgesoak_record::explanation::Explain;

/// What the page of a run says besides the run and its verdict; by default nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Background<'a> {
    /// Who explains gates: how a figure is made stands beside each.
    pub explain: Option<Explain>,
    /// What a comparison on the least certain of its devices can show after the fewest runs.
    pub detectable: Option<Detectable>,
    /// Releases from before the run, the previous one first: changes against them are shown, and decide nothing.
    pub earlier: &'a [Earlier],
}

/// A release that was promoted before the run was opened.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Which of the two.
    pub reference: Reference,
    /// Its name in the book of baselines.
    pub name: String,
    /// Verdicts on those of its sessions that did the work of the run's, on the same devices with the same system.
    pub sessions: Vec<SessionVerdict>,
}
