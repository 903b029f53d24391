//! `edgesoak doctor`: is this host fit to run, and what to do if it is not?

mod adb;
mod adb_key;
mod adb_program;
mod finding;
mod host;
mod lab;
mod matrix;
mod program;
mod usb;

use finding::Finding;

use crate::args::{Format, Shared};
use crate::command::{plan, print_json};
use crate::failure::{CONFIG, Failure};
use crate::places::Places;
use crate::terminal::{printable, say};

/// Looks at everything that a run needs; 2 if something must be mended first.
pub fn examine(shared: &Shared) -> Result<u8, Failure> {
    let places = Places::find()?;
    // What is wrong with the matrix is a finding of its own.
    let devices = plan::matrix(shared).map(|matrix| matrix.devices().to_vec()).unwrap_or_default();
    let mut findings = vec![program::starts(&places.agents, "edgesoak-agent")];
    findings.extend(matrix::of_profile(shared, &places));
    findings.extend(lab::of_file(shared));
    findings.extend(adb::all(&devices, &places)?);
    findings.extend(usb::all(&places));
    findings.push(host::database(shared));
    findings.push(host::space(&shared.out));
    findings.push(host::clock());
    match shared.format() {
        Format::Json => print_json(&findings.iter().map(Finding::document).collect::<Vec<_>>())?,
        Format::Human => say(&printable(&findings.iter().map(Finding::lines).collect::<String>()))?,
    }
    Ok(if findings.iter().all(Finding::lets_run) { 0 } else { CONFIG })
}
