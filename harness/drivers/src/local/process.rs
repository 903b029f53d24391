//! Programs of a local device that run to their end.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use crate::argv::Argv;
use crate::driver::Output;
use crate::error::DriverError;

pub(super) const MAX_STDOUT: usize = 8 << 20;
pub(super) const MAX_STDERR: usize = 64 << 10;
/// A detached grandchild may keep the pipes open after the program has ended: how long their ends are waited for.
const AFTERMATH: Duration = Duration::from_millis(500);
const BUSY_TRIES: u32 = 50;
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// A child in a process group of its own, which is killed when this is dropped. Whatever the program detached
/// into another session goes on.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) child: Child,
    pid: Option<Pid>,
}

impl Group {
    /// Starts a program; `talks` gives it a standard input.
    pub(super) async fn spawn(root: &Path, argv: &Argv, talks: bool) -> Result<Self, DriverError> {
        let mut tries = 0;
        loop {
            match command(root, argv, talks).spawn() {
                Ok(child) => {
                    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
                    return Ok(Self { child, pid });
                }
                // A process that was forked during a push holds the pushed file open until it has become another
                // program.
                Err(source) if source.kind() == io::ErrorKind::ExecutableFileBusy && tries < BUSY_TRIES => {
                    tries += 1;
                    tokio::time::sleep(BUSY_PAUSE).await;
                }
                Err(source) => return Err(error("starting", argv, source)),
            }
        }
    }
}

fn command(root: &Path, argv: &Argv, talks: bool) -> Command {
    let mut command = Command::new(root.join(argv.program().as_str()));
    command
        .args(argv.args())
        .current_dir(root)
        // Nothing of the host's environment reaches the device.
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .stdin(if talks { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command
}

impl Drop for Group {
    fn drop(&mut self) {
        // Once the child was reaped its number may belong to somebody else.
        if let (Some(pid), Some(_)) = (self.pid, self.child.id()) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

pub(super) fn error(doing: &'static str, argv: &Argv, source: io::Error) -> DriverError {
    DriverError::Program { doing, program: argv.program().to_string(), source }
}

pub(super) async fn exec(root: &Path, argv: &Argv, deadline: Duration) -> Result<Output, DriverError> {
    let mut group = Group::spawn(root, argv, false).await?;
    let (stdout, stderr) = (group.child.stdout.take(), group.child.stderr.take());
    let mut kept = (Kept::new(MAX_STDOUT), Kept::new(MAX_STDERR));
    let whole = async {
        let status = {
            let reading = async { tokio::join!(kept.0.read_all(stdout), kept.1.read_all(stderr)) };
            tokio::pin!(reading);
            tokio::select! {
                _ = &mut reading => group.child.wait().await,
                status = group.child.wait() => {
                    let _ = tokio::time::timeout(AFTERMATH, reading).await;
                    status
                }
            }
        };
        status.map_err(|source| error("waiting for", argv, source))
    };
    let status = tokio::time::timeout(deadline, whole).await.map_err(|_| DriverError::DeadlinePassed {
        doing: format!("running {}", argv.program()),
        after: deadline,
    })??;
    let truncated = kept.0.truncated || kept.1.truncated;
    let (code, signal) = (status.code(), status.signal());
    Ok(Output { code, signal, stdout: kept.0.bytes, stderr: kept.1.bytes, truncated })
}

/// The beginning of a stream that is read to its end, so that its writer is never blocked.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) bytes: Vec<u8>,
    pub(super) truncated: bool,
    limit: usize,
}

impl Kept {
    pub(super) fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), truncated: false, limit }
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        let room = (self.limit - self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.truncated |= room < bytes.len();
    }

    async fn read_all(&mut self, stream: Option<impl AsyncRead + Unpin>) {
        let Some(mut stream) = stream else { return };
        let mut buffer = vec![0; 64 << 10];
        // A pipe that fails is a pipe that ended: the exit code tells the rest.
        while let Ok(read @ 1..) = stream.read(&mut buffer).await {
            self.take(&buffer[..read]);
        }
    }
}
