//! The scripted engine: prompts one after another, each read and then answered at the speed of the body's clocks.
//!
//! The cache of keys and values is cleared between prompts, and the next prompt is submitted as soon as the last token
//! of the one before is out. The first token of an answer comes out of the prefill; each further one takes
//! [`Speed::token_s`](crate::body::speed::Speed::token_s) at the context that it has. Between two control ticks the
//! clocks are constant, so that every token time is a sum of exact spans, rounded once to whole nanoseconds; a token
//! that is cut by a tick carries its finished part over to the new clocks.

use edgesoak_protocol::units::Nanos;

use crate::body::Body;
use crate::body::speed::Speed;
use crate::error::PhoneError;
use crate::load::{Candidate, Load};

/// Something that a runtime would report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A prompt is submitted.
    Submitted {
        /// Counts prompts from 0.
        prompt: u32,
    },
    /// A token is out.
    Token {
        /// Its prompt.
        prompt: u32,
        /// Its index within the answer, from 0.
        index: u32,
    },
    /// An answer has its full length.
    Done {
        /// Its prompt.
        prompt: u32,
    },
}

/// What happened between two moments of constant clocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Begin.
    pub from: Nanos,
    /// End.
    pub to: Nanos,
    /// Whether an answer was written; else a prompt was read.
    pub decoding: bool,
    /// Whether the runtime worked at all; it may be held up in the middle of an answer.
    pub working: bool,
    /// Tokens after the first of each answer that were written, with their finished parts.
    pub tokens: f64,
    /// How many there would have been without any context.
    pub tokens_without_context: f64,
}

/// Who listens to an engine.
pub trait Observer {
    /// Something happened.
    fn event(&mut self, at: Nanos, event: Event);
    /// Time passed.
    fn segment(&mut self, segment: Segment);
}

/// A runtime at work on a body.
#[derive(Debug, Clone)]
pub struct Engine<'a> {
    body: Body,
    candidate: &'a Candidate,
    prompt: u32,
    /// Length of the present prompt and of those after it, tokens.
    prompt_tokens: u32,
    next_tokens: u32,
    /// Length of answers, tokens.
    output_tokens: u32,
    /// It does nothing until then.
    held_until: Nanos,
    /// Time between an answer and the next prompt.
    pause: Nanos,
    stage: Stage,
}

/// How far the present prompt is.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Nothing is submitted.
    Waiting,
    /// Tokens of the prompt that are left to read.
    Prefill { left: f64 },
    /// Tokens that are out, and the finished part of the next one.
    Decode { out: u32, part: f64 },
}

/// What a stage came to within constant clocks.
struct Passed {
    span: Nanos,
    decoding: bool,
    tokens: f64,
    tokens_without_context: f64,
    stage: Stage,
}

impl<'a> Engine<'a> {
    /// A loaded runtime; nothing is submitted yet.
    pub fn new(body: Body, candidate: &'a Candidate) -> Result<Self, PhoneError> {
        candidate.check(body.profile())?;
        let prompt_tokens = candidate.prompt_tokens;
        Ok(Self {
            body,
            candidate,
            prompt: 0,
            prompt_tokens,
            next_tokens: prompt_tokens,
            output_tokens: candidate.output_tokens,
            held_until: Nanos(0),
            pause: Nanos(0),
            stage: Stage::Waiting,
        })
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The body, to plug it in or to warm its air.
    pub fn body_mut(&mut self) -> &mut Body {
        &mut self.body
    }

    /// Length of the present prompt, tokens.
    #[must_use]
    pub fn prompt_tokens(&self) -> u32 {
        self.prompt_tokens
    }

    /// Changes the length of the prompts that are not submitted yet; at least one token.
    pub fn set_prompt_tokens(&mut self, tokens: u32) {
        self.next_tokens = tokens.max(1);
    }

    /// Stops working for a while, wherever it is.
    pub fn hold(&mut self, span: Nanos) {
        self.held_until = Nanos(self.body.now().0.saturating_add(span.0));
    }

    /// Changes the length of answers, the one in flight included; at least one token.
    pub fn set_output_tokens(&mut self, tokens: u32) {
        self.output_tokens = tokens.max(1);
    }

    /// Waits this long after each answer before the next prompt is submitted.
    pub fn pause_between(&mut self, pause: Nanos) {
        self.pause = pause;
    }

    /// Submits a prompt now, if none is worked on.
    pub fn submit(&mut self, observer: &mut impl Observer) {
        if self.is_waiting() {
            self.held_until = Nanos(0);
            self.step(self.body.next_change(), observer);
        }
    }

    /// Turns the next prompt away, unread, if none is worked on.
    pub fn refuse(&mut self, observer: &mut impl Observer) {
        if self.is_waiting() {
            observer.event(self.body.now(), Event::Submitted { prompt: self.prompt });
            self.prompt += 1;
        }
    }

    /// Whether no prompt is worked on.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Waiting)
    }

    /// Whether an answer is being written.
    #[must_use]
    pub fn is_decoding(&self) -> bool {
        matches!(self.stage, Stage::Decode { .. })
    }

    /// Gives the body back.
    #[must_use]
    pub fn into_body(self) -> Body {
        self.body
    }

