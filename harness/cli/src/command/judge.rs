//! `edgesoak judge`: stored data again, offline. Writes nothing, so that the same data gives the same bytes.

use crate::args::{Format, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::sentences;
use crate::stored::{self, JudgedRun};
use crate::terminal::{say, tell};

/// Judges a stored run; the exit code is the verdict's.
pub fn judge(shared: &Shared, name: &str) -> Result<u8, Failure> {
    let (_, JudgedRun { verdict, .. }) = stored::load(shared, name)?;
    match shared.format {
        Format::Json => print_json(&verdict)?,
        Format::Human => say(&sentences::verdict(&verdict))?,
    }
    tell(&sentences::last_line(&verdict));
    Ok(verdict.exit)
}
