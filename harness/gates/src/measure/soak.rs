//! The scored prompts of a session on one clock, checked: hostile records end here.

use std::sync::Arc;

use edgesoak_record::session::{Prompt, SessionRecord};

use crate::measure::rates::{Span, Timeline};
use crate::measure::series::Series;

/// The phase that is scored.
pub const SCORED: &str = "soaking";

/// No agent soaks for longer than two days; times beyond it are damage. Seconds.
pub const LONGEST_S: f64 = 180_000.0;

/// Most callbacks of one prompt that are believed.
const MOST_TOKENS_PER_STAMP: u32 = 256;

/// Why a session has no usable token times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No scored prompt has a token.
    NoTokens,
    /// Token times fall, or a prompt begins before the one before has ended.
    NotRising,
    /// More tokens than were asked for, or times that no soak can have.
    Implausible,
}

impl Fault {
    /// The stable word of a `NotProven`.
    #[must_use]
    pub fn cause(self) -> &'static str {
        match self {
            Fault::NoTokens => "no_tokens",
            Fault::NotRising => "clock_jump",
            Fault::Implausible => "implausible",
        }
    }

    /// What a person should know.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Fault::NoTokens => "No token of a scored prompt was journaled",
            Fault::NotRising => "The token times do not rise, so nothing can be timed",
            Fault::Implausible => "The token times or counts are not plausible for a soak",
        }
    }
}

/// The scored part of a session.
#[derive(Debug, Clone)]
pub struct Soak<'a> {
    /// Scored prompts with at least one token, in order.
    pub prompts: Vec<&'a Prompt>,
    /// The same, in seconds since `t0`.
    pub spans: Arc<[Span]>,
    /// Submit of the first scored prompt, device nanoseconds.
    pub t0: u64,
    /// Sums of the spans.
    pub timeline: Timeline,
}

impl<'a> Soak<'a> {
    /// Reads and checks the scored prompts; the rates of an imported session that has none.
    pub fn new(record: &'a SessionRecord) -> Result<Self, Fault> {
        if let Some(series) = Series::of(record).filter(|_| record.prompts.is_empty()) {
            let t0 = record.imported.as_ref().map_or(0, |import| import.zero.0);
            let (prompts, spans) = (Vec::new(), Arc::from([]));
            return series.map(|series| Self { prompts, spans, t0, timeline: Timeline::of_rates(series) });
        }
        Self::of_phase(record, SCORED)
    }

    /// The same of another phase, which counts its own time.
    pub fn of_phase(record: &'a SessionRecord, phase: &str) -> Result<Self, Fault> {
        let of_phase = || record.prompts.iter().filter(|prompt| prompt.phase == phase);
        let t0 = of_phase().next().ok_or(Fault::NoTokens)?.submit.0;
        let prompts: Vec<&Prompt> = of_phase().filter(|prompt| !prompt.token_times.is_empty()).collect();
        let asked = record.planned.workload.output_tokens;
        let mut spans = Vec::with_capacity(prompts.len());
        let mut before = t0;
        for prompt in &prompts {
            spans.push(span(prompt, t0, before, asked)?);
            before = prompt.token_times.last().map_or(before, |last| last.0);
        }
        if spans.is_empty() {
            return Err(Fault::NoTokens);
        }
        let spans: Arc<[Span]> = spans.into();
        let timeline = Timeline::new(Arc::clone(&spans));
        Ok(Self { prompts, spans, t0, timeline })
    }

    /// Last token, seconds.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.timeline.end()
    }

    /// All tokens of the answers, or the sum of the rates; `None` where whole items were counted.
    #[must_use]
    pub fn tokens(&self) -> Option<f64> {
        match self.timeline.series() {
            None => Some(self.spans.iter().map(Span::tokens).sum()),
            Some(series) => (!series.is_of_items).then(|| series.totals().0),
        }
    }
}

/// Device time as seconds relative to `t0`.
#[must_use]
pub fn seconds(device_ns: u64, t0: u64) -> f64 {
    if device_ns >= t0 { (device_ns - t0) as f64 / 1e9 } else { -((t0 - device_ns) as f64 / 1e9) }
}

fn span(prompt: &Prompt, t0: u64, before: u64, asked: u32) -> Result<Span, Fault> {
    let per_stamp = prompt.tokens_per_stamp;
    let stamps = &prompt.token_times;
    if per_stamp == 0 || per_stamp > MOST_TOKENS_PER_STAMP {
        return Err(Fault::Implausible);
    }
    let first = stamps.first().ok_or(Fault::NoTokens)?;
    if prompt.submit.0 < before || *first < prompt.submit || !stamps.is_sorted() {
        return Err(Fault::NotRising);
    }
    // The first callback of a prompt reports one token, whatever the engine does afterwards.
    let earlier = match stamps.len() as u64 {
        1 => 0,
        count => (count - 2).saturating_mul(u64::from(per_stamp)).saturating_add(1),
    };
    let rest = u64::from(asked).checked_sub(earlier).filter(|&rest| rest > 0).ok_or(Fault::Implausible)?;
    // An answer that ended by itself ends within a callback: the engine says how many tokens were left.
    let left = prompt.decoded_tokens.and_then(|decoded| u64::from(decoded).checked_sub(earlier));
    let rest = left.filter(|&left| left > 0).map_or(rest, |left| rest.min(left));
    let stamps: Vec<f64> = stamps.iter().map(|stamp| seconds(stamp.0, t0)).collect();
    if stamps.last().is_none_or(|&last| last > LONGEST_S) {
        return Err(Fault::Implausible);
    }
    Ok(Span {
        submit: seconds(prompt.submit.0, t0),
        stamps,
        per_stamp: f64::from(per_stamp),
        last_stamp: rest.min(u64::from(per_stamp)) as f64,
        prompt_tokens: prompt.prompt_tokens,
    })
}
