//! Who listens to the engine: tokens become frames, and the truth is written down beside them.

use edgesoak_agent::Bins;
use edgesoak_protocol::journal::{Frame, Phase};
use edgesoak_protocol::units::Nanos;

use super::frames::Frames;
use super::inputs::{Boot, Item};
use crate::engine::{Event, Observer, Segment};
use crate::fault::{Clocks, Faults, Now};
use crate::truth::Watch;

/// Most token times in one frame.
const MOST_STAMPS: usize = 16;

/// Everything that a session writes down.
pub(super) struct Listener<'a> {
    pub(super) frames: Frames<'a>,
    pub(super) faults: Faults,
    pub(super) clocks: Clocks,
    pub(super) boot: &'a Boot,
    /// The item of the prompt in flight.
    pub(super) item: Option<&'a Item>,
    pub(super) phase: Phase,
    /// How the answer in flight ends by itself.
    pub(super) finish: &'static str,
    /// True time of the first scored submit.
    pub(super) soak_began: Option<Nanos>,
    /// The truth about the soak, while it runs.
    pub(super) watch: Option<Watch>,
    /// The rate of the soak, while it runs.
    pub(super) rates: Option<Bins>,
    /// Length of the prompt in flight, tokens.
    pub(super) prompt_tokens: u32,
    pub(super) tokens: u64,
    pub(super) prompts: u32,
    /// Work since it was last asked for, true seconds.
    worked_s: f64,
    /// What the agent would not believe.
    lie: Option<String>,
    pub(super) answer: Answer,
}

/// The answer in flight, on the monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) prompt: u32,
    submit: Nanos,
    first: Nanos,
    last: Nanos,
    /// Tokens that are out.
    out: u32,
    /// Index of the first stamp that is not journaled.
    first_index: u32,
    stamps: Vec<u64>,
}

impl<'a> Listener<'a> {
    pub(super) fn new(frames: Frames<'a>, faults: Faults, boot: &'a Boot) -> Self {
        Self {
            frames,
            faults,
            clocks: Clocks::default(),
            boot,
            item: None,
            phase: Phase::Loading,
            finish: "length",
            soak_began: None,
            watch: None,
            rates: None,
            prompt_tokens: 0,
            tokens: 0,
            prompts: 0,
            worked_s: 0.0,
            lie: None,
            answer: Answer::default(),
        }
    }

    /// The monotonic clock at a true time.
    pub(super) fn mono(&self, at: Nanos) -> Nanos {
        let awake = self.boot.mono.0.saturating_add(at.since(self.clocks.slept).0);
        Nanos(awake.saturating_add_signed(self.clocks.ahead_ns))
    }

    /// How far the soak is at a true time; nothing before it begins.
    pub(super) fn now(&self, at: Nanos) -> Option<Now> {
        let began = self.soak_began?;
        Some(Now { at: at.since(began), tokens: self.tokens, prompts: self.prompts })
    }

    /// Journals a frame of a true time, as faults leave it.
    pub(super) fn append(&mut self, at: Nanos, mut frame: Frame) {
        if let Some(now) = self.now(at) {
            self.faults.journaled(now, &mut frame);
        }
        self.frames.append(self.mono(at), &frame);
    }

    /// Journals a tick of a true time, which faults have changed already.
    pub(super) fn append_tick(&mut self, at: Nanos, tick: &Frame) {
        self.frames.append(self.mono(at), tick);
    }

    /// Journals the begin of a phase.
    pub(super) fn begin(&mut self, at: Nanos, phase: Phase) {
        self.phase = phase;
        self.append(at, Frame::PhaseBegan { phase });
    }

    /// Work since the last call, seconds.
    pub(super) fn take_worked_s(&mut self) -> f64 {
        std::mem::take(&mut self.worked_s)
    }

    /// What the runtime told last and cannot be true: the monotonic clock went back under it.
    pub(super) fn take_lie(&mut self) -> Option<String> {
        self.lie.take()
    }

    /// Ends the answer in flight before its time, as a runtime does that is asked to stop.
    pub(super) fn cut_answer(&mut self, at: Nanos) {
        self.flush(at);
        if self.answer.out > 0 {
            self.done(at, "stopped");
        }
    }

    /// Journals the token times that wait.
    pub(super) fn flush(&mut self, at: Nanos) {
        let Some(&t0_ns) = self.answer.stamps.first() else { return };
        let delta_ns = self.answer.stamps.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
        let (prompt, first_index) = (self.answer.prompt, self.answer.first_index);
        self.answer.stamps.clear();
        self.answer.first_index = self.answer.out;
        self.append(at, Frame::TokenBatch { prompt, first_index, t0_ns, delta_ns, tokens_per_stamp: 1 });
    }

    fn submitted(&mut self, at: Nanos, prompt: u32) {
        let submit = self.mono(at);
        self.answer = Answer { prompt, submit, ..Answer::default() };
        if self.phase == Phase::Soaking {
            self.soak_began.get_or_insert(at);
        }
        let item = self.item;
        let frame = Frame::PromptSubmitted {
            prompt: self.answer.prompt,
            item: item.map_or_else(String::new, |item| item.id.clone()),
            phase: self.phase,
            retrieve_ns: 0,
            render_ns: 0,
            prompt_sha256: item.map_or_else(String::new, |item| item.sha256.clone()),
            prompt_bytes: item.map_or(0, |item| item.bytes),
            submit_ns: submit.0,
        };
        self.append(at, frame);
    }

    fn token(&mut self, at: Nanos, index: u32) {
        let mono = self.mono(at);
        let before = if index == 0 { self.answer.submit } else { self.answer.last };
        if mono <= before {
            let back_ns = before.0 - mono.0;
            self.lie.get_or_insert_with(|| format!("a token {back_ns} ns before the one it follows"));
        }
        if self.lie.is_some() {
            return;
        }
        if index == 0 {
            self.answer.first = mono;
        } else if let Some(rates) = &mut self.rates {
            rates.add(mono.0, 1.0, mono.since(before).as_secs_f64());
        }
        self.answer.last = mono;
        self.answer.out = index + 1;
        self.answer.stamps.push(mono.0);
        self.tokens += 1;
        // The first token stands alone: a runtime tells it as soon as it is out.
        if index == 0 || self.answer.stamps.len() >= MOST_STAMPS {
            self.flush(at);
        }
    }

    fn done(&mut self, at: Nanos, finish: &str) {
        self.flush(at);
        let answer = &self.answer;
        let frame = Frame::PromptDone {
            prompt: answer.prompt,
            finish: finish.to_owned(),
            prompt_tokens: self.prompt_tokens,
            decoded_tokens: answer.out,
            engine_prefill_ns: answer.first.since(answer.submit).0,
            engine_decode_ns: answer.last.since(answer.first).0,
        };
        self.answer.out = 0;
        self.prompts += 1;
        self.append(at, frame);
    }
}

impl Observer for Listener<'_> {
    fn event(&mut self, at: Nanos, event: Event) {
        if let Some(watch) = &mut self.watch {
            watch.event(at, event);
        }
        match event {
            Event::Submitted { prompt } => self.submitted(at, prompt),
            Event::Token { index, .. } => self.token(at, index),
            Event::Done { .. } => self.done(at, self.finish),
        }
    }

    fn segment(&mut self, segment: Segment) {
        if segment.working {
            self.worked_s += segment.to.since(segment.from).as_secs_f64();
        }
        if let Some(watch) = &mut self.watch {
            watch.segment(segment);
        }
    }
}
