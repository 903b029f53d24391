//! A profile of the matrix becomes sessions, in order, each with every setting resolved.

mod bars;
mod candidate;
pub(crate) mod device;
mod duration;
mod golden;
pub(crate) mod import;
mod inputs;
pub(crate) mod policy;
mod replicas;
mod request;
mod sessions;
mod settings;
mod workload;

use edgesoak_record::Plan;
use edgesoak_record::canonical;
use serde::Serialize;

use crate::lab;
use crate::matrix::{Matrix, Request};
use crate::node::Table;
use crate::plan::request::{Chosen, Wanted};
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

    let tier = policy::tier(matrix, &profile);
    let runs = request::runs(request, &profile, &policy::regression_runs(matrix).looks);
    let mut builder = sessions::Builder::new(matrix, sources, &profile, Wanted { pair: request.pair, runs });
    builder.add_devices(&chosen);
    let sessions::Built { sessions, mut settings, reports: found, idle } = builder.finish();
    reports.extend(found);
    let policy = policy::of(matrix, &tier, &sessions);
    policy::settings(&tier, &policy, matrix, sources, &mut settings);
    let expected_s = duration::expected_s(&sessions);
    if reports.is_empty() && sessions.is_empty() {
        let problem = Problem::NothingPlanned { profile: profile_id.clone(), complaint: idle };
        reports.push(Report::at(problem, profile.at, "this profile"));
    }
    reports.extend(policy::over_budget(&tier, &profile_id, expected_s));
    if !reports.is_empty() {
        return Err(reports);
    }
    let identity = canonical::digest(&Identity { policy: &policy, sessions: &sessions });
    let policy_digest = canonical::digest(&policy);
    match (identity, policy_digest) {
        (Ok(identity), Ok(policy_digest)) => Ok(Plan {
            schema: 1,
            id: identity.chars().take(12).collect(),
            profile: profile_id,
            policy,
            policy_digest,
            sessions,
            settings,
            expected_s,
        }),
        (Err(source), _) | (_, Err(source)) => Err(vec![Report::nowhere(Problem::Digest { source })]),
    }
}

/// Every device and candidate of the files, chosen or not: what is written down is meant.
fn refuse_unsupported(matrix: &Matrix, devices: &[Table], reports: &mut Vec<Report>) {
    reports.extend(devices.iter().flat_map(support::device));
    let candidates = matrix.root.children("candidate").map(|(_, candidate)| candidate);
    reports.extend(candidates.filter_map(support::candidate));
}
