//! What does watching cost? Decode rate of the same prompt in interleaved arms of equal length:
//!
//! - `bare`: llama.cpp through the same library, nothing of ours around it;
//! - `runner`: the runner alone, fed over its protocol, nobody sampling;
//! - `agent`: the whole agent at 10 Hz with its journal.
//!
//! A/A pairs are each arm's measurement against its own of the next round.
//!
//! ```text
//! cargo run --release -p edgesoak-agent --example pairs -- --programs DIR --bare FILE --model FILE \
//!     --prompts soak.jsonl --corpus corpus.jsonl --rounds 40 --seconds 15 --threads 1 --arms bare,runner,agent --seed 1
//! ```
//! Prints one JSON line per measurement and, at the end, the median ratio of each pair with its 95 % interval
//! (bootstrap over rounds). Times are ratios of one run on one machine; compare nothing else.

mod arm;
mod place;
mod ratio;

use std::collections::BTreeMap;
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
    /// What is measured in every round.
    pub arms: Vec<Arm>,
    /// Seed of the order within rounds.
    pub seed: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = arguments()?;
    let place = Place::make(&options)?;
    let mut rates: BTreeMap<Arm, Vec<f64>> = BTreeMap::new();
    for round in 0..options.rounds {
        let mut order = options.arms.clone();
        shuffle(&mut order, options.seed.wrapping_mul(1000).wrapping_add(round as u64));
        for arm in order {
            let rate = measure(arm, &options, &place)?;
            println!("{{\"round\":{round},\"arm\":\"{}\",\"tokens_per_s\":{rate:.3}}}", arm.word());
            rates.entry(arm).or_default().push(rate);
        }
    }
    println!("rounds {}, {} s each, {} decode thread(s)", options.rounds, options.seconds, options.threads);
    for (over, under) in [(Arm::Agent, Arm::Runner), (Arm::Runner, Arm::Bare)] {
        if let (Some(a), Some(b)) = (rates.get(&over), rates.get(&under)) {
            println!("{:>7} / {:<12} {}", over.word(), under.word(), Ratio::of(a, b));
        }
    }
    for (arm, rates) in rates.iter().filter(|(_, rates)| rates.len() > 1) {
        println!("{:>7} / {:<12} {}", arm.word(), "itself", Ratio::of(&rates[1..], rates));
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
        arms: Arm::ALL.to_vec(),
        seed: 1,
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
            Long("seed") => options.seed = parser.value()?.parse()?,
            Long("arms") => {
                let words = parser.value()?.string()?;
                options.arms = Arm::ALL
                    .into_iter()
                    .filter(|arm| words.split(',').any(|word| word == arm.word()))
                    .collect();
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}
