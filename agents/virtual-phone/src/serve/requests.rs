//! What a runner asks for, and what the phone says to it.

use std::time::Instant;

use edgesoak_protocol::runner::{
    Event, IMAGE_UNSUPPORTED, PlacedShare, Placement, Request, VERSION, text_alone,
};
use edgesoak_protocol::units::Bytes;

use super::desk::{Letter, Said};
use super::device::Device;
use super::error::ServeError;
use super::phone::{Phone, Turn};
use super::prompt::{Heard, Prompt};
use crate::face::Held;
use crate::load::{Accelerator, Candidate};
use crate::model::{DescribedModel, tokens};
use crate::profile::Kind;
use crate::speech::Speech;

/// What a runner asks to be loaded.
struct Wanted {
    artifact: String,
    device: String,
    threads: u32,
    ctx: u32,
}

/// A prompt as it was asked for.
struct Asked {
    id: u32,
    prompt: String,
    max_new: u32,
    ignores_eos: bool,
    wants_text: bool,
}

impl Phone {
    /// Answers a letter; a turn where the device is another one from now on.
    pub(super) fn read(
        &mut self,
        letter: Letter,
        device: &mut Device<'_>,
    ) -> Result<Option<Turn>, ServeError> {
        match letter {
            Letter::Came(caller) => {
                self.forget_runner();
                self.desk.caller = Some(caller);
                Ok(Some(Turn::Unload))
            }
            Letter::Went => {
                self.forget_runner();
                Ok(Some(Turn::Unload))
            }
            Letter::Asked(Err(why)) => {
                self.refuse(None, "bad-request", &why);
                Ok(None)
            }
            Letter::Asked(Ok(request)) => self.answer(request, device),
            Letter::Charger(charger) => {
                device.body_mut().plug(charger)?;
                Ok(None)
            }
            Letter::Boots(waiting) => {
                self.forget_runner();
                self.boot(device.body())?;
                // Who does not wait any more does not need to know.
                let _ = waiting.try_send(());
                Ok(Some(Turn::Unload))
            }
        }
    }

    fn answer(&mut self, request: Request, device: &mut Device<'_>) -> Result<Option<Turn>, ServeError> {
        if self.desk.prompt.is_some() && !matches!(request, Request::Stop {}) {
            self.refuse(None, "bad-request", "a prompt is in flight");
            return Ok(None);
        }
        match request {
            Request::Hello { version: VERSION } => self.greet(device)?,
            Request::Hello { .. } => self.refuse(None, "bad-request", "another protocol version"),
            Request::Load { artifact, requested_device, threads, ctx, .. } => {
                let wanted = Wanted { artifact, device: requested_device, threads, ctx };
                return Ok(self.load(wanted).map(Turn::Load));
            }
            Request::Generate { id, images, .. } if !images.is_empty() => {
                self.refuse(Some(id), IMAGE_UNSUPPORTED, "a described model takes text alone");
            }
            Request::Generate { id, prompt, max_new, ignore_eos, want_text, .. } => {
                let asked = Asked { id, prompt, max_new, ignores_eos: ignore_eos, wants_text: want_text };
                self.generate(&asked, device)?;
            }
            Request::Stop {} => self.stop(device),
        }
        Ok(None)
    }

    pub(super) fn caps(&self) -> Event {
        let has = |kind| self.profile.clusters.iter().any(|cluster| cluster.kind == kind);
        let devices = [("cpu", Kind::Cpu), ("gpu", Kind::Gpu), ("npu", Kind::Npu)];
        Event::Caps {
            version: VERSION,
            runtime: "simulated".to_owned(),
            runtime_version: env!("CARGO_PKG_VERSION").to_owned(),
            cpu_features: Vec::new(),
            devices: devices
                .into_iter()
                .filter(|(_, kind)| has(*kind))
                .map(|(word, _)| word.to_owned())
                .collect(),
            inputs: text_alone(),
            decodes: true,
        }
    }

    fn load(&mut self, wanted: Wanted) -> Option<Candidate> {
        let began = Instant::now();
        let candidate = match self.open_model(&wanted) {
            Ok(candidate) => candidate,
            Err(why) => {
                self.refuse(None, "load-failed", &why);
                return None;
            }
        };
        let cache = candidate.kv_per_token.0.saturating_mul(u64::from(wanted.ctx));
        let anon = Bytes(candidate.resident.0.saturating_add(cache));
        if let Err(error) = self.hold(anon, candidate.weights) {
            self.refuse(None, "load-failed", &error.to_string());
            return None;
        }
        self.desk.ctx = Some(wanted.ctx);
        let load_ms = began.elapsed().as_secs_f64() * 1e3;
        self.say(Event::Loaded { load_ms, placement: placement(wanted.device, &candidate) });
        Some(candidate)
    }

