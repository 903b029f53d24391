//! The session: requests in, events out.

use std::fs::File;
use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Instant;

use edgesoak_protocol::answer_script::first_words;
use edgesoak_protocol::runner::{Event, IMAGE_UNSUPPORTED, Request, VERSION};

use crate::answer::Order;
use crate::options::Options;
use crate::requests::Incoming;
use crate::say::{caps, error, placement, say};
use crate::schedule::Jitter;

/// Plays until stdin ends or nobody reads any more.
pub fn play(options: &Options, requests: &Receiver<Incoming>, out: impl Write) {
    let jitter = Jitter::new(options.jitter_seed);
    // Nobody needs to answer: it is the attempt that others look for.
    let _line = options.connect.map(TcpStream::connect);
    let mut stage = Stage { options, requests, out, jitter, loaded: None, tokens: 0 };
    while let Ok(incoming) = requests.recv() {
        if stage.respond(incoming).is_err() {
            return;
        }
    }
}

/// Since when, and for prompts of up to how many tokens.
#[derive(Clone, Copy)]
pub struct Loaded {
    at: Instant,
    ctx: u32,
}

pub struct Stage<'a, W> {
    pub options: &'a Options,
    pub requests: &'a Receiver<Incoming>,
    pub out: W,
    pub jitter: Jitter,
    pub loaded: Option<Loaded>,
    /// Tokens since the start, for the faults.
    pub tokens: u64,
}

impl<W: Write> Stage<'_, W> {
    fn respond(&mut self, incoming: Incoming) -> io::Result<()> {
        match incoming {
            Err(why) => say(&mut self.out, &error(None, "bad-request", &why)),
            Ok(Request::Hello { version: VERSION }) => say(&mut self.out, &caps(self.options.images)),
            Ok(Request::Hello { .. }) => {
                say(&mut self.out, &error(None, "bad-request", "another protocol version"))
            }
            Ok(Request::Load { artifact, requested_device, ctx, .. }) => {
                self.load(&artifact, requested_device, ctx)
            }
            Ok(Request::Generate { id, prompt, max_new, ignore_eos, want_text, images, .. }) => {
                if let Some(why) = self.unseen(&images) {
                    return say(&mut self.out, &error(Some(id), IMAGE_UNSUPPORTED, why));
                }
                let Some(loaded) = self.loaded else {
                    return say(&mut self.out, &error(Some(id), "bad-request", "nothing is loaded"));
                };
                if max_new == 0 {
                    return say(&mut self.out, &error(Some(id), "bad-request", "max_new is 0"));
                }
                let prompt_n = words(&prompt);
                // An answer of any length fits: there is no cache that it could fill.
                if prompt_n >= loaded.ctx {
                    let why = format!("{prompt_n} words do not fit into {} tokens", loaded.ctx);
                    return say(&mut self.out, &error(Some(id), "prompt-too-long", &why));
                }
                let told = self.options.answers.answer_to(&prompt).filter(|_| !ignore_eos);
                let confidence = told.and_then(|told| told.confidence);
                let text = told.map(|told| first_words(&told.answer, max_new).to_owned());
                let eos_after = match &text {
                    _ if ignore_eos => u32::MAX,
                    Some(text) => words(text).max(1),
                    None => self.options.eos_after.max(1),
                };
                let loaded_at = loaded.at;
                self.answer(&Order {
                    id,
                    prompt_n,
                    max_new,
                    eos_after,
                    text,
                    confidence,
                    want_text,
                    loaded_at,
                })
            }
            Ok(Request::Stop {}) => Ok(()),
        }
    }

    /// Why a prompt's pictures are not looked at, if that is so.
    fn unseen(&self, images: &[String]) -> Option<&'static str> {
        match images {
            [] => None,
            _ if !self.options.images => Some("no --images: this runner takes text alone"),
            images if images.iter().any(|image| File::open(image).is_err()) => {
                Some("an image cannot be opened")
            }
            _ => None,
        }
    }

    fn load(&mut self, artifact: &str, requested: String, ctx: u32) -> io::Result<()> {
        if self.options.error_on_load {
            return say(&mut self.out, &error(None, "load-failed", "told to fail"));
        }
        if File::open(artifact).is_err() {
            return say(&mut self.out, &error(None, "load-failed", "the artifact cannot be opened"));
        }
        let started = Instant::now();
        thread::sleep(self.options.load);
        self.loaded = Some(Loaded { at: Instant::now(), ctx });
        let load_ms = started.elapsed().as_secs_f64() * 1e3;
        say(&mut self.out, &Event::Loaded { load_ms, placement: placement(requested, self.options.claim) })
    }
}

/// A word is a token.
fn words(text: &str) -> u32 {
    u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX)
}
