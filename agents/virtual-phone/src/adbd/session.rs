//! The first moment of a command: it gets a session of its own, and a terminal where it is to have one.
//!
//! A command is started as `LEADER adbd-session [--terminal] PROGRAM ARGUMENTS`, where the leader is this program: a
//! process can only leave a session by itself.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

/// The word of the command line under which [`session`] is reached.
pub const SESSION_WORD: &str = "adbd-session";
/// Has the new session take its stdin for its terminal.
pub(super) const TERMINAL: &str = "--terminal";

/// Becomes the program in `arguments`, in a session of its own; returns only where that fails.
pub fn session(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments.into_iter().peekable();
    let terminal = arguments.next_if(|argument| argument == TERMINAL).is_some();
    let Some(program) = arguments.next() else {
        eprintln!("{SESSION_WORD}: no program to become");
        return ExitCode::from(2);
    };
    if let Err(error) = rustix::process::setsid() {
        eprintln!("{SESSION_WORD}: leaving the session: {error}");
        return ExitCode::FAILURE;
    }
    if terminal && let Err(error) = rustix::process::ioctl_tiocsctty(std::io::stdin()) {
        eprintln!("{SESSION_WORD}: taking the terminal: {error}");
        return ExitCode::FAILURE;
    }
    let error = Command::new(&program).args(arguments).exec();
    eprintln!("{}: {error}", program.display());
    ExitCode::FAILURE
}
