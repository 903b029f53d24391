//! Programs of the lab: started without a shell, in a process group of their own that ends with us.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use crate::error::InstrumentError;

/// Most that is kept of what a program that ends prints.
const MAX_OUTPUT: usize = 64 << 10;
/// Longest quotation of a program, characters.
const MAX_WORDS: usize = 300;
/// A grandchild may keep the pipes open after the program has ended: how long their ends are waited for.
pub(crate) const AFTERMATH: Duration = Duration::from_millis(500);

/// A running program; it and its children are killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) name: String,
    pid: Option<Pid>,
}

impl Program {
    /// Starts a program. Its environment is the host's: it belongs to the lab.
    pub(crate) fn start(command: &[String]) -> Result<Self, InstrumentError> {
        let name = command.first().cloned().unwrap_or_default();
        let spawned = Command::new(&name)
            .args(command.iter().skip(1))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn();
        match spawned {
            Ok(child) => {
                let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
                Ok(Self { child, name, pid })
            }
            Err(source) => Err(InstrumentError::Starting { program: name, source }),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Once the child was reaped its number may belong to somebody else.
        if let (Some(pid), Some(_)) = (self.pid, self.child.id()) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

/// Runs a program to its end; what it printed. Anything but success is an error with its last words.
pub(crate) async fn run(command: &[String], deadline: Duration) -> Result<Vec<u8>, InstrumentError> {
    let mut program = Program::start(command)?;
    let (stdout, stderr) = (program.child.stdout.take(), program.child.stderr.take());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let ended = {
        let reading = async { tokio::join!(read_all(stdout, &mut out), read_all(stderr, &mut err)) };
        tokio::pin!(reading);
        let whole = async {
            tokio::select! {
                _ = &mut reading => program.child.wait().await,
                status = program.child.wait() => {
                    let _ = tokio::time::timeout(AFTERMATH, reading).await;
                    status
                }
            }
        };
        tokio::time::timeout(deadline, whole).await
    };
    let name = program.name.clone();
    let Ok(status) = ended else { return Err(InstrumentError::Deadline { program: name, after: deadline }) };
    match status {
        Ok(status) if status.success() => Ok(out),
        Ok(status) => Err(ended_badly(name, status, &err)),
        Err(source) => Err(InstrumentError::Listening { program: name, source }),
    }
}

pub(crate) fn ended_badly(program: String, status: ExitStatus, stderr: &[u8]) -> InstrumentError {
    let end = status.code().map_or_else(|| "a signal".to_owned(), |code| format!("code {code}"));
    InstrumentError::Ended { program, end, words: words(stderr) }
}

/// The end of what a program printed, in one line of text that a terminal does not obey.
pub(crate) fn words(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(MAX_WORDS)..]).into_owned();
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { "it said nothing".to_owned() } else { words }
}

/// Reads to the end, so that the writer is never blocked, and keeps the end of it.
pub(crate) async fn read_all(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let mut buffer = vec![0; 8 << 10];
    // A pipe that fails is a pipe that ended: the exit code tells the rest.
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        keep_end(kept, &buffer[..read], MAX_OUTPUT);
    }
}

/// Appends, and forgets the beginning of what is too much.
pub(crate) fn keep_end(kept: &mut Vec<u8>, bytes: &[u8], most: usize) {
    kept.extend_from_slice(bytes);
    if kept.len() > most {
        kept.drain(..kept.len() - most);
    }
}

/// An error that says that a stream ended.
pub(crate) fn end_of_stream() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "its output ended")
}