    /// Works until a time on the body's clock. A device that has switched itself off lets the time pass in silence.
    pub fn run_until(&mut self, end: Nanos, observer: &mut impl Observer) {
        while self.body.now() < end {
            let horizon = end.min(self.body.next_change());
            if !self.step(horizon, observer) {
                self.body.advance(horizon.since(self.body.now()), &Load::Idle);
            }
        }
    }

    /// Works on the present prompt until a time, and stops where it is answered.
    pub fn finish_prompt(&mut self, end: Nanos, observer: &mut impl Observer) {
        while self.body.now() < end && !self.is_waiting() {
            let horizon = end.min(self.body.next_change());
            if !self.step(horizon, observer) {
                return;
            }
        }
    }

    /// Works on one stage of one prompt, up to the horizon at most. `false` where the device is off.
    fn step(&mut self, horizon: Nanos, observer: &mut impl Observer) -> bool {
        let load = self.load();
        let Some(speed) = self.body.rates(&load) else {
            return false;
        };
        let from = self.body.now();
        if from < self.held_until {
            self.rest(from, horizon.min(self.held_until), observer);
            return true;
        }
        let span = horizon.since(from);
        let passed = match self.stage {
            Stage::Waiting => {
                observer.event(from, Event::Submitted { prompt: self.prompt });
                self.prompt_tokens = self.next_tokens;
                self.stage = Stage::Prefill { left: f64::from(self.prompt_tokens) };
                return true;
            }
            Stage::Prefill { left } => prefill(speed, span, left),
            Stage::Decode { out, part } => self.decode(speed, span, out, part, observer),
        };
        self.body.advance(passed.span, &load);
        let to = self.body.now();
        let Passed { decoding, tokens, tokens_without_context, .. } = passed;
        observer.segment(Segment { from, to, decoding, working: true, tokens, tokens_without_context });
        self.enter(passed.stage, matches!(self.stage, Stage::Prefill { .. }), observer);
        true
    }

    /// Lets time pass without work; within an answer it counts as its time all the same.
    fn rest(&mut self, from: Nanos, to: Nanos, observer: &mut impl Observer) {
        self.body.advance(to.since(from), &Load::Idle);
        let decoding = self.is_decoding();
        let nothing =
            Segment { from, to, decoding, working: false, tokens: 0.0, tokens_without_context: 0.0 };
        observer.segment(nothing);
    }

    fn load(&self) -> Load<'a> {
        match self.stage {
            Stage::Waiting | Stage::Prefill { .. } => Load::Prefill(self.candidate),
            Stage::Decode { out, .. } => {
                Load::Decode { candidate: self.candidate, context: self.context(out) }
            }
        }
    }

    /// Tokens behind the next one.
    fn context(&self, out: u32) -> u32 {
        self.prompt_tokens.saturating_add(out)
    }

    fn decode(&self, speed: Speed, span: Nanos, out: u32, part: f64, observer: &mut impl Observer) -> Passed {
        let from = self.body.now();
        let available_s = span.as_secs_f64();
        let (mut out, mut part, mut passed_s, mut progress) = (out, part, 0.0, 0.0);
        while out < self.output_tokens {
            let token_s = speed.token_s(self.context(out));
            let needs_s = token_s * (1.0 - part);
            if passed_s + needs_s > available_s {
                let more = (available_s - passed_s) / token_s;
                let stage = Stage::Decode { out, part: part + more };
                let tokens_without_context = available_s / speed.token_s(0);
                return Passed {
                    span,
                    decoding: true,
                    tokens: progress + more,
                    tokens_without_context,
                    stage,
                };
            }
            passed_s += needs_s;
            progress += 1.0 - part;
            part = 0.0;
            let at = Nanos(from.0 + rounded(passed_s).min(span).0);
            observer.event(at, Event::Token { prompt: self.prompt, index: out });
            out += 1;
        }
        let span = rounded(passed_s).min(span);
        let tokens_without_context = passed_s / speed.token_s(0);
        Passed {
            span,
            decoding: true,
            tokens: progress,
            tokens_without_context,
            stage: Stage::Decode { out, part },
        }
    }

    /// Tells what the end of a step means: a first token, or a finished answer.
    fn enter(&mut self, stage: Stage, was_prefill: bool, observer: &mut impl Observer) {
        self.stage = stage;
        let Stage::Decode { out, .. } = stage else {
            return;
        };
        let at = self.body.now();
        if was_prefill {
            observer.event(at, Event::Token { prompt: self.prompt, index: 0 });
        }
        if out >= self.output_tokens {
            observer.event(at, Event::Done { prompt: self.prompt });
            self.prompt += 1;
            self.stage = Stage::Waiting;
            self.held_until = Nanos(at.0.saturating_add(self.pause.0));
        }
    }
}

/// Reads on for a span, or to the end of the prompt.
fn prefill(speed: Speed, span: Nanos, left: f64) -> Passed {
    let needs_s = left * speed.prefill_s;
    let (span, stage) = if needs_s <= span.as_secs_f64() {
        (rounded(needs_s).min(span), Stage::Decode { out: 1, part: 0.0 })
    } else {
        (span, Stage::Prefill { left: left - span.as_secs_f64() / speed.prefill_s })
    };
    Passed { span, decoding: false, tokens: 0.0, tokens_without_context: 0.0, stage }
}

/// The nearest whole nanosecond.
fn rounded(seconds: f64) -> Nanos {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "spans within a control tick"
    )]
    Nanos((seconds * 1e9).round() as u64)
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
