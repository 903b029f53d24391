//! Whether two sides may be compared at all: each way in which they may not has its own reason.

use edgesoak_record::comparison::Reference;

use crate::defaults::{MOST_INVALID, MOST_REPEATS};
use crate::outcome::{Missing, quoted};
use crate::regression::request::Arm;
use crate::regression::session_trial::COUNTED_WHOLE;
use edgesoak_record::trial::{Setup, Shown, Trial};

/// Longest name of a build or a unit that is shown.
const SHOWN: usize = 60;

/// What stands against holding these runs against those.
#[must_use]
pub fn obstacle(candidate: &Arm, reference: Reference, arm: Option<&Arm>) -> Option<Missing> {
    if candidate.trials.is_empty() {
        return Some(Missing::new("not_run", "The candidate was not run here"));
    }
    let title = reference.title();
    let Some(arm) = arm.filter(|arm| !arm.trials.is_empty()) else {
        let cause = match reference {
            Reference::Previous => "no_baseline",
            Reference::Pinned => "no_pinned",
        };
        return Some(Missing::new(cause, format!("There are no runs of {title} on this device")));
    };
    counted_whole(candidate, arm)
        .or_else(|| other_setup(candidate, arm, title))
        .or_else(|| invalid("the candidate", candidate).or_else(|| invalid(title, arm)))
}

/// Items are counted whole, by busy time: between them and decode rates nothing can be compared.
fn counted_whole(candidate: &Arm, reference: &Arm) -> Option<Missing> {
    let is_counted =
        |trial: &Trial| matches!(&trial.shown, Shown::Invalid { cause } if cause == COUNTED_WHOLE);
    let words =
        "These sessions answer items, which are counted whole, and only rates of decoding are compared";
    let mut all = candidate.trials.iter().chain(&reference.trials);
    all.any(is_counted).then(|| Missing::new(COUNTED_WHOLE, words))
}

/// The first difference between the setups of all runs that are evidence: of one that never began nothing is known, and it
/// has a reason of its own.
fn other_setup(candidate: &Arm, reference: &Arm, title: &str) -> Option<Missing> {
    let is_evidence = |trial: &&Trial| !matches!(trial.shown, Shown::Invalid { .. });
    let ours = &candidate.trials.iter().find(is_evidence)?.setup;
    let of = |arm: &Arm| {
        arm.trials.iter().filter(is_evidence).map(|trial| trial.setup.clone()).collect::<Vec<Setup>>()
    };
    let all = [("the candidate", of(candidate)), (title, of(reference))];
    for (who, setups) in &all {
        for theirs in setups {
            let differs = |what: &str, cause: &'static str, ours: &str, theirs: &str| {
                (ours != theirs).then(|| {
                    let (ours, theirs) = (quoted(ours, SHOWN), quoted(theirs, SHOWN));
                    Missing::new(
                        cause,
                        format!("The candidate ran with {what} {ours} and a run of {who} with {theirs}"),
                    )
                })
            };
            let build = match (&ours.os_build, &theirs.os_build) {
                (Some(ours), Some(theirs)) => differs("OS build", "other_os_build", ours, theirs),
                _ => Some(Missing::new(
                    "os_build_unknown",
                    format!("The OS build of a run of {who} or of the candidate is not known"),
                )),
            };
            let found = differs("unit", "other_unit", &ours.unit, &theirs.unit)
                .or(build)
                .or_else(|| differs("route", "other_route", &ours.route, &theirs.route))
                .or_else(|| differs("workload", "other_workload", &ours.workload, &theirs.workload))
                .or_else(|| differs("template", "other_template", &ours.template, &theirs.template))
                .or_else(|| differs("power", "other_power", ours.power.as_ref()?, theirs.power.as_ref()?));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// Too many runs that were no evidence: those that were might be what luck left.
fn invalid(who: &str, arm: &Arm) -> Option<Missing> {
    let (bad, all) = (arm.trials.len() - valid(arm).len(), arm.trials.len());
    let cause = arm.trials.iter().find_map(|trial| match &trial.shown {
        Shown::Invalid { cause } => Some(quoted(cause, SHOWN)),
        _ => None,
    });
    (bad as f64 > MOST_INVALID * all as f64).then(|| {
        let first = cause.map(|cause| format!(", first for `{cause}`")).unwrap_or_default();
        Missing::new("invalid_runs", format!("{bad} of {all} runs of {who} were no evidence{first}"))
    })
}

/// Whether more runs can lead to a decision: not for items, not between two setups, and not where runs keep being no evidence.
#[must_use]
pub fn more_can_help(candidate: &Arm, reference: &Arm) -> bool {
    let hopeless =
        |arm: &Arm| arm.trials.len() - valid(arm).len() > MOST_REPEATS && invalid("", arm).is_some();
    counted_whole(candidate, reference).is_none()
        && other_setup(candidate, reference, "").is_none()
        && ![candidate, reference].into_iter().any(hopeless)
}

/// Runs with a rate, oldest first; those of one moment by their rate, so that no order of reading matters.
#[must_use]
pub fn valid(arm: &Arm) -> Vec<&Trial> {
    let mut valid: Vec<&Trial> = arm.trials.iter().filter(|trial| trial.ln_rate().is_some()).collect();
    valid.sort_by(|a, b| {
        a.began_s
            .total_cmp(&b.began_s)
            .then_with(|| a.ln_rate().partial_cmp(&b.ln_rate()).unwrap_or(std::cmp::Ordering::Equal))
    });
    valid
}

/// Runs that were scheduled and of which nothing is known.
#[must_use]
pub fn vanished(arm: &Arm) -> u32 {
    arm.scheduled.saturating_sub(u32::try_from(arm.trials.len()).unwrap_or(u32::MAX))
}

/// An integrity failure of the candidate: its stable word and its sentence.
#[must_use]
pub fn broken(candidate: &Arm) -> Option<(&str, &str)> {
    let all = candidate.trials.iter().filter_map(|trial| match &trial.shown {
        Shown::Broken { cause, sentence } => Some((cause.as_str(), sentence.as_str())),
        _ => None,
    });
    all.min()
}
