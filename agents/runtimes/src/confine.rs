//! What every runner must obey before its first instruction: it dies with its parent and dumps no core, and is cut off
//! from every network where that is wanted.

use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::process::{self, Resource, Rlimit, Signal};

use crate::network::Cut;

/// Makes the command's child ask for `SIGKILL` at its parent's death, and forbids core dumps, which would
/// hold prompts and weights; and cuts it off from every network.
#[expect(unsafe_code, reason = "only code between fork and exec can change what a child is before it begins")]
pub(crate) fn confine(command: &mut Command, cut: Option<Cut>) {
    let parent = process::getpid();
    // SAFETY: the closure runs after fork in a process that may have had other threads, so it may only do what
    // is async-signal-safe. It makes system calls through rustix, those of the cut included, and allocates
    // nothing; an error value is made from an error number.
    unsafe {
        command.pre_exec(move || {
            // First, for a new set of rights may forget the signal that is asked for below.
            cut.as_ref().map_or(Ok(()), Cut::make)?;
            process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
            process::set_parent_process_death_signal(Some(Signal::KILL))?;
            // The parent may have died before the line above: then nobody would ever kill this child.
            if process::getppid() == Some(parent) { Ok(()) } else { Err(rustix::io::Errno::SRCH.into()) }
        });
    }
}
