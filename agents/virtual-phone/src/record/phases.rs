//! The phases of a session, in the order in which an agent drives them.

use edgesoak_agent::{Bins, Evidence, decide};
use edgesoak_protocol::job::SettleRule;
use edgesoak_protocol::journal::{Frame, Phase};
use edgesoak_protocol::units::Nanos;
use edgesoak_protocol::{ThermalLimits, thermal_limits};

use super::inputs::Item;
use super::session::{Doing, Ended, FOREVER, Session};
use crate::body::state::Joules;
use crate::face::thermal_limits;
use crate::load::{Accelerator, Candidate};
use crate::model::tokens;
use crate::truth::Watch;

/// Storage reads a model so fast, bytes per second: flash of a phone of the middle class.
const READ_BYTES_PER_S: u64 = 1_000_000_000;
/// Process id of the runtime.
const PID: u32 = 4_242;

impl<'a> Session<'a, '_> {
    /// All phases, up to the end of the last one.
    pub(super) fn phases(&mut self, candidate: &Candidate) -> Result<(), Ended> {
        let phases = &self.work.job.phases;
        self.load(candidate)?;
        if phases.warm_tokens > 0 {
            self.begin(Phase::Warming);
            self.prompt(phases.warm_tokens)?;
            // The scored cycle starts at its first item.
            self.next_item = 0;
        }
        if phases.soak_ms > 0 {
            let ended = self.soak();
            self.tell_truth();
            ended?;
        }
        let questions = self.work.questions;
        let hot = self.work.job.answering.as_ref().map_or(0, |asked| asked.hot as usize);
        self.ask(&questions[..hot.min(questions.len())])?;
        if let Some(recovery) = &phases.recovery {
            self.begin(Phase::Resting);
            self.pass(self.after(Nanos::from_millis(recovery.rest_ms)), Doing::Resting)?;
            self.begin(Phase::Recovering);
            self.decode_until(self.after(Nanos::from_millis(recovery.burst_ms)))?;
        }
        self.ask(questions)
    }

    /// Digests are checked, the runtime starts and reads the model.
    fn load(&mut self, candidate: &Candidate) -> Result<(), Ended> {
        for frame in self.work.settings.made {
            self.append(frame.clone());
        }
        self.note_limits();
        self.begin(Phase::Loading);
        for file in self.work.verified {
            let (what, sha256, bytes) = (file.what.clone(), file.sha256.clone(), file.bytes);
            self.append(Frame::Verified { what, sha256, bytes });
        }
        let millis = 1 + candidate.weights.0 / (READ_BYTES_PER_S / 1_000);
        let span = Nanos::from_millis(millis);
        self.kernel.start_runtime(span);
        self.pass(self.after(span), Doing::Resting)?;
        let runner = &self.work.job.runner;
        self.append(Frame::RuntimeStarted {
            pid: PID,
            runtime: "virtual-runner".to_owned(),
            runtime_version: env!("CARGO_PKG_VERSION").to_owned(),
            cpu_features: Vec::new(),
            load_ns: span.0,
            threads: runner.threads,
            ctx: runner.ctx,
        });
        let device = match candidate.accelerator {
            Accelerator::Cpu { .. } => "cpu",
            Accelerator::Gpu => "gpu",
            Accelerator::Npu => "npu",
        };
        self.append(Frame::Placement {
            requested: runner.requested_device.clone(),
            actual: vec![(device.to_owned(), 1, 1_000_000)],
            unit: "device".to_owned(),
            evidence: "api".to_owned(),
            raw: format!("the whole model works on the {device}"),
            confidence: "observed".to_owned(),
        });
        Ok(())
    }

    /// The trip points of the device, where it tells of any.
    fn note_limits(&mut self) {
        let limits = thermal_limits(self.engine.body().profile());
        if limits != ThermalLimits::default() {
            self.append(Frame::Note { code: thermal_limits::NOTE.to_owned(), text: limits.to_note() });
        }
    }

    fn soak(&mut self) -> Result<(), Ended> {
        self.begin(Phase::Soaking);
        let begin = self.engine.body().now();
        self.listener.watch = Some(Watch::new(begin));
        self.energy_before = self.engine.body().state().energy();
        let start = self.mono();
        self.listener.rates = Some(Bins::starting(start.0));
        let mut planned_ms = self.work.job.phases.soak_ms;
        loop {
            self.decode_until(Nanos(start.0.saturating_add(planned_ms.saturating_mul(1_000_000))))?;
            let Some(rule) = &self.work.job.settle else { return Ok(()) };
            match self.extension(rule, planned_ms) {
                Some(longer_ms) => planned_ms = longer_ms,
                None => return Ok(()),
            }
        }
    }

    /// The new length of a soak whose device has not settled, as the agent decides it.
    fn extension(&mut self, rule: &SettleRule, planned_ms: u64) -> Option<u64> {
        let now = self.mono().0;
        let rates = self.listener.rates.as_ref().map(|rates| rates.window(now)).unwrap_or_default();
        let evidence = Evidence { rates, temperatures: self.temperatures.window(now) };
        let decision = decide(rule, &evidence, planned_ms);
        self.append(Frame::Note { code: decision.code.to_owned(), text: decision.text });
        decision.longer_ms
    }

    /// Decodes whole prompts of the cycle; the one in flight at `end` is finished. At least one.
    fn decode_until(&mut self, end: Nanos) -> Result<(), Ended> {
        let think = Nanos::from_millis(self.work.job.workload.think_time_ms);
        loop {
            self.prompt(self.work.job.workload.output_tokens)?;
            let pause = self.after(think).min(end);
            self.pass(pause, Doing::Resting)?;
            if self.mono() >= end {
                return Ok(());
            }
        }
    }

    /// One prompt, to its last token. What precedes its submit on a device costs this one no time.
    fn prompt(&mut self, output_tokens: u32) -> Result<(), Ended> {
        let cycle = self.work.cycle;
        let Some(item) = cycle.get(self.next_item) else {
            return Err(Ended::Failed("there is no prompt to work on".to_owned()));
        };
        self.next_item = (self.next_item + 1) % cycle.len();
        let length = self.length(item, output_tokens)?;
        self.decode(item, length, output_tokens)
    }

    /// Reads a prompt and writes its answer, to the last token.
    pub(super) fn decode(&mut self, item: &'a Item, length: u32, output_tokens: u32) -> Result<(), Ended> {
        self.engine.set_prompt_tokens(length);
        self.engine.set_output_tokens(output_tokens);
        self.listener.item = Some(item);
        self.listener.prompt_tokens = length;
        self.engine.submit(&mut self.listener);
        if self.engine.is_waiting() {
            // A device that is off takes no prompt.
            return Err(Ended::Off);
        }
        self.pass(FOREVER, Doing::Finishing)
    }

    fn length(&mut self, item: &Item, output_tokens: u32) -> Result<u32, Ended> {
        self.fitting(item, output_tokens).map_err(|needs| {
            let ctx = self.work.job.runner.ctx;
            let detail =
                format!("it reports prompt-too-long while decoding: {needs} tokens in a context of {ctx}");
            Ended::Failed(detail)
        })
    }

    /// Tokens of a prompt, as faults leave it; what they add never outgrows the context. The tokens that are needed, where
    /// they do not fit.
    pub(super) fn fitting(&mut self, item: &Item, output_tokens: u32) -> Result<u32, u32> {
        let planned = tokens(item.bytes);
        let (ctx, needs) = (self.work.job.runner.ctx, planned.saturating_add(output_tokens));
        if needs > ctx {
            return Err(needs);
        }
        if self.listener.phase == Phase::Warming {
            // Faults count from the first scored prompt on.
            return Ok(planned);
        }
        let now = self.listener.now(self.engine.body().now()).unwrap_or_default();
        Ok(self.listener.faults.prompt_tokens(now, planned).min(ctx - output_tokens).max(1))
    }

    fn tell_truth(&mut self) {
        let state = self.engine.body().state();
        let energy = Joules(state.energy().0 - self.energy_before.0);
        self.truth = self.listener.watch.take().map(|watch| watch.truth(energy, state.down()));
        self.listener.rates = None;
    }
}
