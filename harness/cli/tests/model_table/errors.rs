//! How far the analysis is from the truth, by figure.

use std::fmt;

use edgesoak_record::Gate;
use edgesoak_record::verdict::SessionVerdict;

use super::fleet::{Line, Truth};
use super::judged::measured;

/// A figure with the largest error that it may have.
struct Figure {
    name: &'static str,
    gate: Gate,
    truth: fn(&Truth) -> Option<f64>,
    /// Of the truth, as a part of one; of times, in seconds.
    most: f64,
    is_relative: bool,
}

const FIGURES: [Figure; 6] = [
    Figure {
        name: "burst",
        gate: Gate::BurstTps,
        truth: |truth| truth.burst_tps,
        most: 0.01,
        is_relative: true,
    },
    Figure {
        name: "sustained",
        gate: Gate::SustainedTps,
        truth: |truth| truth.sustained_tps,
        most: 0.01,
        is_relative: true,
    },
    Figure {
        name: "floor",
        gate: Gate::FloorTps,
        truth: |truth| truth.floor_tps,
        most: 0.01,
        is_relative: true,
    },
    Figure {
        name: "time to throttle",
        gate: Gate::TimeToThrottle,
        truth: |truth| truth.time_to_throttle_s,
        most: 15.0,
        is_relative: false,
    },
    Figure {
        name: "tokens per joule",
        gate: Gate::TokensPerJoule,
        truth: |truth| Some(truth.tokens as f64 / truth.joules),
        // The stated uncertainty of a fuel gauge is its gain alone, 8 %; the model's gauge has no gain error.
        most: 0.08,
        is_relative: true,
    },
    Figure {
        name: "memory growth",
        gate: Gate::MemoryGrowth,
        truth: |truth| truth.memory_mib_per_min.filter(|slope| *slope > 0.0),
        most: 0.05,
        is_relative: true,
    },
];

/// Errors of all rows, by figure.
#[derive(Default)]
pub struct Errors {
    found: Vec<(usize, String, f64)>,
    /// Throttling that only one of the two saw.
    disagreed: Vec<String>,
}

/// Faults after which the clocks, the battery or the end of the soak are not those of the truth.
const INCOMPARABLE: [&str; 6] =
    ["clock-jump", "suspend", "low-memory-kill", "thermal-runaway", "thermal-shutdown", "battery-swap"];

impl Errors {
    /// Compares the figures of a row that are there.
    pub fn compare(&mut self, line: &Line, verdict: &SessionVerdict) {
        let is_spoilt = |fault: &String| INCOMPARABLE.iter().any(|name| fault.starts_with(name));
        if line.is_off || line.fault.as_ref().is_some_and(is_spoilt) {
            return;
        }
        for (index, figure) in FIGURES.iter().enumerate() {
            let truth = (figure.truth)(line.truth());
            let found = measured(verdict, figure.gate);
            let (Some(truth), Some(found)) = (truth, found) else {
                let gate = verdict.gates.iter().find(|result| result.gate == figure.gate);
                // Where reading prompts takes most of the time, the gate says that it cannot tell.
                let cannot_tell = gate.is_some_and(|gate| gate.cause.as_deref() == Some("no_valid_window"));
                if figure.gate == Gate::TimeToThrottle && truth.is_some() && !cannot_tell {
                    let words = gate.map_or("no such gate", |gate| gate.sentence.as_str());
                    self.disagreed.push(format!("{}: it throttled at {truth:?} s: {words}", line.name));
                }
                continue;
            };
            let error = if figure.is_relative { found / truth - 1.0 } else { found - truth };
            self.found.push((index, line.name.clone(), error.abs()));
        }
    }

    /// Errors that are larger than they may be.
    pub fn beyond(&self) -> Vec<String> {
        let beyond = self.found.iter().filter(|(index, _, error)| *error > FIGURES[*index].most);
        let words = beyond
            .map(|(index, name, error)| format!("{name}: {} is off by {error:.4}", FIGURES[*index].name));
        words.chain(self.disagreed.iter().cloned()).collect()
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, figure) in FIGURES.iter().enumerate() {
            let mut errors: Vec<f64> =
                self.found.iter().filter(|found| found.0 == index).map(|found| found.2).collect();
            errors.sort_by(f64::total_cmp);
            let (Some(most), Some(median)) = (errors.last(), errors.get(errors.len() / 2)) else { continue };
            writeln!(
                f,
                "{}: {} rows, median error {median:.5}, largest {most:.5}",
                figure.name,
                errors.len()
            )?;
        }
        Ok(())
    }
}