    fn open_model(&mut self, wanted: &Wanted) -> Result<Candidate, String> {
        let words = |error: &dyn std::error::Error| error.to_string();
        let model =
            DescribedModel::read(&self.seen_by_us(&wanted.artifact)).map_err(|error| words(&error))?;
        let mut candidate =
            model.candidate_on(&wanted.device, wanted.threads, 1).map_err(|error| words(&error))?;
        self.desk.plan.begin(&self.profile, &mut candidate).map_err(|error| words(&error))?;
        candidate.check(&self.profile).map_err(|error| words(&error))?;
        Ok(candidate)
    }

    fn generate(&mut self, asked: &Asked, device: &mut Device<'_>) -> Result<(), ServeError> {
        let (Some(ctx), Device::Working { engine, .. }) = (self.desk.ctx, device) else {
            self.refuse(Some(asked.id), "bad-request", "nothing is loaded");
            return Ok(());
        };
        if asked.max_new == 0 {
            self.refuse(Some(asked.id), "bad-request", "max_new is 0");
            return Ok(());
        }
        let at = engine.body().now();
        let began = *self.desk.began.get_or_insert(at);
        let planned = tokens(u32::try_from(asked.prompt.len()).unwrap_or(u32::MAX));
        let now =
            crate::fault::Now { at: at.since(began), tokens: self.desk.tokens, prompts: self.desk.prompts };
        let prompt_n = self.desk.plan.faults.prompt_tokens(now, planned).max(1);
        if prompt_n.saturating_add(asked.max_new) > ctx {
            let why = format!("{prompt_n} tokens and {} more do not fit into {ctx}", asked.max_new);
            self.refuse(Some(asked.id), "prompt-too-long", &why);
            return Ok(());
        }
        let left = self.desk.plan.spills.leave(now.at, &asked.prompt, self.tree.dir());
        left.map_err(ServeError::file("writing below", self.tree.dir()))?;
        let spoken = (!asked.ignores_eos)
            .then(|| Speech::default().say(&self.desk.plan.faults, &asked.prompt, asked.max_new));
        engine.set_prompt_tokens(prompt_n);
        engine.set_output_tokens(spoken.as_ref().map_or(asked.max_new, |spoken| spoken.tokens));
        engine.submit(&mut Heard::default());
        let prompt = Prompt::new(asked.id, prompt_n, asked.max_new, asked.wants_text, at);
        self.desk.prompt = Some(match spoken {
            Some(spoken) => prompt.answered(spoken.text),
            None => prompt,
        });
        Ok(())
    }

    /// The prompt in flight ends with its next token.
    fn stop(&mut self, device: &mut Device<'_>) {
        if let (Some(prompt), Device::Working { engine, .. }) = (&mut self.desk.prompt, device) {
            prompt.is_stopped = true;
            engine.set_output_tokens(prompt.decoded.saturating_add(1));
        }
    }

    /// The runtime holds this much from now on.
    pub(super) fn hold(&mut self, anon: Bytes, file: Bytes) -> Result<(), ServeError> {
        self.anon = anon;
        let Some(pid) = self.desk.caller.as_ref().map(|caller| caller.pid) else { return Ok(()) };
        self.work.hold(Some(Held { pid, anon, file, calls_out: false }));
        self.tree.link(&format!("proc/{pid}/fd/0"), "/dev/null")
    }

    fn forget_runner(&mut self) {
        if let Some(held) = self.work.held() {
            self.tree.forget_process(held.pid);
        }
        self.work.hold(None);
        self.desk.forget_runner();
    }

    pub(super) fn say(&mut self, event: Event) {
        self.desk.say(Some(Said::Event(event)));
    }

    fn refuse(&mut self, id: Option<u32>, code: &str, message: &str) {
        self.say(Event::Error { id, code: code.to_owned(), message: message.to_owned() });
    }
}

/// Where the work really runs, whatever was asked for.
fn placement(requested: String, candidate: &Candidate) -> Placement {
    let device = match candidate.accelerator {
        Accelerator::Cpu { .. } => "cpu",
        Accelerator::Gpu => "gpu",
        Accelerator::Npu => "npu",
    };
    Placement {
        requested,
        actual: vec![PlacedShare { device: device.to_owned(), units: 1, share: 1.0 }],
        unit: "device".to_owned(),
        evidence: "plan".to_owned(),
        raw: "simulated: no model is computed".to_owned(),
        confidence: "observed".to_owned(),
    }
}
