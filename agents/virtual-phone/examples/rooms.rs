//! Prints how far room, start and governor move the sustained rate of each profile: soaks of ten minutes in rooms of
//! 21.5 to 22.5 degrees, started up to 2 K over them.
//!
//! `cargo run --release -p edgesoak-virtual-phone --example rooms`: slopes by least squares, what is left of the rates
//! beside them (the governor's part), and that part run by run in its own standard deviations.

#[path = "../tests/made/student.rs"]
mod student;

use std::error::Error;

use edgesoak_protocol::units::{Bytes, Celsius, Nanos};
use edgesoak_virtual_phone::profile::built_in_names;
use edgesoak_virtual_phone::{Accelerator, Body, Candidate, Profile, Surroundings, Truth};
use student::student;

const SOAKS: u32 = 48;
/// The unit that soaks; the nominal one would be 0.
const UNIT: u64 = 1;

/// One soak: room and excess at the start, kelvin around their middle, and the logarithm of the sustained rate.
type Soak = [f64; 3];

/// Places between 0 and 1 that fill a square evenly (Halton 1960).
fn place(index: u32, base: u32) -> f64 {
    let (mut rest, mut part, mut place) = (index, 1.0, 0.0);
    while rest > 0 {
        part /= f64::from(base);
        place += part * f64::from(rest % base);
        rest /= base;
    }
    place
}

fn soaks(profile: &Profile, candidate: &Candidate) -> Result<Vec<Soak>, Box<dyn Error>> {
    let mut soaks = Vec::new();
    for index in 1..=SOAKS {
        let (room, warm) = (place(index, 2) - 0.5, 2.0 * place(index, 3) - 1.0);
        let ambient = Celsius(22.0 + room);
        let start = Celsius(ambient.0 + 1.0 + warm);
        let body = Body::new(profile, UNIT, Surroundings { ambient, start, ..Surroundings::ROOM })?;
        let truth = Truth::of_body(body, candidate, Nanos::from_secs(600))?;
        soaks.extend(truth.sustained.map(|rate| [room, warm, rate.0.ln()]));
    }
    Ok(soaks)
}

/// Slopes over room and start, and what they leave.
fn fitted(mut soaks: Vec<Soak>) -> ([f64; 2], Vec<f64>) {
    let n = soaks.len() as f64;
    for column in 0..3 {
        let mean = soaks.iter().map(|soak| soak[column]).sum::<f64>() / n;
        for soak in &mut soaks {
            soak[column] -= mean;
        }
    }
    let sum = |a: usize, b: usize| soaks.iter().map(|soak| soak[a] * soak[b]).sum::<f64>();
    let determinant = sum(0, 0) * sum(1, 1) - sum(0, 1) * sum(0, 1);
    let room = (sum(0, 2) * sum(1, 1) - sum(1, 2) * sum(0, 1)) / determinant;
    let warm = (sum(1, 2) * sum(0, 0) - sum(0, 2) * sum(0, 1)) / determinant;
    let left = soaks.iter().map(|soak| soak[2] - room * soak[0] - warm * soak[1]).collect();
    ([room, warm], left)
}

fn main() -> Result<(), Box<dyn Error>> {
    let on_gpu = Candidate {
        accelerator: Accelerator::Gpu,
        weights: Bytes(700_000_000),
        flop_per_token: 2.2e9,
        ..student()
    };
    for name in built_in_names() {
        let profile = Profile::built_in(name)?;
        for (word, candidate) in [("cpu", &student()), ("gpu", &on_gpu)] {
            if candidate.check(&profile).is_err() {
                continue;
            }
            let ([room, warm], mut left) = fitted(soaks(&profile, candidate)?);
            let deviation = (left.iter().map(|x| x * x).sum::<f64>() / left.len() as f64).sqrt();
            println!(
                "{name} {word}: room {:+.2} %/K, start {:+.2} %/K, left {:.2} %",
                room * 100.0,
                warm * 100.0,
                deviation * 100.0
            );
            if deviation > 1e-3 {
                left.sort_by(f64::total_cmp);
                let runs: Vec<String> = left.iter().map(|x| format!("{:.2}", x / deviation)).collect();
                println!("  {}", runs.join(", "));
            }
        }
    }
    Ok(())
}
