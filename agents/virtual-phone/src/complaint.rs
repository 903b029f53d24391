//! How the program ends that could not do what it was asked to.

use std::error::Error;
use std::process::ExitCode;

/// Says an error with all that caused it, in one line; the program's exit code.
pub(crate) fn complain(error: &dyn Error, code: u8) -> ExitCode {
    let mut sentence = format!("edgesoak-virtual-phone: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        sentence = format!("{sentence}: {cause}");
        source = cause.source();
    }
    eprintln!("{sentence}");
    ExitCode::from(code)
}
