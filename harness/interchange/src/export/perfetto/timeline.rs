//! What happened on the device: phases, prompts with their parts, tokens, and marks.

use std::io::{self, Write};

use edgesoak_protocol::units::Nanos;
use edgesoak_record::Gate;
use edgesoak_record::session::{JournalFacts, Prompt};

use super::packet::{Said, Trace, Track};
use crate::callbacks;
use crate::export::target::Told;
use crate::export::zero;
use crate::number::nanos;

/// Writes all of it.
pub(crate) fn write<W: Write>(
    told: Told<'_>,
    journal: &JournalFacts,
    process: Track,
    trace: &mut Trace<W>,
) -> io::Result<()> {
    marks(told, process, trace)?;
    let on = trace.track(process, "phases")?;
    let phases = &told.record.phases;
    for (place, phase) in phases.iter().enumerate() {
        let end = phases.get(place + 1).map_or(journal.last, |next| next.begin);
        trace.slice(on, &phase.phase, (phase.begin, end.max(phase.begin)), &[])?;
    }
    let prompts = trace.track(process, "prompts")?;
    let tokens = trace.track(process, "tokens")?;
    for prompt in &told.record.prompts {
        of_prompt(prompt, prompts, trace)?;
        of_tokens(prompt, tokens, trace)?;
    }
    Ok(())
}

/// A prompt from its submit to its last token, with its parts within.
fn of_prompt<W: Write>(prompt: &Prompt, on: Track, trace: &mut Trace<W>) -> io::Result<()> {
    let plus = |at: Nanos, more: Nanos| Nanos(at.0.saturating_add(more.0));
    let retrieved = plus(prompt.submit, prompt.retrieve);
    let rendered = plus(retrieved, prompt.render);
    let first = prompt.token_times.first().map(|first| rendered.max(*first));
    let last = prompt.token_times.last().copied();
    let end = last.map_or(rendered, |last| last.max(rendered));
    let mut said =
        vec![("prompt", Said::Number(u64::from(prompt.index))), ("phase", Said::Text(&prompt.phase))];
    said.extend(prompt.prompt_tokens.map(|count| ("prompt_tokens", Said::Number(u64::from(count)))));
    said.extend(prompt.decoded_tokens.map(|count| ("decoded_tokens", Said::Number(u64::from(count)))));
    said.push(("finish", Said::Text(prompt.finish.as_deref().unwrap_or("never finished"))));
    trace.slice_begins(on, &prompt.item, prompt.submit, &said)?;
    let parts = [("retrieve", prompt.submit, retrieved), ("render", retrieved, rendered)];
    let of_the_model = first.map(|first| [("prefill", rendered, first), ("decode", first, end)]);
    for (name, begin, end) in parts.into_iter().chain(of_the_model.into_iter().flatten()) {
        if begin < end {
            trace.slice(on, name, (begin, end), &[])?;
        }
    }
    trace.slice_ends(on, end)
}

/// From callback to callback; what is before the first is prefill.
fn of_tokens<W: Write>(prompt: &Prompt, on: Track, trace: &mut Trace<W>) -> io::Result<()> {
    let mut before = None;
    for (at, tokens) in callbacks::of(prompt) {
        if let Some(before) = before {
            let end = at.max(before);
            match tokens {
                1 => trace.slice(on, "token", (before, end), &[])?,
                tokens => trace.slice(on, &format!("{tokens} tokens"), (before, end), &[])?,
            }
        }
        before = Some(at);
    }
    Ok(())
}

/// Where throttling set in, and what the agent noted. Its words may quote a runtime and stay out.
fn marks<W: Write>(told: Told<'_>, process: Track, trace: &mut Trace<W>) -> io::Result<()> {
    let on = trace.track(process, "marks")?;
    if let Some((zero, onset)) = zero::of(told.record).zip(onset(told)) {
        let why = told.verdict.and_then(|verdict| verdict.slowdowns.first());
        let name = match why {
            Some(slowdown) => format!("onset: {}", slowdown.cause.word()),
            None => "onset".to_owned(),
        };
        trace.instant(on, &name, Nanos(zero.0.saturating_add(onset.0)))?;
    }
    told.record.notes.iter().try_for_each(|note| trace.instant(on, &note.code, note.t))
}

/// When the rate stayed below 90 % of burst, since zero.
fn onset(told: Told<'_>) -> Option<Nanos> {
    let mut gates = told.verdict?.gates.iter();
    let seconds = gates.find(|gate| gate.gate == Gate::TimeToThrottle)?.measured?;
    (seconds >= 0.0).then(|| Nanos(nanos(seconds).unsigned_abs()))
}
