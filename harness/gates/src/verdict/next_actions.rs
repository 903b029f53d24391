//! What to do next: sentences and commands for a person who wants to go home.

use edgesoak_record::gate::Gate;
use edgesoak_record::run::Run;
use edgesoak_record::verdict::{GateResult, Outcome, Verdict};

use crate::case::obstacle::Kind;
use crate::figures::about_minutes;
use crate::verdict::session::Judged;

/// Soak, recovery probe, load and collection of the full length, seconds.
const FULL_LENGTH_S: f64 = 770.0;

/// Most actions on the first screen.
const MOST: usize = 6;

/// One sentence or command each, the most useful first.
#[must_use]
pub fn of(run: &Run, verdict: Verdict, sessions: &[&Judged]) -> Vec<String> {
    let mut actions: Vec<String> = Vec::new();
    let mut add = |action: String| {
        if !actions.contains(&action) && actions.len() < MOST {
            actions.push(action);
        }
    };
    if sessions.iter().any(|judged| is_out_of_reach(judged)) || !run.closed && verdict != Verdict::Pass {
        add(format!("`edgesoak resume {}` continues this run and loses nothing.", run.id));
    } else if run.interrupted.is_some() {
        add(format!("{} starts it anew.", again(run)));
    }
    for judged in sessions {
        if let Some(action) = after_end(run, judged) {
            add(action);
        }
    }
    // What failed comes before what was not shown, on whatever device.
    for outcome in [Outcome::Fail, Outcome::NotProven] {
        for judged in sessions.iter().filter(|judged| judged.obstacle.is_none()) {
            let gates = judged.verdict.gates.iter();
            for gate in
                gates.filter(|gate| gate.blocking && gate.accepted.is_none() && gate.outcome == outcome)
            {
                add(after_gate(run, judged, gate));
            }
        }
    }
    actions
}

/// After a gate that failed or was not shown.
fn after_gate(run: &Run, judged: &Judged, gate: &GateResult) -> String {
    let device = &judged.verdict.device;
    match gate.outcome {
        Outcome::Fail => format!("`edgesoak report {}` shows `{}` of {device} over time.", run.id, gate.gate),
        _ if judged.verdict.is_imported => format!(
            "`edgesoak report {}` shows what the imported file of {device} lacks; a tier lets it through under \
             `accept_not_proven`.",
            run.id
        ),
        _ => after_doubt(run, device, gate),
    }
}

/// The host could not get at a session: its device may still keep the journal, and a resume fetches it.
fn is_out_of_reach(judged: &Judged) -> bool {
    judged
        .obstacle
        .as_ref()
        .is_some_and(|end| ["link_lost", "host_disk_full", "host_disk_failed"].contains(&end.cause.as_str()))
}

fn again(run: &Run) -> String {
    format!("`edgesoak run --profile {}` ({})", run.plan.profile, about_minutes(run.plan.expected_s))
}

/// After a session that did not reach its end.
fn after_end(run: &Run, judged: &Judged) -> Option<String> {
    let obstacle = judged.obstacle.as_ref()?;
    let device = &judged.verdict.device;
    Some(match (obstacle.kind, obstacle.cause.as_str()) {
        (Kind::Product, _) => format!("{} runs {device} again: once may be chance.", again(run)),
        (Kind::Infrastructure, "device_absent" | "link_lost" | "busy") => {
            format!("`edgesoak devices` says whether {device} can be used; then {}.", again(run))
        }
        (Kind::Infrastructure, _) => format!("{} tries {device} again.", again(run)),
        (Kind::Decided, "start_gate_timeout") => {
            format!("Let {device} cool down and rest, then {}.", again(run))
        }
        (Kind::Decided, "memory_over_budget") => format!(
            "`edgesoak plan --profile {}` shows what takes the memory: give {} a shorter context, or its family another `memory_budget`.",
            run.plan.profile, judged.verdict.candidate
        ),
        (Kind::Decided, "stopped_by_user" | "stopped" | "unfinished") => return None,
        (Kind::Decided | Kind::NeverBegan, _) => {
            format!("Mend what kept {device} from its end, then {}.", again(run))
        }
    })
}

/// After a gate that was not shown.
fn after_doubt(run: &Run, device: &str, gate: &GateResult) -> String {
    match gate.cause.as_deref().unwrap_or_default() {
        "too_short" | "too_few" if run.plan.profile != "soak" => {
            let minutes = about_minutes(FULL_LENGTH_S);
            format!("`edgesoak run --profile soak` ({minutes}) is long enough to judge {device}.")
        }
        "too_short" => format!("A longer soak in the workload of this run is needed to judge {device}."),
        "too_few" | "too_close" => {
            format!("More runs narrow the bounds of {device}: {}.", again(run))
        }
        "no_sensor" | "unchecked" | "no_ambient" | "evidence_grade" => {
            format!(
                "`edgesoak devices` lists what {device} can measure; a tier may let `{}` through under `accept_not_proven`.",
                gate.gate
            )
        }
        "background_cpu" => format!("Stop other work on {device}, then {}.", again(run)),
        "charging" => format!("Unplug {device}, then {}.", again(run)),
        "charge_window" => format!("Bring the battery of {device} into its window, then {}.", again(run)),
        "hot_start" => format!("Let {device} cool down and rest, then {}.", again(run)),
        "battery_faked" | "thermal_override" => format!(
            "Take back what was set by hand on {device} (`dumpsys battery reset`, `cmd thermalservice reset`), then {}.",
            again(run)
        ),
        "battery_swapped" => format!("Leave the battery of {device} in, then {}.", again(run)),
        "meter_misaligned" | "meter_unrelated" => {
            format!(
                "Look whether the meter stands before {device} and sends each line at once, then {}.",
                again(run)
            )
        }
        "not_settled" => format!("Give {device} a longer soak, or find out why its rate still moves."),
        "no_bar" => {
            "Give the route a bar in `device_matrix.toml`, or take the gate off the tier's list.".to_owned()
        }
        "not_run" | "not_planted" if gate.gate == Gate::Leaks => format!(
            "`canaries = true` in profile `{}` plants the secrets that `leaks` searches for; then {}.",
            run.plan.profile,
            again(run)
        ),
        "not_run" => {
            format!("Nothing measures `{}` yet: a tier lets it through under `accept_not_proven`.", gate.gate)
        }
        _ => format!("`edgesoak report {}` shows what is missing on {device}.", run.id),
    }
}
