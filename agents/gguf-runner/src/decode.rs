//! One prompt: prefill, then greedy tokens with their times.

use edgesoak_protocol::runner::{Event, Finish};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;
use rustix::time::{ClockId, clock_gettime};

use crate::certainty::Certainty;
use crate::error::RunnerError;
use crate::greedy::{greatest, greatest_among};
use crate::pulse::Pulse;
use crate::text::readable;
use crate::wire::Wire;

/// Tokens of a prompt that are computed at once.
pub const BATCH: u32 = 512;
/// Longest text of an answer that fits into one line of the protocol, bytes, whatever JSON must escape.
const LONGEST_TEXT: usize = 128 << 10;

/// A `generate` request.
pub struct Prompt {
    pub id: u32,
    pub text: String,
    pub max_new: u32,
    pub ignore_eos: bool,
    pub want_text: bool,
}

/// A loaded model with its context.
pub struct Engine<'m> {
    model: &'m LlamaModel,
    context: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
    pulse: Pulse,
}

impl<'m> Engine<'m> {
    pub fn new(model: &'m LlamaModel, context: LlamaContext<'m>) -> Self {
        Self { model, context, batch: LlamaBatch::new(BATCH as usize, 1), pulse: Pulse::default() }
    }

    /// Answers one prompt on the wire.
    pub fn generate(&mut self, prompt: &Prompt, wire: &mut Wire) -> Result<(), RunnerError> {
        wire.begin_prompt();
        let tokens = self.tokenize(&prompt.text);
        let prompt_n = self.fits(&tokens, prompt.max_new)?;
        // Forgets what the cells hold without overwriting them, as a server does between users.
        self.context.clear_kv_cache_seq(None, None, None).map_err(RunnerError::ClearCache)?;
        self.context.reset_timings();
        self.prefill(&tokens, wire)?;
        let mut token = self.choose(prompt.ignore_eos)?;
        let first_ns = monotonic_ns();
        wire.send(&Event::FirstToken { id: prompt.id, t_ns: first_ns, prompt_n })?;
        self.pulse.start(first_ns);
        let prefill_ms = self.engine_ms();

        let (mut text, mut certainty) = (Vec::new(), Certainty::default());
        let mut decode_n = 1;
        let finish = loop {
            if prompt.want_text {
                self.append(token, &mut text);
                certainty.add(self.context.get_logits_ith(-1), token.0);
            }
            if let Some(finish) = self.finish(prompt, token, decode_n, wire)? {
                break finish;
            }
            token = self.step(token, prompt_n + decode_n - 1, prompt.ignore_eos)?;
            decode_n += 1;
            if self.pulse.push(monotonic_ns()) {
                self.send_times(prompt.id, wire)?;
            }
        };
        self.send_times(prompt.id, wire)?;
        let decode_ms = self.engine_ms();
        let text = prompt.want_text.then(|| readable(&text));
        let confidence = certainty.mean();
        let id = prompt.id;
        wire.send(&Event::Done { id, prompt_n, prefill_ms, decode_n, decode_ms, finish, text, confidence })
    }

    /// Tokens as llama.cpp makes them: special tokens are recognised, and BOS is added if the model's metadata
    /// says so, but not a second one in front of a template that begins with it.
    fn tokenize(&self, text: &str) -> Vec<LlamaToken> {
        let vocab = self.model.vocab();
        let mut tokens = vocab.tokenize(text.as_bytes(), true, true);
        let bos = vocab.bos();
        if vocab.should_add_bos() && tokens.starts_with(&[bos, bos]) {
            tokens.remove(0);
        }
        tokens
    }

    fn fits(&self, tokens: &[LlamaToken], max_new: u32) -> Result<u32, RunnerError> {
        if tokens.is_empty() || max_new == 0 {
            return Err(RunnerError::ReadRequest("an empty prompt, or no token asked for".to_owned()));
        }
        let ctx = self.context.n_ctx();
        let too_long = RunnerError::FitPrompt { prompt: tokens.len(), max_new, ctx };
        let Ok(prompt_n) = u32::try_from(tokens.len()) else { return Err(too_long) };
        if u64::from(prompt_n) + u64::from(max_new) > u64::from(ctx) { Err(too_long) } else { Ok(prompt_n) }
    }

    fn prefill(&mut self, tokens: &[LlamaToken], wire: &mut Wire) -> Result<(), RunnerError> {
        let last = tokens.len() - 1;
        for (nth, part) in tokens.chunks(BATCH as usize).enumerate() {
            self.batch.clear();
            for (index, token) in (nth * BATCH as usize..).zip(part) {
                self.add(*token, index, index == last)?;
            }
            self.context.decode(&mut self.batch).map_err(RunnerError::Decode)?;
            // A long prompt must not keep a runner alive whose agent is gone. A `stop` takes effect at the
            // first token.
            wire.stop_wanted()?;
        }
        Ok(())
    }

    fn step(
        &mut self,
        token: LlamaToken,
        position: u32,
        ignore_eos: bool,
    ) -> Result<LlamaToken, RunnerError> {
        self.batch.clear();
        self.add(token, position as usize, true)?;
        self.context.decode(&mut self.batch).map_err(RunnerError::Decode)?;
        self.choose(ignore_eos)
    }

    fn add(&mut self, token: LlamaToken, position: usize, logits: bool) -> Result<(), RunnerError> {
        let position = i32::try_from(position).map_err(|_| RunnerError::ChooseToken)?;
        self.batch.add(token, position, &[0], logits).map_err(RunnerError::FillBatch)
    }

    /// The most likely token, the first of equals. With `ignore_eos` tokens that end an answer are passed
    /// over, so that a forced length stays ordinary text: llama.cpp's own tools do the same.
    fn choose(&self, ignore_eos: bool) -> Result<LlamaToken, RunnerError> {
        let logits = self.context.get_logits_ith(-1);
        let vocab = self.model.vocab();
        let is_wanted = |token: &i32| !ignore_eos || !vocab.is_eog(LlamaToken::new(*token));
        let token = greatest(logits).filter(is_wanted).or_else(|| greatest_among(logits, is_wanted));
        token.map(LlamaToken::new).ok_or(RunnerError::ChooseToken)
    }

    fn finish(
        &self,
        prompt: &Prompt,
        token: LlamaToken,
        decode_n: u32,
        wire: &mut Wire,
    ) -> Result<Option<Finish>, RunnerError> {
        if !prompt.ignore_eos && self.model.vocab().is_eog(token) {
            return Ok(Some(Finish::Eos));
        }
        if decode_n == prompt.max_new {
            return Ok(Some(Finish::Length));
        }
        Ok(wire.stop_wanted()?.then_some(Finish::Stopped))
    }

    fn append(&self, token: LlamaToken, text: &mut Vec<u8>) {
        if text.len() < LONGEST_TEXT {
            self.model.vocab().token_to_piece_into(token, text, false, None);
        }
    }

    fn send_times(&mut self, id: u32, wire: &mut Wire) -> Result<(), RunnerError> {
        let t_ns = self.pulse.take();
        if t_ns.is_empty() { Ok(()) } else { wire.send(&Event::Tokens { id, t_ns, k: 1 }) }
    }

    /// The engine's own computing time since the last call, milliseconds. It counts a batch of one token as
    /// decode wherever it stands, so prefill and decode are told apart by when we ask, not by its names.
    fn engine_ms(&mut self) -> f64 {
        let timings = self.context.timings();
        self.context.reset_timings();
        timings.t_p_eval_ms() + timings.t_eval_ms()
    }
}

fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    // Both parts are never negative on this clock.
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}
