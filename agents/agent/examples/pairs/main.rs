//! What does watching cost? Decode rate of the same prompt in interleaved arms of equal length:
//!
//! - `bare`: llama.cpp through the same library, nothing of ours around it;
//! - `runner`, `runner-again`: the runner alone, fed over its protocol, nobody sampling (an A/A pair);
//! - `agent`: the whole agent at 10 Hz with its journal.
//!
//! ```text
//! cargo run --release -p edgesoak-agent --example pairs -- --programs DIR --bare FILE --model FILE \
//!     --prompts soak.jsonl --corpus corpus.jsonl --rounds 40 --seconds 15 --threads 1
//! ```
//! Prints one JSON line per measurement and, at the end, the median ratio of each pair with its 95 % interval
//! (bootstrap over rounds). Times are ratios of one run on one machine; compare nothing else.

mod arm;
mod place;
mod ratio;

use std::path::PathBuf;

use crate::arm::{Arm, measure};
use crate::place::Place;
use crate::ratio::{Ratio, shuffle};

/// What is measured, with what.
pub struct Options {
    /// Folder with `edgesoak-agent` and `edgesoak-gguf-runner`.
    pub programs: PathBuf,
    /// The `bare` example of gguf-runner.
    pub bare: PathBuf,
    /// Model artifact.
    pub model: PathBuf,
    /// Prompt cycle; its first item is used.
    pub prompts: PathBuf,
    /// Documents.
    pub corpus: PathBuf,
    /// Rounds; each measures every arm once, in random order.
    pub rounds: usize,
    /// Length of one measurement.
    pub seconds: u64,
    /// Decode threads.
    pub threads: u32,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = arguments()?;
    let place = Place::make(&options)?;
    let mut rates: Vec<[f64; Arm::COUNT]> = Vec::new();
    for round in 0..options.rounds {
        let mut order = Arm::ALL;
        shuffle(&mut order, round as u64);
        let mut row = [0.0; Arm::COUNT];
        for arm in order {
            let rate = measure(arm, &options, &place)?;
            println!("{{\"round\":{round},\"arm\":\"{}\",\"tokens_per_s\":{rate:.3}}}", arm.word());
            row[arm as usize] = rate;
        }
        rates.push(row);
    }
    println!("rounds {}, {} s each, {} decode thread(s)", options.rounds, options.seconds, options.threads);
    for (over, under) in
        [(Arm::Agent, Arm::Runner), (Arm::RunnerAgain, Arm::Runner), (Arm::Runner, Arm::Bare)]
    {
        println!(
            "{:>12} / {:<12} {}",
            over.word(),
            under.word(),
            Ratio::of(&rates, over as usize, under as usize)
        );
    }
    Ok(())
}

fn arguments() -> Result<Options, Box<dyn std::error::Error>> {
    use lexopt::prelude::{Long, ValueExt};
    let mut parser = lexopt::Parser::from_env();
    let mut options = Options {
        programs: PathBuf::new(),
        bare: PathBuf::new(),
        model: PathBuf::new(),
        prompts: PathBuf::new(),
        corpus: PathBuf::new(),
        rounds: 40,
        seconds: 15,
        threads: 1,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("programs") => options.programs = parser.value()?.into(),
            Long("bare") => options.bare = parser.value()?.into(),
            Long("model") => options.model = parser.value()?.into(),
            Long("prompts") => options.prompts = parser.value()?.into(),
            Long("corpus") => options.corpus = parser.value()?.into(),
            Long("rounds") => options.rounds = parser.value()?.parse()?,
            Long("seconds") => options.seconds = parser.value()?.parse()?,
            Long("threads") => options.threads = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}
