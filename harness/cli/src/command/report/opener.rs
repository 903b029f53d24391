//! `--open`: a page in the browser of the desktop that this runs on.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::args::{ReportKind, Wanted};
use crate::failure::Failure;

/// The desktop's own program that opens a file as a person would by a double click.
const OPENER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

/// Refuses what no browser could show.
pub fn check(wanted: &[Wanted]) -> Result<(), Failure> {
    let is_file = |one: &Wanted| one.kind == ReportKind::Html && one.place.as_deref() != Some(Path::new("-"));
    if wanted.iter().any(is_file) {
        return Ok(());
    }
    Err(Failure::config("`--open` opens a page, and no page is written into a file")
        .hint("leave `--format` out, or add `--format html`")
        .reason("usage"))
}

/// Opens this page. The name of a file is an argument of its own: no shell reads it, and no option begins with it.
pub fn open(page: &Path) -> Result<(), Failure> {
    let missed = |why: &dyn std::error::Error| {
        Failure::infrastructure(format!("cannot open {} in a browser", page.display()))
            .because(why)
            .hint(format!("this desktop has no working `{OPENER}`: open the file by hand"))
    };
    let whole: PathBuf = std::path::absolute(page).map_err(|error| missed(&error))?;
    let mut command = Command::new(OPENER);
    command.arg(whole).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().map_err(|error| missed(&error))?;
    if status.success() {
        return Ok(());
    }
    Err(missed(&std::io::Error::other(format!("`{OPENER}` ended with {status}"))))
}
