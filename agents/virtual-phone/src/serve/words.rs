//! From arguments to an exit code.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use rustix::fs::Mode;

use super::arguments;
use super::error::ServeError;
use super::phone::Phone;
use super::relay::relay;
use crate::complaint::complain;

const SERVE_HELP: &str = "\
Lets a virtual phone live in a folder: files of its system, programs, and an engine for its runner.

    edgesoak-virtual-phone serve --profile NAME [OPTIONS] DIR

    --profile NAME         its kind
    --seed N               which unit of its kind; 0 is the nominal one (0)
    --ambient CELSIUS      the air around it (23)
    --fault WORDS          what goes wrong, such as charger@120s:15W; may be repeated; counted from the first prompt
    --speed FACTOR         seconds of the phone in a second of this machine (1)

DIR must be empty, or not there yet. When the phone lives, one line of JSON says where. It ends with SIGTERM, SIGINT
or SIGHUP, and with stdin where that is a pipe; then nothing of it is left.

    edgesoak-virtual-phone serve --profile tensor-phone /tmp/phone &
    edgesoak-agent probe --root /tmp/phone --programs /tmp/phone/programs
";

const RUNNER_HELP: &str = "\
Speaks the runner protocol for a virtual phone that is served: its tokens come at the pace of the phone's clocks.

    edgesoak-virtual-phone runner --phone DIR
";

/// Serves a phone until somebody wants an end. The arguments are those behind the word.
#[must_use]
pub fn serve(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // Everything that it writes is private, whatever its caller's habits.
    rustix::process::umask(Mode::from_raw_mode(0o077));
    finish(arguments::serve(arguments), SERVE_HELP, |options| {
        Phone::open(options)?.live(&mut |place| {
            let mut out = io::stdout();
            // Who does not read it does not want to know.
            let _ = writeln!(out, "{place}").and_then(|()| out.flush());
        })
    })
}

/// Is the runner of a served phone. The arguments are those behind the word.
#[must_use]
pub fn runner(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    finish(arguments::runner(arguments), RUNNER_HELP, relay)
}

fn finish<O>(
    options: Result<Option<O>, ServeError>,
    help: &str,
    act: impl FnOnce(&O) -> Result<(), ServeError>,
) -> ExitCode {
    let ended = match options {
        Ok(None) => {
            print!("{help}");
            return ExitCode::SUCCESS;
        }
        Ok(Some(options)) => act(&options),
        Err(error) => Err(error),
    };
    let Err(error) = ended else { return ExitCode::SUCCESS };
    complain(&error, error.exit_code())
}
