//! Prints how fast ten minutes of each profile pass: with the truth alone, and with ticks and tokens as journal frames.
//!
//! `cargo run --release -p edgesoak-virtual-phone --example speed`

use std::time::Instant;

use edgesoak_protocol::journal::{Frame, write_frame};
use edgesoak_protocol::units::{Bytes, Nanos};
use edgesoak_virtual_phone::engine::{Event, Observer, Segment};
use edgesoak_virtual_phone::profile::built_in_names;
use edgesoak_virtual_phone::telemetry::FAST;
use edgesoak_virtual_phone::{
    Accelerator, Body, Candidate, Engine, PhoneError, Profile, Surroundings, Telemetry, Truth,
};

const TEN_MINUTES: Nanos = Nanos::from_secs(600);
const TICK: Nanos = Nanos::from_millis(100);
const ROUNDS: u32 = 20;

/// Writes tokens as frames, up to eight in one.
#[derive(Default)]
struct Frames {
    bytes: Vec<u8>,
    seq: u64,
    prompt: u32,
    first: u32,
    times: Vec<u64>,
}

impl Frames {
    fn write(&mut self, at: u64, frame: &Frame) {
        write_frame(&mut self.bytes, self.seq, at, frame);
        self.seq += 1;
    }

    fn flush(&mut self) {
        let (Some(&t0_ns), Some(&last)) = (self.times.first(), self.times.last()) else {
            return;
        };
        let delta_ns = self.times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let (prompt, first_index) = (self.prompt, self.first);
        self.write(last, &Frame::TokenBatch { prompt, first_index, t0_ns, delta_ns, tokens_per_stamp: 1 });
        self.times.clear();
    }
}

impl Observer for Frames {
    fn event(&mut self, at: Nanos, event: Event) {
        match event {
            Event::Submitted { prompt } => self.prompt = prompt,
            Event::Token { index, .. } => {
                if self.times.is_empty() {
                    self.first = index;
                }
                self.times.push(at.0);
                if self.times.len() == 8 {
                    self.flush();
                }
            }
            Event::Done { .. } => self.flush(),
        }
    }

    fn segment(&mut self, _: Segment) {}
}

/// Ten minutes of ticks and tokens as frames; their bytes.
fn journal(profile: &Profile, candidate: &Candidate) -> Result<Vec<u8>, PhoneError> {
    let telemetry = Telemetry::new(profile);
    let mut engine = Engine::new(Body::new(profile, 0, Surroundings::ROOM)?, candidate)?;
    let mut frames = Frames::default();
    let mut at = Nanos(0);
    let mut tick = Frame::Tick { group: FAST, values: Vec::new() };
    while at < TEN_MINUTES {
        at.0 += TICK.0;
        engine.run_until(at, &mut frames);
        if let Frame::Tick { values, .. } = &mut tick {
            telemetry.sample(engine.body().state(), FAST, values);
        }
        frames.write(at.0, &tick);
    }
    Ok(frames.bytes)
}

fn main() -> Result<(), PhoneError> {
    let candidate = Candidate {
        name: "student-360m-q4".to_owned(),
        accelerator: Accelerator::Cpu { threads: 4 },
        weights: Bytes(230_000_000),
        kv_per_token: Bytes(40_000),
        resident: Bytes(60_000_000),
        flop_per_token: 7.2e8,
        prompt_tokens: 180,
        output_tokens: 128,
    };
    println!("profile              channels   truth ms  times real   frames ms  times real    MiB");
    for name in built_in_names() {
        let profile = Profile::built_in(name)?;
        let begin = Instant::now();
        for _ in 0..ROUNDS {
            Truth::of(&profile, &candidate, Surroundings::ROOM, TEN_MINUTES)?;
        }
        let truth_s = begin.elapsed().as_secs_f64() / f64::from(ROUNDS);
        let begin = Instant::now();
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            bytes = journal(&profile, &candidate)?.len();
        }
        let frames_s = begin.elapsed().as_secs_f64() / f64::from(ROUNDS);
        let channels = Telemetry::new(&profile).specs().count();
        let mib = bytes as f64 / f64::from(1 << 20);
        println!(
            "{name:20} {channels:8} {:10.2} {:11.0} {:11.2} {:11.0} {mib:6.2}",
            truth_s * 1e3,
            600.0 / truth_s,
            frames_s * 1e3,
            600.0 / frames_s
        );
    }
    Ok(())
}
