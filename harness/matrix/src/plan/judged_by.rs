//! A plan that was carried out, under the bars and the policy of another matrix, such as that of a protected branch.

use edgesoak_record::Plan;
use edgesoak_record::canonical;

use crate::effective::fill;
use crate::language;
use crate::matrix::Matrix;
use crate::plan::{bars, policy, routing};

impl Matrix {
    /// Gives a plan the policy of a tier and the bars of its routes as they stand here. What was run stays what it was.
    ///
    /// Returns the routes that this matrix does not have; their bars stay as planned.
    pub fn judge_by(&self, plan: &mut Plan, tier: &str) -> Vec<String> {
        let routes = self.root.table("route");
        let mut unknown = Vec::new();
        for session in &mut plan.sessions {
            let (id, family) = (&session.route.id, &session.device.family);
            let written = routes.and_then(|routes| routes.table(id));
            match written.map(|route| fill(&language::route::section(), route)) {
                Some(route) => {
                    let is_export = session.candidate.export_of.is_some();
                    let bars = bars::effective(&route, family);
                    let bars = bars.map(|bars| policy::owed_bars(self, &bars, is_export));
                    if let Some(planned) = &mut session.route.routing {
                        routing::again(&route, planned);
                    }
                    session.route.bars = bars.map(|bars| bars::of(&bars)).unwrap_or_default();
                }
                None if unknown.contains(id) => {}
                None => unknown.push(id.clone()),
            }
        }
        plan.policy = policy::of(self, &policy::named(self, tier), &plan.sessions);
        // A policy is made of texts and numbers; one without a digest is no policy that was read before.
        plan.policy_digest = canonical::digest(&plan.policy).unwrap_or_default();
        unknown
    }
}
