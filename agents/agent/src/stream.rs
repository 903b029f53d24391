//! What a runner may truthfully say about one prompt. A runner that claims anything else is not measured.

use edgesoak_protocol::journal::Frame;
use edgesoak_protocol::runner::{Event, Finish, MAX_TOKENS_PER_CALL};

/// Slack for an engine whose own clock includes its bookkeeping, milliseconds.
const ENGINE_SLACK_MS: f64 = 1000.0;

/// What was asked of the runner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// Number of the prompt.
    pub(crate) prompt: u32,
    /// When it was submitted, nanoseconds.
    pub(crate) submit_ns: u64,
    /// Most tokens.
    pub(crate) max_new: u32,
    /// Where the answer ends, and whether its text is wanted.
    pub(crate) wanted: Wanted,
}

/// What is wanted of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Its forced length; nobody reads it.
    Length,
    /// That it ends by itself; nobody reads it.
    End,
    /// That it ends by itself, and its text.
    Text,
}

/// One prompt's tokens so far.
#[derive(Debug)]
pub(crate) struct Stream {
    asked: Asked,
    stop_asked: bool,
    prompt_tokens: Option<u32>,
    stamps: Vec<u64>,
    tokens_per_stamp: u32,
}

/// A claim that went into the journal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Heard {
    /// Tokens.
    Tokens(Frame),
    /// The end of the prompt.
    Done(Frame),
}

/// A claim that cannot be true, in words that quote nothing but numbers.
pub(crate) type Lie = String;

impl Stream {
    pub(crate) fn new(asked: Asked) -> Self {
        Self { asked, stop_asked: false, prompt_tokens: None, stamps: Vec::new(), tokens_per_stamp: 1 }
    }

    /// From now on the prompt may end early.
    pub(crate) fn stop_asked(&mut self) {
        self.stop_asked = true;
    }

    /// Time stamps so far, and tokens for each but the first.
    pub(crate) fn stamps(&self) -> (&[u64], u32) {
        (&self.stamps, self.tokens_per_stamp)
    }

    /// Submit and last token; `None` before the first.
    pub(crate) fn busy(&self) -> Option<(u64, u64)> {
        self.stamps.last().map(|last| (self.asked.submit_ns, *last))
    }

    /// Takes in an event that arrived at `now_ns`.
    pub(crate) fn hear(&mut self, event: &Event, now_ns: u64) -> Result<Heard, Lie> {
        match event {
            Event::FirstToken { id, t_ns, prompt_n } => {
                self.belongs(*id)?;
                self.first(*t_ns, *prompt_n, now_ns).map(Heard::Tokens)
            }
            Event::Tokens { id, t_ns, k } => {
                self.belongs(*id)?;
                self.more(t_ns, *k, now_ns).map(Heard::Tokens)
            }
            Event::Done { id, prompt_n, prefill_ms, decode_n, decode_ms, finish, .. } => {
                self.belongs(*id)?;
                self.counts_match(*prompt_n, *decode_n)?;
                self.may_finish(*finish, *decode_n)?;
                let frame = Frame::PromptDone {
                    prompt: self.asked.prompt,
                    finish: finish_word(*finish).to_owned(),
                    prompt_tokens: *prompt_n,
                    decoded_tokens: *decode_n,
                    engine_prefill_ns: self.engine_time("prefill", *prefill_ms, now_ns)?,
                    engine_decode_ns: self.engine_time("decode", *decode_ms, now_ns)?,
                };
                Ok(Heard::Done(frame))
            }
            Event::Caps { .. } | Event::Loaded { .. } | Event::Error { .. } => {
                Err("an event that does not belong inside a prompt".to_owned())
            }
        }
    }

    fn belongs(&self, id: u32) -> Result<(), Lie> {
        if id == self.asked.prompt {
            return Ok(());
        }
        Err(format!("an event of prompt {id} during prompt {}", self.asked.prompt))
    }

    fn first(&mut self, t_ns: u64, prompt_n: u32, now_ns: u64) -> Result<Frame, Lie> {
        if self.prompt_tokens.is_some() {
            return Err("a second first token".to_owned());
        }
        if prompt_n == 0 {
            return Err("a prompt of no tokens".to_owned());
        }
        self.stamp(t_ns, now_ns)?;
        self.prompt_tokens = Some(prompt_n);
        Ok(self.batch(0, t_ns, Vec::new(), 1))
    }

