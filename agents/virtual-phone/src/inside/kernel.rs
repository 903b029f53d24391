//! `adbd:boot`: process 1 of one boot.

use std::ffi::OsStr;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, WaitOptions, WaitStatus, wait};

use super::arguments::Options;
use super::daemon_environment;
use super::error::InsideError;
use super::loopback;
use super::namespaces::{self, Level};
use super::power::{Asked, Power};
use super::root::{self, ENGINE};
use super::shown::Runtimes;

/// Time between two looks at children and runtimes.
const LOOK: Duration = Duration::from_millis(20);

/// Builds the root, starts the daemon and lives as long as that does, or until the system is to end.
pub(super) fn boot(options: &Options, dir: &Path) -> Result<Power, InsideError> {
    let asked = Asked::listen()?;
    loopback::raise().map_err(InsideError::RaisingLoopback)?;
    root::enter(options, dir)?;
    let daemon = namespaces::level(Level::Daemon, OsStr::new(root::PROGRAM), options)
        .env_clear()
        .envs(daemon_environment::all())
        .spawn()
        .map_err(|source| InsideError::Starting { program: "unshare".to_owned(), source })?;
    let daemon = Pid::from_child(&daemon);
    let mut runtimes = Runtimes::of(Path::new(ENGINE));
    loop {
        if let Some(power) = reap(daemon)?.or_else(|| asked.now()) {
            return Ok(power);
        }
        runtimes.follow();
        thread::sleep(LOOK);
    }
}

/// Buries children, most of whom others left; how the daemon ended, where it is among them.
fn reap(daemon: Pid) -> Result<Option<Power>, InsideError> {
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((pid, status))) if pid == daemon => return Ok(Some(Power::Ended(code(status)))),
            Ok(Some(_)) => {}
            Ok(None) => return Ok(None),
            Err(errno) => return Err(InsideError::Waiting { what: "children", source: errno.into() }),
        }
    }
}

/// As a shell tells it.
fn code(status: WaitStatus) -> u8 {
    let code = status.exit_status().or_else(|| Some(128 + status.terminating_signal()?)).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}
