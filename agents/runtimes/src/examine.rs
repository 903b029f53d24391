//! A conversation with a runner whose every word is looked at.

use std::path::Path;
use std::time::{Duration, Instant};

use edgesoak_protocol::runner::{Event, Finish, MAX_TOKENS_PER_CALL, Request};
use rustix::time::{ClockId, clock_gettime};

use crate::conformance::unexpected;
use crate::{Received, RunnerProcess};

/// Of all prompts here; events must repeat it.
const ID: u32 = 4711;

/// The runner under examination.
pub(crate) struct Examined<'a> {
    pub(crate) process: RunnerProcess,
    pub(crate) artifact: &'a Path,
    /// Where it runs, and a picture is laid down for it.
    pub(crate) dir: &'a Path,
    pub(crate) patience: Duration,
    /// What the first prompt gave.
    pub(crate) text: Option<String>,
    /// When the newest prompt was asked, before anybody could have read it.
    pub(crate) asked_ns: u64,
    /// Whether it decodes tokens, by its own word.
    pub(crate) decodes: bool,
    /// Whether it takes pictures, by its own word.
    pub(crate) takes_images: bool,
}

/// Everything a prompt gave.
pub(crate) struct Transcript {
    asked_ns: u64,
    done_ns: u64,
    times: Vec<u64>,
    tokens: u64,
    /// Tokens for each time but the first.
    per_call: u32,
    prompt_n: [u32; 2],
    engine_ms: [f64; 2],
    pub(crate) decode_n: u32,
    pub(crate) finish: Finish,
    pub(crate) text: Option<String>,
    confidence: Option<f64>,
}

impl Examined<'_> {
    pub(crate) fn send(&mut self, request: &Request) -> Result<(), String> {
        self.process.send(request).map_err(|error| error.to_string())
    }

    pub(crate) fn send_line(&mut self, line: &[u8]) -> Result<(), String> {
        self.process.send_line(line.to_vec()).map_err(|error| error.to_string())
    }

    pub(crate) fn event(&mut self) -> Result<Event, String> {
        match self.process.recv_timeout(self.patience) {
            Ok(Received::Event(event)) => Ok(event),
            Ok(Received::Malformed(what)) => Err(format!("it sends {what}")),
            Ok(Received::Closed) => Err(format!("it closed its output: {}", self.process.last_words())),
            Ok(Received::Timeout) => Err(format!("no answer for {} ms", self.patience.as_millis())),
            Err(error) => Err(error.to_string()),
        }
    }

    pub(crate) fn refusal(&mut self, expected: &str) -> Result<(), String> {
        match self.event()? {
            Event::Error { code, .. } if code == expected => Ok(()),
            other => Err(unexpected(&format!("error {expected}"), &other)),
        }
    }

    /// Asks for an answer of a forced length.
    pub(crate) fn ask(&mut self, prompt: &str, max_new: u32) -> Result<(), String> {
        self.generate(prompt, max_new, true)
    }

    /// Asks for an answer that ends where the model ends it.
    pub(crate) fn question(&mut self, prompt: &str, max_new: u32) -> Result<Transcript, String> {
        self.generate(prompt, max_new, false)?;
        self.transcript()
    }

    pub(crate) fn generate(&mut self, prompt: &str, max_new: u32, ignore_eos: bool) -> Result<(), String> {
        self.request(prompt, (max_new, ignore_eos), Vec::new())
    }

    /// Asks about a picture, for an answer that may end where the model ends it.
    pub(crate) fn ask_about(&mut self, prompt: &str, image: &Path) -> Result<(), String> {
        self.request(prompt, (16, false), vec![image.to_string_lossy().into_owned()])
    }

    fn request(
        &mut self,
        prompt: &str,
        (max_new, ignore_eos): (u32, bool),
        images: Vec<String>,
    ) -> Result<(), String> {
        let prompt = prompt.to_owned();
        self.asked_ns = monotonic_ns();
        self.send(&Request::Generate {
            id: ID,
            prompt,
            max_new,
            greedy: true,
            ignore_eos,
            want_text: true,
            images,
        })
    }

    pub(crate) fn prompt(&mut self, prompt: &str, max_new: u32) -> Result<Transcript, String> {
        self.ask(prompt, max_new)?;
        self.transcript()
    }

    /// The events of the prompt in flight, up to `done`.
    pub(crate) fn transcript(&mut self) -> Result<Transcript, String> {
        let started = Instant::now();
        let (mut times, mut tokens, mut per_call) = (Vec::new(), 0, None);
        let mut first_prompt_n = None;
        loop {
            match self.event()? {
                Event::FirstToken { id: ID, t_ns, prompt_n } if first_prompt_n.is_none() => {
                    first_prompt_n = Some(prompt_n);
                    times.push(t_ns);
                    tokens += 1;
                }
                Event::Tokens { id: ID, t_ns, k } if first_prompt_n.is_some() => {
                    if !(1..=MAX_TOKENS_PER_CALL).contains(&k) || *per_call.get_or_insert(k) != k {
                        return Err(format!(
                            "k is {k}: it is from 1 to 64, and the same throughout a prompt"
                        ));
                    }
                    tokens += t_ns.len() as u64 * u64::from(k);
                    times.extend(t_ns);
                }
                Event::Done {
                    id: ID,
                    prompt_n,
                    prefill_ms,
                    decode_n,
                    decode_ms,
                    finish,
                    text,
                    confidence,
                } => {
                    let Some(first) = first_prompt_n else {
                        return Err("done without a first_token".to_owned());
                    };
                    return Ok(Transcript {
                        asked_ns: self.asked_ns,
                        done_ns: monotonic_ns(),
                        times,
                        tokens,
                        per_call: per_call.unwrap_or(1),
                        prompt_n: [first, prompt_n],
                        engine_ms: [prefill_ms, decode_ms],
                        decode_n,
                        finish,
                        text,
                        confidence,
                    });
                }
                other => return Err(unexpected("the next event of this prompt", &other)),
            }
            if started.elapsed() > self.patience * 10 {
                return Err("a prompt that does not end".to_owned());
            }
        }
    }
}

