//! `stop`: asks a session to end, and ends it if it does not.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_protocol::probe::{AgentState, Status};
use edgesoak_sensors::Root;
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

use crate::error::AgentError;
use crate::layout::{Home, SessionName};
use crate::lease;
use crate::status::status;

const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a killed process may take to vanish.
const DEATH_LIMIT: Duration = Duration::from_secs(5);

/// Ends a session within about `patience` and returns what became of it.
pub(crate) fn stop(
    home: &Home,
    name: &SessionName,
    system: &Root,
    patience: Duration,
) -> Result<Status, AgentError> {
    let dir = home.session(name);
    if !dir.path().is_dir() {
        return Err(AgentError::NoSession(name.to_string()));
    }
    let file = dir.stop();
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&file)
        .map_err(AgentError::io("writing", &file))?;
    let found = wait_while_running(home, name, system, patience)?;
    if found.state != AgentState::Running {
        return Ok(found);
    }
    kill(home, name)?;
    wait_while_running(home, name, system, DEATH_LIMIT)
}

/// The lease is free when the last frame is written **and** the process is gone.
fn wait_while_running(
    home: &Home,
    name: &SessionName,
    system: &Root,
    patience: Duration,
) -> Result<Status, AgentError> {
    let started = Instant::now();
    while lease::holder_of(&home.lease(), name).is_some() && started.elapsed() < patience {
        thread::sleep(LOOK_EVERY);
    }
    status(home, name, system)
}

/// Kills the agent that holds the lease, and with it its runner.
fn kill(home: &Home, name: &SessionName) -> Result<(), AgentError> {
    let path = home.lease();
    let Some(pid) = holder_pid(home, name) else { return Ok(()) };
    let killed = match pidfd_open(pid, PidfdFlags::empty()) {
        // The handle names the process; that it still holds the lease shows that it is the right one.
        Ok(process) if holder_pid(home, name) == Some(pid) => pidfd_send_signal(process, Signal::KILL),
        Ok(_) | Err(Errno::SRCH) => Ok(()),
        // Kernels before 5.3 have no such handles.
        Err(_) => kill_process(pid, Signal::KILL),
    };
    match killed {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(AgentError::io("killing the holder of", path)(error.into())),
    }
}

fn holder_pid(home: &Home, name: &SessionName) -> Option<Pid> {
    lease::holder_of(&home.lease(), name).and_then(|holder| Pid::from_raw(i32::try_from(holder.pid).ok()?))
}
