//! A slowdown in words.

use edgesoak_record::gate::Gate;
use edgesoak_record::slowdown::{Cause, Grade, Share, Slowdown, Slowed, Suspect};
use edgesoak_record::verdict::GateResult;

use crate::attribution::suspects::Burden;
use crate::case::obstacle::word;
use crate::defaults::{CAUSE_LEAST_PART, STALL_S};

/// `Slowed by heat (grade B): decoding lost 31 %, of which the clocks explain 97 %; skin had warmed by 14 K`.
pub fn sentence(
    slowed: Slowed,
    loss: Option<f64>,
    (cause, grade): (Cause, Option<Grade>),
    winner: Option<&Share>,
    seen: &str,
) -> String {
    let head = match cause {
        Cause::Unexplained => "Slowed, unexplained".to_owned(),
        _ => format!("Slowed by {}", by(cause)),
    };
    let grade = grade.map_or_else(String::new, |grade| format!(" (grade {})", grade.letter()));
    let mut words = Vec::new();
    if let Some(loss) = loss {
        let explained = winner.and_then(|share| Some((name(share.suspect), share.loss?)));
        let explained = explained
            .map_or_else(String::new, |(name, part)| format!(", of which {name} {:.0} %", part * 100.0));
        words.push(match slowed {
            Slowed::Decode => format!("decoding lost {:.0} %{explained}", loss * 100.0),
            Slowed::FirstToken => {
                format!("the first token took {:.1} times as long{explained}", 1.0 / (1.0 - loss))
            }
        });
    }
    if !seen.is_empty() {
        words.push(seen.to_owned());
    }
    format!("{head}{grade}: {}", words.join("; "))
}

/// The sentence of a gate that failed, with what slowed its figure down: `...; slowed by heat, evidence B.`
pub fn remarked(gate: &GateResult, slowdowns: &[Slowdown]) -> String {
    let of = |slowed: Slowed| slowdowns.iter().find(move |slowdown| slowdown.slowed == slowed);
    let known = |slowdown: &&Slowdown| slowdown.cause != Cause::Unexplained;
    let slowdown = match gate.gate {
        Gate::SustainedTps
        | Gate::FloorTps
        | Gate::WorstMinuteTps
        | Gate::Last30sTps
        | Gate::Retention
        | Gate::ThrottleDepth => of(Slowed::Decode),
        Gate::TtftP50 | Gate::TtftP90 | Gate::TtftP95 | Gate::TtftP99 => {
            of(Slowed::FirstToken).or_else(|| of(Slowed::Decode))
        }
        _ => None,
    };
    let Some(slowdown) = slowdown.filter(known) else { return gate.sentence.clone() };
    let grade = slowdown.grade.map_or_else(String::new, |grade| format!(", evidence {}", grade.letter()));
    format!("{}; slowed by {}{grade}.", gate.sentence.trim_end_matches('.'), by(slowdown.cause))
}

fn by(cause: Cause) -> &'static str {
    match cause {
        Cause::Fallback => "a fall-back",
        Cause::Charger => "a charger",
        Cause::PolicyCap => "a cap without heat",
        Cause::Thermal => "heat",
        Cause::Context => "a growing context",
        Cause::Memory => "a shortage of memory",
        Cause::BackgroundCpu => "other processes",
        Cause::PromptMix => "other prompts",
        Cause::SlowerCores => "a move to slower cores",
        Cause::Code => "its own code",
        Cause::Unexplained => "something unexplained",
    }
}

fn name(suspect: Suspect) -> &'static str {
    match suspect {
        Suspect::Clock => "the clocks explain",
        Suspect::ThermalStatus => "the announced heat explains",
        Suspect::Memory => "waits for memory explain",
        Suspect::BackgroundCpu => "other processes explain",
        Suspect::Context => "the context explains",
        Suspect::Pauses => "pauses explain",
        Suspect::Time => "time explains",
    }
}

/// What made contexts longer.
pub fn lengths(cause: Cause) -> &'static str {
    match cause {
        Cause::Context => "each prompt came back longer than before",
        _ => "its prompts were longer than at the begin",
    }
}

/// A loss that other prompts brought along.
pub fn each_prompt(prompts: usize, lost: f64, p: f64) -> String {
    let lost = lost.max(0.0) * 100.0;
    format!("held against itself, each of {prompts} prompts lost {lost:.0} % on average (p {p:.3})")
}

/// A cold device that lost as much.
pub fn burst_lost(lost: f64) -> String {
    format!("its burst lost {:.1} %", lost * 100.0)
}

/// A cold device that lost a part of it.
pub fn burst_lost_some(lost: f64) -> String {
    format!("{}: a part of that by its code, and the rest while it ran", burst_lost(lost))
}

/// A cold device that lost little of it; with how many of its soaks were slowed down by the same.
pub fn burst_held(lost: f64, soaks: Option<(usize, usize)>) -> String {
    let burst = if lost < 0.01 {
        "its burst held".to_owned()
    } else {
        format!("its burst lost only {:.1} %", lost * 100.0)
    };
    match soaks {
        Some((count, all)) => format!("{burst}, and {count} of {all} soaks were slowed down so"),
        None => {
            format!("{burst}: it lost that while it ran, to heat or power, and its soaks do not show which")
        }
    }
}

/// No figure of a cold device.
pub fn no_burst(cause: &str) -> String {
    format!("how fast it is when cold is not known (`{}`)", word(cause))
}

/// A loss that lies in pauses.
pub fn pauses(part: f64) -> String {
    format!("{:.0} % of it are pauses of more than {STALL_S:.0} s inside of answers", part * 100.0)
}

/// With what a rest brought back.
pub fn with_recovery(seen: String, recovered: Option<f64>) -> String {
    let Some(part) = recovered else { return seen };
    let enough = if part >= CAUSE_LEAST_PART { "" } else { "only " };
    let words = format!("after a rest {enough}{:.0} % of it was back", part * 100.0);
    if seen.is_empty() { words } else { format!("{seen}; {words}") }
}

/// What was looked at in vain.
pub fn best(burdens: &[Burden]) -> String {
    let names: Vec<&str> = burdens
        .iter()
        .map(|burden| match burden.suspect {
            Suspect::Clock => "clocks",
            Suspect::ThermalStatus => "announced heat",
            Suspect::Memory => "memory",
            Suspect::BackgroundCpu => "other processes",
            Suspect::Context => "context",
            Suspect::Pauses => "pauses",
            Suspect::Time => "time",
        })
        .collect();
    match names.as_slice() {
        [] => "nothing that was read changed with it".to_owned(),
        names => format!("of what changed too ({}) nothing explains it", names.join(", ")),
    }
}
