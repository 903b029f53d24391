//! A profile of the matrix becomes sessions, in order, each with every setting resolved.

mod bars;
mod budget;
mod candidate;
pub(crate) mod device;
mod draft;
mod duration;
mod golden;
mod golden_items;
mod images;
pub(crate) mod import;
mod inputs;
mod items;
mod judged_by;
pub(crate) mod policy;
mod replicas;
mod request;
mod routing;
mod sessions;
mod settings;
mod workload;

use edgesoak_record::Plan;
use edgesoak_record::canonical;
use serde::Serialize;

use crate::lab;
use crate::matrix::{Matrix, Request};
use crate::memory;
use crate::node::Table;
use crate::plan::draft::Draft;
use crate::plan::request::Chosen;
use crate::problem::Problem;
use crate::report::Report;
use crate::source::Sources;
use crate::support;

/// What the id of a plan is the digest of.
#[derive(Serialize)]
struct Identity<'a> {
    policy: &'a edgesoak_record::Policy,
    sessions: &'a [edgesoak_record::PlannedSession],
}

/// Builds the plan, or tells everything that stands in its way.
pub(crate) fn build(
    matrix: &Matrix,
    request: &Request<'_>,
    sources: &mut Sources,
) -> Result<Plan, Vec<Report>> {
    let mut reports = Vec::new();
    if let Some(path) = request.lab {
        lab::check(path, &matrix.names, sources, &mut reports);
    }
    let devices = matrix.effective_devices();
    refuse_unsupported(matrix, &devices, &mut reports);
    let profile = request::profile(matrix, request.profile, &mut reports);
    let Some((profile_id, profile)) = profile else { return Err(reports) };
    let chosen = request::devices(&devices, &profile, request.devices, &mut reports);
    if !request::is_pair(matrix, request.pair, &mut reports) {
        return Err(reports);
    }
    let units = replicas::units(&chosen, request.replicas, &mut reports);
    let chosen: Vec<_> = units.iter().map(|(device, by_name)| Chosen { device, by_name: *by_name }).collect();

    let tier = policy::tier(matrix, &profile).within(request.budget);
    let looks = policy::regression_runs(matrix).looks;
    let runs = request::runs(request, &profile, &looks);
    let needs = tier.needs(matrix, request::fewest_runs(request, runs, &looks));
    let (profile, tier) = (&profile, &tier);
    let draft = Draft { matrix, sources, profile, tier, chosen: &chosen, pair: request.pair };
    let (built, cut) = match draft.fitted(runs, &needs) {
        Ok(fitted) => fitted,
        Err(too_long) => {
            reports.push(policy::over_budget(tier, &profile_id, &too_long));
            return Err(reports);
        }
    };
    let sessions::Built { sessions, mut settings, reports: found, idle } = built;
    reports.extend(found);
    let policy = policy::of(matrix, tier, &sessions);
    policy::settings(tier, &policy, matrix, sources, &mut settings);
    if reports.is_empty() && sessions.is_empty() {
        let problem = Problem::NothingPlanned { profile: profile_id.clone(), complaint: idle };
        reports.push(Report::at(problem, profile.at, "this profile"));
    }
    if !reports.is_empty() {
        return Err(reports);
    }
    let memory = request.cache.map(|cache| memory::outlooks(&sessions, matrix.base(), cache));
    identified(Plan {
        schema: 1,
        id: String::new(),
        profile: profile_id,
        policy_digest: String::new(),
        policy,
        expected_s: duration::expected_s(&sessions),
        sessions,
        settings,
        cut,
        memory: memory.unwrap_or_default(),
    })
}

/// With its digests.
fn identified(mut plan: Plan) -> Result<Plan, Vec<Report>> {
    let failed = |source| vec![Report::nowhere(Problem::Digest { source })];
    let identity = Identity { policy: &plan.policy, sessions: &plan.sessions };
    plan.id = canonical::digest(&identity).map_err(failed)?.chars().take(12).collect();
    plan.policy_digest = canonical::digest(&plan.policy).map_err(failed)?;
    Ok(plan)
}

/// Every device and candidate of the files, chosen or not: what is written down is meant.
fn refuse_unsupported(matrix: &Matrix, devices: &[Table], reports: &mut Vec<Report>) {
    reports.extend(devices.iter().flat_map(support::device));
    let candidates = matrix.root.children("candidate").map(|(_, candidate)| candidate);
    reports.extend(candidates.filter_map(support::candidate));
}
