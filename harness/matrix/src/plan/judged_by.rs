//! A plan that was carried out, under the bars and the policy of another matrix, such as that of a protected branch.

use edgesoak_record::canonical;
use edgesoak_record::plan::Candidate;
use edgesoak_record::{Plan, PlannedSession};

use crate::effective::fill;
use crate::language;
use crate::matrix::Matrix;
use crate::node::Table;
use crate::plan::{bars, policy, routing};

impl Matrix {
    /// Gives a plan the policy of a tier, and its routes what they promise as they stand here. What was run stays what it was.
    ///
    /// Returns the routes that this matrix does not have; what they promise stays as planned.
    pub fn judge_by(&self, plan: &mut Plan, tier: &str) -> Vec<String> {
        let routes = self.root.table("route");
        let mut unknown = Vec::new();
        for session in &mut plan.sessions {
            let id = &session.route.id;
            let written = routes.and_then(|routes| routes.table(id));
            match written.map(|route| fill(&language::route::section(), route)) {
                Some(route) => self.promise(&route, session),
                None if unknown.contains(id) => {}
                None => unknown.push(id.clone()),
            }
        }
        plan.policy = policy::of(self, &policy::named(self, tier), &plan.sessions);
        // A policy is made of texts and numbers; one without a digest is no policy that was read before.
        plan.policy_digest = canonical::digest(&plan.policy).unwrap_or_default();
        unknown
    }

    /// What a session owes by a route of this matrix.
    fn promise(&self, route: &Table, session: &mut PlannedSession) {
        let PlannedSession { device, route: planned, candidate, .. } = session;
        if let Some(baseline) = self.baseline(candidate) {
            candidate.export_of = Some(baseline.to_owned());
        }
        planned.local_only = route.bool("local_only").unwrap_or(planned.local_only);
        routing::again(route, planned);
        let bars = bars::effective(route, &device.family);
        let bars = bars.map(|bars| policy::owed_bars(self, &bars, candidate.export_of.is_some()));
        planned.bars = bars.map(|bars| bars::of(&bars)).unwrap_or_default();
    }

    /// What a candidate is an export of here; one that is an export by its plan alone stays one.
    fn baseline(&self, candidate: &Candidate) -> Option<&str> {
        self.root.table("candidate")?.table(&candidate.id)?.text("export_of")
    }
}
