//! `edgesoak devices --adopt`: entries for the devices that the matrix does not have yet.

use std::fmt::Write as _;
use std::path::Path;

use edgesoak_matrix::Matrix;
use serde_json::json;

use super::advice::{what_to_do, word};
use super::group::{Group, Known, Newcomer, group};
use super::row::{Row, Subject};
use super::{entry, into, survey};
use crate::args::{Format, Shared};
use crate::command::{host_threads, plan, print_json};
use crate::failure::{Failure, INFRASTRUCTURE};
use crate::places::Places;
use crate::terminal::{printable, say, tell};

/// The server that an address without one means on every host.
const USUAL: &str = "127.0.0.1:5037";

/// Prints the entries, or puts them at the end of a file; infrastructure when there is nothing to adopt.
pub fn adopt(shared: &Shared, into: Option<&Path>) -> Result<u8, Failure> {
    let matrix = plan::matrix(shared)?;
    let rows = host_threads()?.block_on(survey::survey(matrix.devices(), &Places::find()?))?;
    let (newcomers, left_out) = newcomers(&rows);
    let groups = group(newcomers, &known(&matrix, &rows));
    let text = entry::toml(&groups);
    if let Some(path) = into.filter(|_| !groups.is_empty()) {
        into::append(path, &text)?;
    }
    match shared.format() {
        Format::Json => print_json(&json!({ "toml": text, "into": into, "left_out": left_out }))?,
        Format::Human => {
            for line in &left_out {
                tell(&printable(&format!("left out: {line}")));
            }
            say(&match into {
                Some(path) if !groups.is_empty() => said(&groups, path),
                _ => text,
            })?;
        }
    }
    if groups.is_empty() {
        tell("every device that can be asked is in the matrix already");
        return Ok(INFRASTRUCTURE);
    }
    Ok(0)
}

fn said(groups: &[Group], path: &Path) -> String {
    let mut text = String::new();
    for (id, _) in groups.iter().flat_map(|group| &group.devices) {
        let _ = writeln!(text, "{id} stands in {} now: edgesoak run --devices {id}", path.display());
    }
    text
}

/// Devices that said what they are, and why the others did not.
fn newcomers(rows: &[Row]) -> (Vec<Newcomer>, Vec<String>) {
    let (mut newcomers, mut left_out) = (Vec::new(), Vec::new());
    for row in rows.iter().filter(|row| row.entry().is_none()) {
        match (&row.subject, &row.glance) {
            (Subject::Attached { serial, server }, Some(glance)) => newcomers.push(Newcomer {
                serial: serial.clone(),
                server: Some(server.clone()).filter(|server| server != USUAL),
                identity: glance.identity.clone(),
            }),
            _ => left_out.push(format!("{}: {}: {}", row.name(), word(&row.state), what_to_do(row))),
        }
    }
    (newcomers, left_out)
}

fn known(matrix: &Matrix, rows: &[Row]) -> Known {
    let families = matrix.families().iter().map(|family| (family.id.clone(), family.title.clone()));
    let identities = rows
        .iter()
        .filter_map(|row| Some((row.glance.as_ref()?.identity.clone(), row.entry()?.family.clone())));
    Known {
        devices: matrix.devices().iter().map(|device| device.id.clone()).collect(),
        families: families.collect(),
        identities: identities.collect(),
    }
}
