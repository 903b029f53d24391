//! What every runner must obey before its first instruction: it dies with its parent and dumps no core.

use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::process::{self, Resource, Rlimit, Signal};

/// Makes the command's child ask for `SIGKILL` at its parent's death, and forbids core dumps, which would
/// hold prompts and weights.
#[expect(unsafe_code, reason = "only code between fork and exec can set a parent death signal")]
pub(crate) fn confine(command: &mut Command) {
    let parent = process::getpid();
    // SAFETY: the closure runs after fork in a process that may have had other threads, so it may only do what
    // is async-signal-safe. It makes three system calls through rustix and allocates nothing; an error value
    // is made from an error number.
    unsafe {
        command.pre_exec(move || {
            process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
            process::set_parent_process_death_signal(Some(Signal::KILL))?;
            // The parent may have died before the line above: then nobody would ever kill this child.
            if process::getppid() == Some(parent) { Ok(()) } else { Err(rustix::io::Errno::SRCH.into()) }
        });
    }
}