impl Transcript {
    /// Whether counts agree and times are times of this prompt, on the right clock.
    pub(crate) fn is_sound(&self) -> Result<(), String> {
        // The last call of a prompt may hold fewer tokens than the others.
        let short = self.tokens.checked_sub(u64::from(self.decode_n));
        if short.is_none_or(|short| short >= u64::from(self.per_call)) {
            return Err(format!("decode_n is {} and {} tokens have a time", self.decode_n, self.tokens));
        }
        if self.prompt_n[0] != self.prompt_n[1] || self.prompt_n[0] == 0 {
            return Err(format!(
                "prompt_n is {} at first and {} when done",
                self.prompt_n[0], self.prompt_n[1]
            ));
        }
        if !self.times.is_sorted_by(|a, b| a < b) {
            return Err("the times of its tokens do not rise".to_owned());
        }
        let within = |time: &u64| (self.asked_ns..=self.done_ns).contains(time);
        if !self.times.iter().all(within) {
            return Err(
                "times before the request or after the answer: not CLOCK_MONOTONIC in nanoseconds".to_owned()
            );
        }
        if self.engine_ms.iter().any(|ms| !ms.is_finite() || *ms < 0.0) {
            return Err("prefill_ms or decode_ms is no duration".to_owned());
        }
        if self.confidence.is_some_and(|confidence| !(0.0..=1.0).contains(&confidence)) {
            return Err("its confidence is no part of one".to_owned());
        }
        Ok(())
    }
}

fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    // Both parts are never negative on this clock.
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_call_may_fall_short() {
        let sound = |per_call, decode_n| {
            let transcript = Transcript {
                asked_ns: 0,
                done_ns: 9,
                times: vec![1, 2, 3],
                tokens: 1 + 2 * u64::from(per_call),
                per_call,
                prompt_n: [1, 1],
                engine_ms: [0.0, 0.0],
                decode_n,
                finish: Finish::Length,
                text: None,
                confidence: None,
            };
            transcript.is_sound().is_ok()
        };
        assert!(sound(1, 3) && !sound(1, 2) && !sound(1, 4));
        assert!(sound(4, 9) && sound(4, 6) && !sound(4, 5) && !sound(4, 10));
    }
}
