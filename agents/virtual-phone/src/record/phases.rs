//! The phases of a session, as an agent drives them.

use edgesoak_protocol::journal::{Frame, Phase};
use edgesoak_protocol::units::Nanos;

use super::session::{Doing, Ended, FOREVER, Session};
use crate::body::state::Joules;
use crate::load::{Accelerator, Candidate};
use crate::truth::Watch;

/// Time that loading a model takes.
const LOADING: Nanos = Nanos::from_millis(900);
/// Process id of the runtime.
const PID: u32 = 4_242;
/// Layers of a model, as a runtime counts them.
const LAYERS: u32 = 30;

impl Session<'_, '_> {
    /// All phases, up to the end of the last one.
    pub(super) fn phases(&mut self, candidate: &Candidate) -> Result<(), Ended> {
        let phases = &self.work.job.phases;
        self.load(candidate)?;
        if phases.warm_tokens > 0 {
            self.begin(Phase::Warming);
            self.engine.set_output_tokens(phases.warm_tokens);
            self.engine.submit(&mut self.listener);
            self.pass(FOREVER, Doing::Finishing)?;
            self.engine.set_output_tokens(candidate.output_tokens);
            self.listener.cycle_begins = 1;
        }
        self.engine.pause_between(Nanos::from_millis(self.work.job.workload.think_time_ms));
        self.begin(Phase::Soaking);
        let ended = self.soak(Nanos::from_millis(phases.soak_ms));
        self.tell_truth();
        ended?;
        if let Some(recovery) = &phases.recovery {
            self.begin(Phase::Resting);
            self.pass(self.after(Nanos::from_millis(recovery.rest_ms)), Doing::Resting)?;
            self.begin(Phase::Recovering);
            self.engine.submit(&mut self.listener);
            self.pass(self.after(Nanos::from_millis(recovery.burst_ms)), Doing::Working)?;
            self.pass(FOREVER, Doing::Finishing)?;
        }
        Ok(())
    }

    /// Digests are checked, the runtime starts and reads the model.
    fn load(&mut self, candidate: &Candidate) -> Result<(), Ended> {
        self.begin(Phase::Loading);
        for file in self.work.verified {
            let (what, sha256, bytes) = (file.what.clone(), file.sha256.clone(), file.bytes);
            self.append(Frame::Verified { what, sha256, bytes });
        }
        self.kernel.has_runtime = true;
        self.pass(self.after(LOADING), Doing::Resting)?;
        let runner = &self.work.job.runner;
        self.append(Frame::RuntimeStarted {
            pid: PID,
            runtime: "virtual-runner".to_owned(),
            runtime_version: env!("CARGO_PKG_VERSION").to_owned(),
            cpu_features: Vec::new(),
            load_ns: LOADING.0,
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
            actual: vec![(device.to_owned(), LAYERS, 1_000_000)],
            unit: "layers".to_owned(),
            evidence: "log".to_owned(),
            raw: format!("{LAYERS} of {LAYERS} layers on {device}"),
            confidence: "observed".to_owned(),
        });
        Ok(())
    }

    fn soak(&mut self, length: Nanos) -> Result<(), Ended> {
        let began = self.engine.body().now();
        self.listener.watch = Some(Watch::new(began));
        self.energy_before = self.engine.body().state().energy();
        let end = self.after(length);
        self.engine.submit(&mut self.listener);
        self.pass(end, Doing::Working)?;
        self.pass(FOREVER, Doing::Finishing)
    }

    fn tell_truth(&mut self) {
        let state = self.engine.body().state();
        let energy = Joules(state.energy().0 - self.energy_before.0);
        self.truth = self.listener.watch.take().map(|watch| watch.truth(energy, state.down()));
    }
}
