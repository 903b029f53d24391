//! JUnit XML beside a verdict: an error until there is one.

use std::path::Path;

use crate::args::Outputs;
use crate::command::report::{self, write_whole};
use crate::failure::Failure;

/// Says that there is no verdict yet. Nobody reads the results of an earlier run when this one comes to nothing, and a
/// place that cannot be written is known before minute 0.
pub fn begin(outputs: &Outputs) -> Result<(), Failure> {
    report::check(&outputs.kinds)?;
    match &outputs.junit {
        Some(path) => put(path, &edgesoak_reports::junit_unfinished()),
        None => Ok(()),
    }
}

/// Writes what was judged.
pub fn write(outputs: &Outputs, text: impl FnOnce() -> String) -> Result<(), Failure> {
    outputs.junit.as_ref().map_or(Ok(()), |path| put(path, &text()))
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    write_whole(path, text).map_err(|error| {
        Failure::infrastructure(format!("cannot write JUnit XML to {}", path.display())).because(&error).hint(
            "choose a place that can be written; `edgesoak report --as junit` writes it of a stored run",
        )
    })
}
