//! Whether the soak is all there: a Pass on a part of it would hide what the rest showed.

use crate::case::Case;
use crate::figures;
use crate::measure::soak::{SCORED, Soak};

/// Slack between the clocks of plan and agent, seconds.
const SLACK_S: f64 = 0.5;

/// The same at the ends of a series of rates, whatever its windows are, seconds.
const LONGEST_SLACK_S: f64 = 60.0;

/// Longest time between the last token and the end of the phase, pauses not counted. Seconds.
const LONGEST_TAIL_S: f64 = 5.0;

/// What is missing, in one sentence; `None` when nothing is.
#[must_use]
pub fn missing(case: &Case, soak: &Soak) -> Option<String> {
    prompts(case).or_else(|| length(case, soak))
}

/// Every scored prompt is there and finished with the tokens that were asked for.
fn prompts(case: &Case) -> Option<String> {
    let asked = u64::from(case.record.planned.workload.output_tokens);
    let scored: Vec<_> = case.record.prompts.iter().filter(|prompt| prompt.phase == SCORED).collect();
    for (prompt, next) in scored.iter().zip(scored.iter().skip(1)) {
        if prompt.index.checked_add(1) != Some(next.index) {
            return Some(format!("prompts between number {} and {} are missing", prompt.index, next.index));
        }
    }
    let after = case.record.prompts.iter().skip_while(|prompt| prompt.phase != SCORED);
    let after = after.skip_while(|prompt| prompt.phase == SCORED).find(|prompt| prompt.phase != SCORED);
    if let (Some(last), Some(next)) = (scored.last(), after)
        && last.index.checked_add(1) != Some(next.index)
    {
        return Some(format!("prompts between number {} and {} are missing", last.index, next.index));
    }
    scored.iter().find_map(|prompt| {
        let stamps = prompt.token_times.len() as u64;
        // The first callback reports one token.
        let later = stamps.saturating_sub(1).saturating_mul(u64::from(prompt.tokens_per_stamp));
        let most = later.saturating_add(stamps.min(1));
        match prompt.finish.as_deref() {
            None => Some(format!("prompt {} never finished", prompt.index)),
            Some("length") if most < asked => {
                Some(format!("prompt {} has {most} of its {asked} tokens", prompt.index))
            }
            Some("length" | "eos") if stamps > 0 => None,
            Some(_) => Some(format!("prompt {} was not decoded to its end", prompt.index)),
        }
    })
}

/// The soak lasted as long as planned, and its last prompt ends where its phase ends.
fn length(case: &Case, soak: &Soak) -> Option<String> {
    let workload = &case.record.planned.workload;
    let pause = workload.think_time.as_secs_f64();
    let planned = workload.duration.as_secs_f64();
    // A series of rates begins and ends somewhere within a window.
    let slack =
        soak.timeline.series().map_or(SLACK_S, |series| series.resolution().clamp(SLACK_S, LONGEST_SLACK_S));
    if soak.end() + pause + slack < planned {
        let (lasted, planned) = (figures::seconds(soak.end()), figures::seconds(planned));
        return Some(format!("it lasted {lasted} of the planned {planned}"));
    }
    let tail = case.telemetry.soak().map_or(0.0, |(_, end)| end - soak.end());
    (tail > LONGEST_TAIL_S + pause)
        .then(|| format!("no prompt is known for its last {}", figures::seconds(tail)))
}
