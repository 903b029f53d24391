//! The session: requests in, events out. An answer is there in less time than a `stop` takes to come.

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

use edgesoak_prompts::Lookup;
use edgesoak_protocol::runner::{
    Event, Finish, IMAGE_UNSUPPORTED, PlacedShare, Placement, Request, VERSION, text_alone,
};
use rustix::time::{ClockId, clock_gettime};

use crate::answer::{Answer, answer, words};
use crate::options::Options;
use crate::wire::{next_request, say};

/// What is loaded, for prompts of up to how many words.
struct Loaded {
    lookup: Lookup,
    ctx: u32,
}

/// Serves until stdin ends or nobody reads any more.
pub fn serve(options: &Options, requests: &mut impl BufRead, mut out: impl Write) {
    let mut loaded = None;
    while let Some(request) = next_request(requests) {
        let events = match request {
            Ok(request) => respond(options, &mut loaded, request),
            Err(why) => vec![error(None, "bad-request", &why)],
        };
        if say(&mut out, &events).is_err() {
            return;
        }
    }
}

fn respond(options: &Options, loaded: &mut Option<Loaded>, request: Request) -> Vec<Event> {
    match request {
        Request::Hello { version: VERSION } => vec![caps()],
        Request::Hello { .. } => vec![error(None, "bad-request", &"another protocol version")],
        Request::Load { artifact, requested_device, ctx, .. } => {
            let started = Instant::now();
            match Lookup::read(Path::new(&artifact)) {
                Err(why) => vec![error(None, "load-failed", &why)],
                Ok(lookup) => {
                    *loaded = Some(Loaded { lookup, ctx });
                    let load_ms = started.elapsed().as_secs_f64() * 1e3;
                    vec![Event::Loaded { load_ms, placement: placement(requested_device) }]
                }
            }
        }
        Request::Generate { id, images, .. } if !images.is_empty() => {
            vec![error(Some(id), IMAGE_UNSUPPORTED, &"what is looked up are words")]
        }
        Request::Generate { id, prompt, max_new, ignore_eos, want_text, .. } => {
            let started = Instant::now();
            let refused = |code, why: &str| vec![error(Some(id), code, &why)];
            let prompt_n = words(&prompt);
            match loaded {
                None => refused("bad-request", "nothing is loaded"),
                Some(_) if ignore_eos => {
                    refused("bad-request", "an answer that is looked up has no length that could be forced")
                }
                Some(_) if max_new == 0 => refused("bad-request", "max_new is 0"),
                Some(loaded) if prompt_n >= loaded.ctx => {
                    refused("prompt-too-long", &format!("{prompt_n} words, where {} tokens fit", loaded.ctx))
                }
                Some(loaded) => {
                    let answer = answer(&loaded.lookup, options, &prompt);
                    given(id, prompt_n, started, Some(answer).filter(|_| want_text))
                }
            }
        }
        Request::Stop {} => Vec::new(),
    }
}

/// The whole answer counts as one token: it is there at once.
fn given(id: u32, prompt_n: u32, started: Instant, answer: Option<Answer>) -> Vec<Event> {
    let prefill_ms = started.elapsed().as_secs_f64() * 1e3;
    let (decode_n, decode_ms, finish) = (1, 0.0, Finish::Eos);
    let (text, confidence) = answer.map_or((None, None), |answer| (Some(answer.text), answer.share));
    let done = Event::Done { id, prompt_n, prefill_ms, decode_n, decode_ms, finish, text, confidence };
    vec![Event::FirstToken { id, t_ns: monotonic_ns(), prompt_n }, done]
}

fn caps() -> Event {
    Event::Caps {
        version: VERSION,
        runtime: "lookup".to_owned(),
        runtime_version: env!("CARGO_PKG_VERSION").to_owned(),
        cpu_features: Vec::new(),
        devices: vec!["cpu".to_owned()],
        inputs: text_alone(),
        decodes: false,
    }
}

fn placement(requested: String) -> Placement {
    Placement {
        requested,
        actual: vec![PlacedShare { device: "cpu".to_owned(), units: 1, share: 1.0 }],
        unit: "device".to_owned(),
        evidence: "api".to_owned(),
        raw: "lookup: an index in memory, searched by the processor".to_owned(),
        confidence: "observed".to_owned(),
    }
}

fn error(id: Option<u32>, code: &str, why: &impl ToString) -> Event {
    Event::Error { id, code: code.to_owned(), message: why.to_string() }
}

fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    // Both parts are never negative on this clock.
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}
