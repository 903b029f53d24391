//! How often a comparison errs, and how often it decides: fleets of three phones with a known change, taken through
//! the looks with runs topped up as asked.
//!
//! `cargo run --release -p edgesoak-gates --example regression_study [--plot] [FLEETS [SEED]]`; 2000 fleets per cell by
//! default. Prints the tables of `docs/how_we_measure.md`, and fails where an error is over what is promised. With
//! `--plot` it prints a drawing of the outcomes over the true change instead.

mod dice;
mod fleet;
mod lab;
mod plot;

use std::process::ExitCode;

use edgesoak_record::verdict::{Outcome as Says, Verdict};

use fleet::Cell;

const SIGMAS: [f64; 3] = [0.01, 0.02, 0.03];
const EFFECTS: [f64; 5] = [0.0, -0.03, -0.05, -0.08, -0.10];

/// Outcomes of the fleets of one cell.
#[derive(Debug, Default)]
struct Tally {
    fleets: u32,
    passed: u32,
    failed: u32,
    suspect: u32,
    devices: u32,
    devices_passed: u32,
    devices_failed: u32,
    runs: usize,
}

impl Tally {
    fn of(cell: &Cell, fleets: u32, seed: u64) -> Self {
        let mut tally = Self { fleets, ..Self::default() };
        for index in 0..fleets {
            let outcome =
                fleet::run(cell, seed.wrapping_add(u64::from(index)).wrapping_mul(0x0100_0000_01b3));
            let comparison = outcome.comparison;
            tally.passed += u32::from(comparison.verdict == Verdict::Pass);
            tally.failed += u32::from(comparison.verdict == Verdict::Fail);
            tally.suspect += u32::from(outcome.was_suspect);
            tally.runs += outcome.runs;
            for device in &comparison.devices {
                tally.devices += 1;
                tally.devices_passed += u32::from(device.outcome == Says::Pass);
                tally.devices_failed += u32::from(device.outcome == Says::Fail);
            }
        }
        tally
    }

    fn part(count: u32, of: u32) -> f64 {
        f64::from(count) / f64::from(of)
    }

    fn row(&self) -> String {
        let percent = |count, of| format!("{:.2}", Self::part(count, of) * 100.0);
        let open = self.fleets - self.passed - self.failed;
        let runs = self.runs as f64 / f64::from(self.devices);
        format!(
            "{} | {} | {} | {} | {} | {} | {runs:.1}",
            percent(self.passed, self.fleets),
            percent(open, self.fleets),
            percent(self.failed, self.fleets),
            percent(self.suspect, self.fleets),
            percent(self.devices_passed, self.devices),
            percent(self.devices_failed, self.devices),
        )
    }
}

/// What is promised of a cell: the largest part of passes and of failures.
fn promised(effect: f64) -> (f64, f64) {
    match effect {
        effect if effect > -0.049 => (1.0, 0.01),
        effect if effect > -0.051 => (0.05, 0.05),
        effect if effect > -0.09 => (0.05, 1.0),
        _ => (0.001, 1.0),
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    let plot = arguments.next_if(|word| word == "--plot").is_some();
    let mut number = |usual: u64| arguments.next().map_or(Some(usual), |word| word.parse().ok());
    let (Some(fleets), Some(seed)) = (number(2_000).and_then(|n| u32::try_from(n).ok()), number(1)) else {
        eprintln!("give a number of fleets and a seed");
        return ExitCode::from(2);
    };
    if plot {
        print!("{}", plot::drawn(fleets, seed));
        return ExitCode::SUCCESS;
    }
    if tables(fleets, seed) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints the tables; how many cells are over what is promised.
fn tables(fleets: u32, seed: u64) -> u32 {
    let mut broken = 0;
    for (history, title) in [(true, "16 canary runs before"), (false, "no history")] {
        for (changed, which) in [(3, "all three phones changed"), (1, "one of three phones changed")] {
            println!("\n{title}; {which}\n");
            println!(
                "| sigma | change | pass | not proven | fail | suspect on the way | devices passed | devices failed | runs per device |"
            );
            println!("|---|---|---|---|---|---|---|---|---|");
            for sigma in SIGMAS {
                for effect in EFFECTS {
                    let effects = (0..3).map(|index| if index < changed { effect } else { 0.0 }).collect();
                    let tally = Tally::of(&Cell { sigma, effects, history }, fleets, seed);
                    let (most_passed, most_failed) = promised(effect);
                    let over = Tally::part(tally.passed, fleets) > most_passed
                        || Tally::part(tally.failed, fleets) > most_failed;
                    broken += u32::from(over);
                    let mark = if over { " (over)" } else { "" };
                    println!("| {:.0} % | {:.0} %{mark} | {} |", sigma * 100.0, effect * 100.0, tally.row());
                }
            }
        }
    }
    println!("\n{broken} cells over what is promised");
    broken
}
