//! By what all candidates are judged alike, however their runs were planned.

use std::collections::BTreeMap;
use std::time::Duration;

use edgesoak_record::plan::{PlannedSession, Route};
use edgesoak_record::policy::PolicySource;
use edgesoak_record::{Plan, Policy, Run};

use super::sessions::Places;
use crate::args::{JudgedBy, Shared};
use crate::command::named_policy::NamedPolicy;
use crate::failure::Failure;

/// Oldest session that counts where the policy does not say: 30 days.
const USUAL_AGE: Duration = Duration::from_hours(720);

/// What bars belong to: a route, a family, and whether the candidate is an export.
type Place = (String, String, bool);

/// Policy and bars.
pub struct Yardstick {
    policy: Policy,
    policy_digest: String,
    /// Routes with their bars as the newest sessions were planned.
    routes: BTreeMap<Place, Route>,
    /// The matrix that stands in for them.
    named: Option<NamedPolicy>,
}

impl Yardstick {
    /// What is named, else the policy of the newest run, with the bars of the newest session of each route and family.
    pub fn read(shared: &Shared, by: &JudgedBy, outlines: &[Run], places: &Places) -> Result<Self, Failure> {
        let Some(newest) = outlines.first().map(|run| &run.plan) else {
            return Err(Failure::nothing("no judged session is stored of what was asked for")
                .hint(
                    "`edgesoak run` measures and judges; candidates, routes and devices stand in the matrix",
                )
                .reason("not_measured"));
        };
        let named = NamedPolicy::read(shared, by, &newest.policy.tier)?;
        let mut routes = BTreeMap::new();
        for run in outlines {
            let picked =
                |planned: &&PlannedSession| places.of_run(&run.id).any(|it| it.session == planned.session);
            for planned in run.plan.sessions.iter().filter(picked) {
                routes.entry(place(planned)).or_insert_with(|| planned.route.clone());
            }
        }
        let policy = named.as_ref().map_or(&newest.policy, |named| &named.policy).clone();
        Ok(Self { policy, policy_digest: newest.policy_digest.clone(), routes, named })
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// SHA-256 of the policy that the newest run was planned with.
    pub fn policy_digest(&self) -> &str {
        &self.policy_digest
    }

    /// Where it was read, if it was named.
    pub fn source(&self) -> Option<PolicySource> {
        self.named.as_ref().map(|named| named.source.clone())
    }

    /// Oldest session that counts.
    pub fn age(&self) -> Duration {
        let said = self.policy.selection_age_s.and_then(|age| Duration::try_from_secs_f64(age).ok());
        said.unwrap_or(USUAL_AGE)
    }

    /// Gives a run this policy and these bars; whether that changed its policy.
    pub fn lay_on(&self, run: &mut Run) -> bool {
        let Run { plan, sessions, .. } = run;
        let planned_by = plan.policy_digest.clone();
        match &self.named {
            // Routes that the matrix does not have keep their bars, as in every other judgement.
            Some(named) => drop(named.matrix.judge_by(plan, &named.source.tier)),
            None => self.level(plan),
        }
        for record in sessions {
            let planned = plan.sessions.iter().find(|planned| planned.session == record.planned.session);
            if let Some(planned) = planned {
                record.planned.clone_from(planned);
            }
        }
        plan.policy_digest != planned_by
    }

    fn level(&self, plan: &mut Plan) {
        plan.policy.clone_from(&self.policy);
        plan.policy_digest.clone_from(&self.policy_digest);
        for planned in &mut plan.sessions {
            let Some(now) = self.routes.get(&place(planned)) else { continue };
            planned.route.bars.clone_from(&now.bars);
            // Which words are sensitive was decided when queries were asked.
            if let (Some(then), Some(now)) = (&mut planned.route.routing, &now.routing) {
                (then.threshold, then.costs) = (now.threshold, now.costs);
            }
        }
    }
}

fn place(planned: &PlannedSession) -> Place {
    let is_export = planned.candidate.export_of.is_some();
    (planned.route.id.clone(), planned.device.family.clone(), is_export)
}
