//! JUnit XML beside a run: an error until there is a verdict, then the verdict.

use std::path::Path;

use edgesoak_record::{Run, RunVerdict};

use crate::args::Outputs;
use crate::command::report::write_whole;
use crate::failure::Failure;

/// Says that there is no verdict yet. Nobody reads the results of an earlier run when this one comes to nothing, and a
/// place that cannot be written is known before minute 0.
pub fn begin(outputs: &Outputs) -> Result<(), Failure> {
    match &outputs.junit {
        Some(path) => put(path, &edgesoak_reports::junit_unfinished()),
        None => Ok(()),
    }
}

/// Writes a judged run.
pub fn write(run: &Run, verdict: &RunVerdict, path: &Path) -> Result<(), Failure> {
    put(path, &edgesoak_reports::junit(run, verdict))
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    write_whole(path, text).map_err(|error| {
        Failure::infrastructure(format!("cannot write JUnit XML to {}", path.display())).because(&error).hint(
            "choose a place that can be written; `edgesoak report --as junit` writes it of a stored run",
        )
    })
}
