//! `edgesoak devices`: the devices of the matrix and those that are attached, their state, and what to do about it.

mod adopt;
mod advice;
mod ask;
mod entry;
mod group;
mod identify;
mod into;
mod row;
mod servers;
mod show;
mod survey;

pub use adopt::adopt;
pub use identify::identify;
pub use servers::{is_here, of_matrix as servers_of};

use edgesoak_controller::DeviceState;

use crate::args::{Format, Shared};
use crate::command::{plan, print_json};
use crate::failure::{Failure, INFRASTRUCTURE};
use crate::places::Places;
use crate::terminal::{printable, say};

/// Lists the devices; infrastructure when none of the matrix is usable.
pub fn list(shared: &Shared) -> Result<u8, Failure> {
    let matrix = plan::matrix(shared)?;
    let places = Places::find()?;
    let rows = super::host_threads()?.block_on(survey::survey(matrix.devices(), &places))?;
    match shared.format() {
        Format::Json => print_json(&rows.iter().map(show::document).collect::<Vec<_>>())?,
        Format::Human => say(&printable(&rows.iter().map(show::lines).collect::<String>()))?,
    }
    let is_usable = |row: &row::Row| row.entry().is_some() && row.state == DeviceState::Ready;
    Ok(if rows.iter().any(is_usable) { 0 } else { INFRASTRUCTURE })
}
