//! `edgesoak select`: which candidate each route gets, from stored runs, without any device.

mod judged;
mod sessions;
mod words;
mod yardstick;

use edgesoak_gates::selection::{Measured, Selection, conclude};
use edgesoak_store::SessionPlace;
use serde::Serialize;

use crate::args::{Format, Select, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::stored;
use crate::terminal::{say, tell};

pub use judged::JudgedAlike;
pub use sessions::Places;
use sessions::tells;

/// A selection, and what it does not rest on.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    selection: &'a Selection,
    /// Sessions that are older than the policy allows.
    too_old: &'a [SessionPlace],
}

/// Selects; the exit code is that of the verdict.
pub fn select(shared: &Shared, asked: &Select) -> Result<u8, Failure> {
    let Select { runs, routes, by } = asked;
    let store = stored::open_for_reading(shared)?;
    let places = Places::of(shared, &store, runs, routes)?;
    let judged = JudgedAlike::read(shared, &store, by, places, runs.is_empty())?;
    let JudgedAlike { places, yardstick, .. } = &judged;
    let measured: Vec<Measured<'_>> = judged.measured().filter(|session| tells(session.verdict)).collect();
    let selection = conclude(yardstick.policy(), yardstick.source(), routes, (&measured, &places.tried));
    match shared.format() {
        Format::Json => print_json(&Document { selection: &selection, too_old: &places.too_old })?,
        Format::Human => say(&words::told(&selection, &places.too_old, yardstick.age()))?,
    }
    let Selection { verdict, exit, reason, .. } = &selection;
    tell(&format!("verdict={} exit={exit} reason={reason}", verdict.word()));
    Ok(selection.exit)
}
