//! The sessions of a plan, drawn up once as they are wanted and again where they have to fit into a time.

use edgesoak_record::Gate;
use edgesoak_record::not_run::Cut;

use crate::matrix::{Matrix, Pair};
use crate::node::Table;
use crate::plan::budget::{self, Kept, Needs, TooLong};
use crate::plan::policy::{self, Tier};
use crate::plan::request::{Chosen, Wanted};
use crate::plan::sessions::{Builder, Built};
use crate::source::Sources;

/// What sessions are made from.
pub(super) struct Draft<'a> {
    pub matrix: &'a Matrix,
    pub sources: &'a Sources,
    pub profile: &'a Table,
    pub tier: &'a Tier,
    pub chosen: &'a [Chosen<'a>],
    pub pair: Option<Pair<'a>>,
}

impl Draft<'_> {
    /// The sessions that fit, each repeated `runs` times at the most, and what was left out for that.
    pub fn fitted(&self, runs: u32, needs: &Needs) -> Result<(Built, Option<Cut>), TooLong> {
        let whole = self.sessions(&Kept::all(runs));
        if !whole.reports.is_empty() {
            return Ok((whole, None));
        }
        let (Some(kept), Some(budget_s)) = (budget::fit(&whole.sessions, needs)?, needs.budget_s) else {
            return Ok((whole, None));
        };
        let fewer = self.sessions(&kept);
        let policy = policy::of(self.matrix, self.tier, &fewer.sessions);
        let cut = kept.cut(budget_s, &whole.sessions, &policy);
        Ok((fewer, Some(cut)))
    }

    fn sessions(&self, kept: &Kept) -> Built {
        let canary = self.tier.canary(self.matrix);
        let wanted = Wanted {
            pair: self.pair,
            runs: kept.runs,
            canary: canary.as_deref(),
            without_probe: &kept.without_probe,
            canaries: self.profile.bool("canaries") == Some(true) || self.tier.names(Gate::Leaks),
            owes_regression: self.tier.owes(Gate::Regression),
        };
        let stays =
            |chosen: &&Chosen<'_>| chosen.device.text("id").is_none_or(|id| !kept.without.contains(id));
        let chosen: Vec<Chosen<'_>> = self.chosen.iter().filter(stays).copied().collect();
        let mut builder = Builder::new(self.matrix, self.sources, self.profile, wanted);
        builder.add_devices(&chosen);
        builder.finish()
    }
}
