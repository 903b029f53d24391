//! `start`: brings a session up in a process of its own, which outlives whoever started it.
//!
//! The parent starts `supervise` and waits on a pipe until the child leads its own session, holds the lease and has
//! its journal on the disk. No fork: the child is this program, executed anew.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::fd::BorrowedFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use edgesoak_protocol::probe::Started;
use edgesoak_sensors::Root;
use rustix::io::{FdFlags, fcntl_setfd};
use serde::{Deserialize, Serialize};

use crate::arguments::System;
use crate::error::AgentError;
use crate::job_file;
use crate::layout::{Home, SessionName};
use crate::session::Session;
use crate::settings::Changes;

/// Probing every sensor of a slow device takes seconds.
const HANDSHAKE_LIMIT: Duration = Duration::from_mins(1);
const HANDSHAKE_BYTES: u64 = 8 << 10;

/// What the child says through the pipe.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Handshake {
    Started(Started),
    Refused { code: u8, text: String },
}

/// Starts a session and returns when it runs.
pub(crate) fn start(home: &Home, name: &SessionName, system: &System) -> Result<Started, AgentError> {
    let dir = home.session(name);
    // Checked here first, so that a bad job leaves nothing behind.
    job_file::read(home, &dir, name)?;
    Changes::open(home.changes())?;
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(dir.log())
        .map_err(AgentError::io("opening", dir.log()))?;
    let program = std::env::current_exe().map_err(AgentError::io("finding", "the agent's own program"))?;
    keep_descriptors_private();
    let mut command = Command::new(&program);
    if let Some(programs) = &system.programs {
        command.arg("--programs").arg(programs);
    }
    let mut child = command
        .arg("supervise")
        .arg("--home")
        .arg(home.path())
        .arg("--session")
        .arg(name.to_string())
        .arg("--root")
        .arg(&system.root)
        .current_dir(dir.path())
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| is_of_the_system(name)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(AgentError::io("starting", &program))?;
    let answer = child.stdout.take().map(hear).unwrap_or_default();
    match serde_json::from_str(&answer) {
        Ok(Handshake::Started(started)) => Ok(started),
        Ok(Handshake::Refused { code, text }) => {
            let _ = child.wait();
            Err(AgentError::Starting { code, text })
        }
        Err(_) => {
            // Silent or dead: whatever it is doing, nobody will ask for it again.
            let _ = child.kill();
            let _ = child.wait();
            let text = format!("starting the session: it said nothing; see {}", dir.log().display());
            Err(AgentError::Starting { code: 4, text })
        }
    }
}

/// Whether programs of the system, such as Android's `svc`, need this variable to run at all.
fn is_of_the_system(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name == b"PATH" || name.starts_with(b"ANDROID_") || name.ends_with(b"CLASSPATH")
}

/// `supervise`: the child's side. Returns when the session is over.
pub(crate) fn supervise(home: &Path, name: &SessionName, system: &Root) -> Result<(), AgentError> {
    // Fails only for a process that leads its group already, such as one started by hand in a shell.
    let _ = rustix::process::setsid();
    keep_memory_private();
    let prepared = Home::open(home).and_then(|home| Session::prepare(&home, name, system));
    let session = match prepared {
        Ok(session) => session,
        Err(error) => {
            say(&Handshake::Refused { code: error.exit_code(), text: error.sentence() });
            return Err(error);
        }
    };
    say(&Handshake::Started(Started { pid: std::process::id(), boot_id: session.boot_id().to_owned() }));
    hang_up();
    session.run()
}

/// Reads the child's one line, or as much as comes in time.
fn hear(pipe: impl Read + Send + 'static) -> String {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let _ = BufReader::new(pipe.take(HANDSHAKE_BYTES)).read_line(&mut line);
        let _ = sender.send(line);
    });
    receiver.recv_timeout(HANDSHAKE_LIMIT).unwrap_or_default()
}

/// If the parent is gone already, nobody needs the handshake and the session goes on without it.
fn say(handshake: &Handshake) {
    if let Ok(mut line) = serde_json::to_vec(handshake) {
        line.push(b'\n');
        let mut out = io::stdout();
        let _ = out.write_all(&line).and_then(|()| out.flush());
    }
}

/// Closes the pipe, so that the parent sees its end and nothing is ever written to a reader that is gone.
fn hang_up() {
    if let Ok(null) = File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(null);
    }
}

/// A core dump of the agent would hold prompts.
fn keep_memory_private() {
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
}

/// Descriptors that a shell or a daemon leaked to us must not live on in the session: whoever waits for their end
/// would wait until the session is over.
fn keep_descriptors_private() {
    let Ok(entries) = fs::read_dir("/proc/self/fd") else { return };
    let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    for number in numbers.filter(|number| *number > 2).collect::<Vec<_>>() {
        close_on_exec(number);
    }
}

#[expect(unsafe_code, reason = "a descriptor that somebody else left open has no owner to borrow it from")]
fn close_on_exec(number: i32) {
    // SAFETY: the descriptor is borrowed for one call that neither closes nor keeps it; if it was closed meanwhile
    // (as the directory's own is), the call fails with EBADF.
    let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
    let _ = fcntl_setfd(descriptor, FdFlags::CLOEXEC);
}
