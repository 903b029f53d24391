//! Lab days in a simulation: the real controller with made-up phones, hosts and time, and everything that can go wrong in a
//! lab. One seed decides everything; the same seed gives the same bytes.
//!
//! `lab_day [--seeds N] [--seed FIRST] [--out FOLDER] [--defect WORD]` lives through N days and prints one line about each. With a folder,
//! the runs of each day are written there, beside those of the same day without any fault. A planted defect shows what the
//! day finds out.

#![forbid(unsafe_code)]

mod bench;
mod check;
mod clock;
mod day;
mod defect;
#[cfg(test)]
mod defect_tests;
mod dice;
mod disk;
mod errand;
mod fault;
mod folders;
mod host;
mod ledger;
mod phone;
mod plan;
mod process;
mod sinks;
mod summary;
#[cfg(test)]
mod tests;
mod truth;
mod weather;

use std::path::PathBuf;
use std::process::ExitCode;

use defect::Defect;

/// What was asked for.
struct Asked {
    seeds: u64,
    first: u64,
    out: Option<PathBuf>,
    defect: Option<Defect>,
}

impl Asked {
    fn read(mut words: impl Iterator<Item = String>) -> Option<Self> {
        let mut asked = Self { seeds: 20, first: 1, out: None, defect: None };
        while let Some(word) = words.next() {
            let value = words.next()?;
            match word.as_str() {
                "--seeds" => asked.seeds = value.parse().ok()?,
                "--seed" => asked.first = value.parse().ok()?,
                "--out" => asked.out = Some(value.into()),
                "--defect" => asked.defect = Some(Defect::of(&value)?),
                _ => return None,
            }
        }
        Some(asked)
    }
}

fn main() -> ExitCode {
    let Some(asked) = Asked::read(std::env::args().skip(1)) else {
        let defects = Defect::ALL.map(|(word, _)| word).join("|");
        eprintln!("usage: lab_day [--seeds N] [--seed FIRST] [--out FOLDER] [--defect {defects}]");
        return ExitCode::from(2);
    };
    let (mut failed, mut all) = (0, summary::Sum::default());
    for seed in asked.first..asked.first.saturating_add(asked.seeds) {
        let day = day::live_with(seed, true, asked.defect);
        let sum = summary::Sum::of(&day);
        println!("seed {seed} {sum}; bytes {}", &summary::digest(&day)[..12]);
        all.add(&sum);
        let broken = check::broken(&day);
        for what in &broken {
            println!("  BROKEN {what}");
        }
        if let Some(out) = &asked.out {
            let folder = out.join(seed.to_string());
            let undisturbed = day::live(seed, false);
            let written = folders::write(&day, &folder.join("disturbed"))
                .and_then(|()| folders::write(&undisturbed, &folder.join("undisturbed")));
            written.expect("the folder can be written");
        }
        if !broken.is_empty() {
            failed += 1;
            println!("  again: scripts/simulate --seed {seed}");
        }
    }
    println!("days {} {all}; days with a broken promise {failed}", asked.seeds);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
