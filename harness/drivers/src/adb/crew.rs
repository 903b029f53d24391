//! The worker processes of one device.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::frame::Frame;

/// Workers that wait for their next order: one of two is often still ending its last.
const MAX_IDLE: usize = 2;

/// The first argument by which a program that uses this crate is told to be a worker: it calls
/// [`adb_worker`](crate::adb_worker) and nothing else.
pub const WORKER_WORD: &str = "adb-worker";

/// How a worker is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerProgram {
    /// The executable.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
}

impl WorkerProgram {
    /// This very program with [`WORKER_WORD`].
    #[must_use]
    pub fn this() -> Self {
        // What runs, even where another version was installed over it meanwhile.
        Self { path: PathBuf::from("/proc/self/exe"), args: vec![WORKER_WORD.to_owned()] }
    }
}

#[derive(Debug)]
pub(super) struct Crew {
    program: WorkerProgram,
    idle: Mutex<Vec<Worker>>,
}

/// A worker process; killed when this is dropped.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    buffer: Vec<u8>,
    piece: Vec<u8>,
    frames: VecDeque<Frame>,
}

impl Crew {
    pub(super) fn of(program: WorkerProgram) -> Self {
        Self { program, idle: Mutex::new(Vec::new()) }
    }

    /// A worker that waits for an order.
    pub(super) fn take(&self) -> io::Result<Worker> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut worker) = idle else { return Worker::start(&self.program) };
            if matches!(worker.child.try_wait(), Ok(None)) {
                return Ok(worker);
            }
        }
    }

    /// Takes back a worker whose order is done.
    pub(super) fn give_back(&self, worker: Worker) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAX_IDLE {
            idle.push(worker);
        }
    }
}

impl Worker {
    fn start(program: &WorkerProgram) -> io::Result<Self> {
        let mut child = Command::new(&program.path)
            .args(&program.args)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A person's Ctrl-C is for the host, which still has devices to restore.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let piece = vec![0; 128 << 10];
        Ok(Self { child, stdin, stdout, buffer: Vec::new(), piece, frames: VecDeque::new() })
    }

    pub(super) async fn tell(&mut self, frame: &Frame) -> io::Result<()> {
        self.stdin.write_all(&frame.encode()?).await?;
        self.stdin.flush().await
    }

    /// The next frame; `None` when the worker is gone. Nothing is lost when this is cancelled.
    pub(super) async fn hear(&mut self) -> io::Result<Option<Frame>> {
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return Ok(Some(frame));
            }
            let read = self.stdout.read(&mut self.piece).await?;
            if read == 0 {
                return Ok(None);
            }
            self.buffer.extend(&self.piece[..read]);
            while let Some(frame) = Frame::take(&mut self.buffer)? {
                self.frames.push_back(frame);
            }
        }
    }
}
