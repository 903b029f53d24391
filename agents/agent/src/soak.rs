//! The phases of a run, from the first warm token to the last of the recovery.

use std::time::Duration;

use edgesoak_prompts::{Prompter, Rendered};
use edgesoak_protocol::job::{Job, Recovery, SettleRule};
use edgesoak_protocol::journal::{FinishReason, Frame, Phase};
use edgesoak_sensors::clocks;

use crate::alarm::End;
use crate::answering::Questions;
use crate::bins::Bins;
use crate::digest::sha256_hex;
use crate::engine::Engine;
use crate::error::AgentError;
use crate::inputs::Inputs;
use crate::interrupt::Interrupt;
use crate::journal::Journal;
use crate::settle::{self, Evidence};
use crate::stream::{Asked, Stream, Wanted};
use crate::temperatures::Temperatures;

const MS: u64 = 1_000_000;

/// Everything a soak works with.
pub(crate) struct Soak<'a, 'e> {
    pub(crate) job: &'a Job,
    pub(crate) engine: &'a mut Engine<'e>,
    pub(crate) prompter: &'a Prompter,
    pub(crate) inputs: &'a Inputs,
    pub(crate) journal: &'a Journal,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) temperatures: &'a Temperatures,
    /// What is asked after the soak.
    pub(crate) questions: Option<Questions<'a>>,
    /// Counts the prompts of the session.
    pub(crate) next_prompt: u32,
    /// Position in the prompt cycle.
    pub(crate) next_item: usize,
}

impl Soak<'_, '_> {
    /// Warms, soaks and, if the job wants it, rests and decodes once more. Questions are asked behind the soak, while the
    /// device is hot, and again behind everything else.
    pub(crate) fn run(mut self) -> Result<(), End> {
        if self.job.phases.warm_tokens > 0 {
            self.begin(Phase::Warming);
            self.prompt(Phase::Warming, self.job.phases.warm_tokens)?;
            // The scored cycle starts at its first item.
            self.next_item = 0;
        }
        if self.job.phases.soak_ms > 0 {
            self.soak()?;
        }
        if let Some(questions) = self.questions {
            self.ask(questions, 0..questions.plan.hot as usize, 0)?;
        }
        if let Some(recovery) = &self.job.phases.recovery {
            self.recover(recovery)?;
        }
        match self.questions {
            Some(questions) => self.ask(questions, 0..questions.items.len(), questions.plan.hot),
            None => Ok(()),
        }
    }

    pub(crate) fn begin(&self, phase: Phase) {
        self.journal.append(&Frame::PhaseBegan { phase });
    }

    fn soak(&mut self) -> Result<(), End> {
        self.begin(Phase::Soaking);
        let start_ns = clocks::mono_ns();
        let mut rates = Bins::starting(start_ns);
        let mut planned_ms = self.job.phases.soak_ms;
        loop {
            self.decode_until(Phase::Soaking, start_ns.saturating_add(planned_ms * MS), Some(&mut rates))?;
            let Some(rule) = &self.job.settle else { return Ok(()) };
            match self.extension(rule, &rates, planned_ms) {
                Some(longer_ms) => planned_ms = longer_ms,
                None => return Ok(()),
            }
        }
    }

    /// The new length of a soak whose device has not settled, if it may be extended.
    fn extension(&self, rule: &SettleRule, rates: &Bins, planned_ms: u64) -> Option<u64> {
        let now = clocks::mono_ns();
        let evidence = Evidence { rates: rates.window(now), temperatures: self.temperatures.window(now) };
        let decision = settle::decide(rule, &evidence, planned_ms);
        self.journal.note(decision.code, decision.text);
        decision.longer_ms
    }

    fn recover(&mut self, recovery: &Recovery) -> Result<(), End> {
        self.begin(Phase::Resting);
        self.engine.idle(Duration::from_millis(recovery.rest_ms))?;
        self.begin(Phase::Recovering);
        let end_ns = clocks::mono_ns().saturating_add(recovery.burst_ms * MS);
        self.decode_until(Phase::Recovering, end_ns, None)
    }

    /// Decodes whole prompts of the cycle; the one in flight at `end_ns` is finished. At least one.
    fn decode_until(&mut self, phase: Phase, end_ns: u64, mut rates: Option<&mut Bins>) -> Result<(), End> {
        loop {
            let stream = self.prompt(phase, self.job.workload.output_tokens)?;
            if let Some(rates) = rates.as_deref_mut() {
                if self.job.workload.is_of_items {
                    add_item(rates, &stream);
                } else {
                    add_rate(rates, &stream);
                }
            }
            let left = Duration::from_nanos(end_ns.saturating_sub(clocks::mono_ns()));
            if !left.is_zero() && self.job.workload.think_time_ms > 0 {
                self.engine.idle(left.min(Duration::from_millis(self.job.workload.think_time_ms)))?;
            }
            if clocks::mono_ns() >= end_ns {
                return Ok(());
            }
        }
    }

    /// One prompt of the cycle, from retrieval to its last token.
    fn prompt(&mut self, phase: Phase, max_new: u32) -> Result<Stream, End> {
        let (rendered, submit_ns) = self.render(self.prompter, self.next_item)?;
        let wanted = if self.job.workload.is_of_items { Wanted::End } else { Wanted::Length };
        let asked = self.submit(phase, rendered, submit_ns, (max_new, wanted))?;
        self.next_item = (self.next_item + 1) % self.prompter.len().max(1);
        self.engine.decode(asked)
    }

    /// Makes a prompt. Its clock starts before retrieval: a user waits for that too.
    pub(crate) fn render(&self, prompter: &Prompter, index: usize) -> Result<(Rendered, u64), End> {
        self.interrupt.check()?;
        let submit_ns = clocks::mono_ns();
        let rendered = prompter.render(index).map_err(|error| {
            End::new(FinishReason::BadInput, AgentError::OpeningPrompts(error).sentence())
        })?;
        Ok((rendered, submit_ns))
    }

    /// Sends a prompt to the runtime.
    pub(crate) fn submit(
        &mut self,
        phase: Phase,
        rendered: Rendered,
        submit_ns: u64,
        (max_new, wanted): (u32, Wanted),
    ) -> Result<Asked, End> {
        let prompt = self.next_prompt;
        let asked = Asked { prompt, submit_ns, max_new, wanted };
        let images = self.inputs.pictures(rendered.images.iter().map(String::as_str))?;
        let (text, submitted) = self.engine.submit(asked, rendered.text, images);
        self.journal.append(&Frame::PromptSubmitted {
            prompt,
            item: rendered.item,
            phase,
            retrieve_ns: rendered.retrieve_ns,
            render_ns: rendered.render_ns,
            prompt_sha256: sha256_hex(text.as_bytes()),
            prompt_bytes: u32::try_from(text.len()).unwrap_or(u32::MAX),
            submit_ns,
        });
        drop(text);
        submitted?;
        self.next_prompt += 1;
        Ok(asked)
    }
}

/// One item, over the time from its submit to its last token.
fn add_item(rates: &mut Bins, stream: &Stream) {
    if let Some((submit_ns, last_ns)) = stream.busy() {
        rates.add(last_ns, 1.0, (last_ns - submit_ns) as f64 / 1e9);
    }
}

/// Tokens after the first of the prompt, over the time they took.
fn add_rate(rates: &mut Bins, stream: &Stream) {
    let (stamps, tokens_per_stamp) = stream.stamps();
    for pair in stamps.windows(2) {
        rates.add(pair[1], f64::from(tokens_per_stamp), (pair[1] - pair[0]) as f64 / 1e9);
    }
}