    fn more(&mut self, t_ns: &[u64], k: u32, now_ns: u64) -> Result<Frame, Lie> {
        let (Some(_), Some(first)) = (self.prompt_tokens, t_ns.first()) else {
            return Err("tokens before the first token, or none at all".to_owned());
        };
        if k == 0 || k > MAX_TOKENS_PER_CALL || (self.stamps.len() > 1 && k != self.tokens_per_stamp) {
            return Err(format!("{k} tokens per time stamp"));
        }
        self.tokens_per_stamp = k;
        let first_index = self.counted();
        for t in t_ns {
            self.stamp(*t, now_ns)?;
        }
        // The last callback of a prompt may hold fewer tokens than k.
        if self.counted() >= self.asked.max_new.saturating_add(k) {
            return Err(format!("more than the {} tokens asked for", self.asked.max_new));
        }
        let delta_ns = t_ns.windows(2).map(|pair| pair[1] - pair[0]).collect();
        Ok(self.batch(first_index, *first, delta_ns, k))
    }

    fn stamp(&mut self, t_ns: u64, now_ns: u64) -> Result<(), Lie> {
        let earliest = self.stamps.last().copied().unwrap_or(self.asked.submit_ns);
        if t_ns <= earliest {
            return Err(format!("a token {} ns before the one it follows", earliest - t_ns));
        }
        if t_ns > now_ns {
            return Err(format!("a token {} ns in the future", t_ns - now_ns));
        }
        self.stamps.push(t_ns);
        Ok(())
    }

    fn batch(&self, first_index: u32, t0_ns: u64, delta_ns: Vec<u64>, tokens_per_stamp: u32) -> Frame {
        Frame::TokenBatch { prompt: self.asked.prompt, first_index, t0_ns, delta_ns, tokens_per_stamp }
    }

    /// Tokens that the stamps stand for: one for the first, k for each further one.
    fn counted(&self) -> u32 {
        let further = u32::try_from(self.stamps.len()).unwrap_or(u32::MAX).saturating_sub(1);
        further.saturating_mul(self.tokens_per_stamp).saturating_add(u32::from(!self.stamps.is_empty()))
    }

    fn counts_match(&self, prompt_n: u32, decode_n: u32) -> Result<(), Lie> {
        if self.prompt_tokens.is_some_and(|said| said != prompt_n) {
            return Err(format!("{prompt_n} prompt tokens where the first token said otherwise"));
        }
        let counted = self.counted();
        if decode_n > counted || counted - decode_n >= self.tokens_per_stamp {
            return Err(format!("{decode_n} tokens decoded where {counted} were streamed"));
        }
        Ok(())
    }

    fn may_finish(&self, finish: Finish, decode_n: u32) -> Result<(), Lie> {
        match finish {
            Finish::Length if decode_n == self.asked.max_new => Ok(()),
            Finish::Length => Err(format!("full length at {decode_n} of {} tokens", self.asked.max_new)),
            Finish::Stopped if self.stop_asked => Ok(()),
            Finish::Stopped => Err("stopped without having been asked".to_owned()),
            Finish::Eos if self.asked.wanted != Wanted::Length => Ok(()),
            Finish::Eos => Err("an end of sequence although the length was forced".to_owned()),
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
    fn engine_time(&self, what: &str, ms: f64, now_ns: u64) -> Result<u64, Lie> {
        let elapsed_ms = now_ns.saturating_sub(self.asked.submit_ns) as f64 / 1e6;
        if (0.0..=elapsed_ms + ENGINE_SLACK_MS).contains(&ms) {
            return Ok((ms * 1e6) as u64);
        }
        Err(format!("a {what} time of {ms} ms within {elapsed_ms:.0} ms"))
    }
}

fn finish_word(finish: Finish) -> &'static str {
    match finish {
        Finish::Length => "length",
        Finish::Eos => "eos",
        Finish::Stopped => "stopped",
    }
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
