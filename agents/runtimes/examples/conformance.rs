//! Tries every rule of the runner protocol on a runner:
//!
//! ```text
//! cargo run -p edgesoak-runtimes --example conformance -- MODEL RUNNER [ARGUMENTS..]
//! ```
//! Prints one line per rule and fails if one of them is broken.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use edgesoak_runtimes::Spawn;
use edgesoak_runtimes::conformance::{Outcome, check};

/// Longest wait for one answer; loading a large model from a slow disk takes minutes.
const PATIENCE: Duration = Duration::from_mins(5);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(model), Some(runner)) = (args.next(), args.next()) else {
        return Err("give a model file and a runner, then the runner's arguments".into());
    };
    let (model, runner) = (std::path::absolute(model)?, PathBuf::from(runner));
    let args: Vec<_> = args.collect();
    let dir = std::env::temp_dir();
    let findings = check(&Spawn { program: &runner, args: &args, dir: &dir }, &model, PATIENCE)?;
    for finding in &findings {
        let outcome = match &finding.outcome {
            Outcome::Kept => "kept",
            Outcome::Broken(how) => how,
            Outcome::NotTried => "not tried",
        };
        println!("{:<20} {outcome}", finding.rule);
    }
    let kept = findings.iter().all(|finding| finding.outcome == Outcome::Kept);
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
