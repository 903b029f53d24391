//! Sessions that another program measured: which promises nobody watched, and what rates cannot tell.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::{BURST_ACTIVE_S, ROLLING_S, THROTTLE_WINDOW_S};
use crate::figures;
use crate::measure::series::Series;
use crate::outcome::{Finding, Missing, quoted};
use crate::promise::latency;

/// Promises that only our own agent can keep watch over.
const OURS: [(Gate, &str); 7] = [
    (Gate::Artifact, "the files on the device"),
    (Gate::Placement, "where the model ran"),
    (Gate::Privacy, "what the runtime talked to"),
    (Gate::Leaks, "what was left behind"),
    (Gate::RuntimeAlive, "the runtime process"),
    (Gate::Journal, "the whole session"),
    (Gate::Clocks, "the device's clock"),
];

/// Length of the windows that a figure is made of, seconds, where that is short.
fn finest(gate: Gate) -> Option<f64> {
    match gate {
        Gate::PeakTps | Gate::TimeTo90 | Gate::TimeTo75 => Some(ROLLING_S),
        Gate::BurstTps | Gate::Retention | Gate::ThrottleDepth => Some(BURST_ACTIVE_S),
        Gate::TimeToThrottle | Gate::Last30sTps => Some(THROTTLE_WINDOW_S),
        _ => None,
    }
}

/// Why nothing is known of the pauses between the rates, if that is so: neither a Pass nor a Fail rests on it.
#[must_use]
pub fn untimed(case: &Case) -> Option<Missing> {
    let series = series(case).filter(|series| !series.is_timed)?;
    let words = "The file does not say when each of its rates was taken, so that nobody knows how long the device rested \
                 between them";
    Some(Missing::new("no_wall_times", words).seen(&series.channel, 0.0, series.end()))
}

fn series<'a>(case: &'a Case<'a>) -> Option<&'a Series> {
    case.soak.as_ref().ok()?.timeline.series()
}

/// A promise as it stands for this session: for our own as it is judged, for an imported one with what it lacks.
pub fn judged(case: &Case, gate: Gate, judge: fn(&Case, Gate) -> Finding) -> Finding {
    let Some(import) = &case.record.imported else { return judge(case, gate) };
    if let Some((_, what)) = OURS.iter().find(|(ours, _)| *ours == gate) {
        let words = format!(
            "The session was imported from {}: nothing of ours watched {what}",
            quoted(&import.file.path, 80)
        );
        return Finding::not_proven("imported", words).limit(case.bar(gate));
    }
    match series(case) {
        Some(series) => by_rates(case, gate, series, judge(case, gate)),
        None => judge(case, gate),
    }
}

/// What a series of rates leaves of a finding, and the words for it.
fn by_rates(case: &Case, gate: Gate, series: &Series, mut finding: Finding) -> Finding {
    let limit = case.bar(gate);
    if latency::GATES.contains(&gate) {
        let words = "The file has rates and no times of tokens, so that no prompt was timed";
        return Finding::not_proven("no_token_times", words).limit(limit);
    }
    let shortest = figures::seconds(series.resolution());
    if let Some(missing) = too_coarse(gate, series) {
        return Finding::from(missing).limit(limit);
    }
    if series.is_of_items && gate.unit() == "tokens/s" {
        let figure = finding.measured.map_or_else(String::new, |rate| {
            format!("; for information, the same figure is {}", figures::with_unit(rate, "1/s"))
        });
        let words = format!("The file counts whole items and no tokens{figure}");
        return Finding {
            evidence: finding.evidence,
            ..Finding::not_proven("no_tokens", words).limit(limit)
        };
    }
    if !series.is_timed
        && matches!(gate, Gate::DutyCycle | Gate::Stalls)
        && let Some(missing) = untimed(case)
    {
        return Finding::from(missing).limit(finding.limit);
    }
    for seen in finding.evidence.iter_mut().filter(|seen| seen.channel == "tokens") {
        seen.channel.clone_from(&series.channel);
    }
    let hides = matches!(gate, Gate::DutyCycle | Gate::Stalls);
    let rests_on_rates = hides || finding.evidence.iter().any(|seen| seen.channel == series.channel);
    if finding.measured.is_some() && rests_on_rates {
        finding.sentence = format!("{}; {}", finding.sentence, origin(series));
    }
    if hides && finding.cause.as_deref() == Some("too_few") {
        let words = format!("Rates over {shortest} each hide what is shorter than that");
        return finding.withdrawn("rate_series", &words);
    }
    finding
}

/// Why a figure over short windows is not in the series, if that is so.
fn too_coarse(gate: Gate, series: &Series) -> Option<Missing> {
    let needed = finest(gate).filter(|needed| series.resolution() > needed * 1.05)?;
    let (shortest, needed) = (figures::seconds(series.resolution()), figures::seconds(needed));
    let words = format!("The file has rates over {shortest} each, and `{gate}` looks at windows of {needed}");
    let unit = if series.is_of_items { "1/s" } else { gate.unit() };
    let first = series.first_three().filter(|_| gate == Gate::PeakTps);
    let aside = first.map_or_else(String::new, |rate| {
        let rate = figures::with_unit(rate, unit);
        format!("; for information, the first three of its rates are {rate} on average")
    });
    Some(Missing::new("too_coarse", words + &aside))
}

/// Where a figure comes from, for the end of its sentence.
fn origin(series: &Series) -> String {
    if series.is_timed {
        format!("by the file's rates over {} each", figures::seconds(series.resolution()))
    } else {
        "by the file's rates side by side, whatever the pauses between them were".to_owned()
    }
}
