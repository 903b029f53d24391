//! One runner process and its three pipes.

use std::io::Write;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::RuntimeEnd;
use edgesoak_protocol::runner::{Event, MAX_LINE_BYTES, Request};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::RuntimeError;
use crate::confine::confine;
use crate::last_words::Tail;
use crate::listen::{Received, listen};
use crate::network::{Cut, Tell, Watch, cut_off};
use crate::withhold::withhold;

/// Events that wait for the agent. Times the longest line, this bounds what a hostile runner makes us hold.
const EVENTS_WAITING: usize = 16;
/// Requests that wait for the runner: a `generate`, a `stop`, and one to spare.
const REQUESTS_WAITING: usize = 3;
/// Enough for the deepest JSON that the parser accepts.
const STACK_BYTES: usize = 512 << 10;
/// How long a killed process may take to be reaped; one in an uninterruptible system call takes a while.
const REAP_LIMIT: Duration = Duration::from_secs(5);

/// How long the last words of a dead runner may take.
const WORDS_LIMIT: Duration = Duration::from_millis(200);

/// How a runner is started.
#[derive(Debug, Clone, Copy)]
pub struct Spawn<'a> {
    /// Program; a relative path is resolved against our own working directory, not `dir`.
    pub program: &'a Path,
    /// Arguments; never prompt text.
    pub args: &'a [String],
    /// Working directory of the runner; also its `HOME` and `TMPDIR`, so that what it leaves is found.
    pub dir: &'a Path,
}

/// A running runner. Dropping it kills it.
#[derive(Debug)]
pub struct RunnerProcess {
    child: Child,
    requests: Option<SyncSender<Vec<u8>>>,
    events: Receiver<Received>,
    stderr: Tail,
    /// Closed when all of stderr was read.
    stderr_ended: Receiver<()>,
    prompt: String,
    end: Option<RuntimeEnd>,
}

impl RunnerProcess {
    /// Starts the program in its own process group, with a clean environment and no core dumps; it is killed
    /// when the calling thread dies.
    ///
    /// # Errors
    /// [`RuntimeError::StartRunner`] if the program cannot be executed, [`RuntimeError::StartThread`] if a pipe
    /// cannot be served; no process is left behind.
    pub fn spawn(spec: &Spawn<'_>) -> Result<Self, RuntimeError> {
        let child = start(spec, None).map_err(refused(spec))?;
        Self::serving(child)
    }

    /// The same, cut off from every network as strictly as this system does it; whatever would have left is told.
    /// How strict that is, and what came of it, is told when the watch ends.
    ///
    /// # Errors
    /// As [`RunnerProcess::spawn`]. A system that cuts nothing off is no error.
    pub fn spawn_cut_off(spec: &Spawn<'_>, tell: &Tell) -> Result<(Self, Watch), RuntimeError> {
        let (child, watch) = cut_off(spec.dir, tell, |cut| start(spec, cut)).map_err(refused(spec))?;
        Ok((Self::serving(child)?, watch))
    }

    fn serving(mut child: Child) -> Result<Self, RuntimeError> {
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (to_runner, requests) = sync_channel(REQUESTS_WAITING);
        let (to_agent, events) = sync_channel(EVENTS_WAITING);
        let stderr = Tail::default();
        let (stderr_open, stderr_ended) = sync_channel::<()>(0);
        // From here on, an error drops the process, and dropping kills it.
        let process = Self {
            child,
            requests: Some(to_runner),
            events,
            stderr: stderr.clone(),
            stderr_ended,
            prompt: String::new(),
            end: None,
        };
        if let (Some(stdin), Some(stdout), Some(errors)) = pipes {
            serve("runner-in", move || forward(stdin, &requests))?;
            serve("runner-out", move || listen(stdout, &to_agent))?;
            serve("runner-err", move || {
                stderr.drain(errors);
                drop(stderr_open);
            })?;
        }
        Ok(process)
    }

    /// Process id, until the process is reaped.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Queues a request. It never blocks, not even if the runner has stopped reading.
    ///
    /// # Errors
    /// If the request is longer than a line may be, the runner has closed its stdin, or it has not read the
    /// requests before this one.
    pub fn send(&mut self, request: &Request) -> Result<(), RuntimeError> {
        self.send_line(serde_json::to_vec(request).map_err(|_| RuntimeError::SendRequest)?)?;
        if let Request::Generate { prompt, .. } = request {
            // Words about the prompt before this one are compared with it while it is still known.
            self.stderr.forget(&self.prompt);
            self.prompt.clone_from(prompt);
        }
        Ok(())
    }

    /// Queues a line, whatever it says.
    pub(crate) fn send_line(&mut self, mut line: Vec<u8>) -> Result<(), RuntimeError> {
        if line.len() > MAX_LINE_BYTES {
            return Err(RuntimeError::EncodeRequest { bytes: line.len(), limit: MAX_LINE_BYTES });
        }
        line.push(b'\n');
        let queue = self.requests.as_ref().ok_or(RuntimeError::SendRequest)?;
        queue.try_send(line).map_err(|error| match error {
            TrySendError::Full(_) => RuntimeError::QueueRequest,
            TrySendError::Disconnected(_) => RuntimeError::SendRequest,
        })
    }

    /// The next thing that comes out of the runner, waiting for it up to `timeout`.
    ///
    /// # Errors
    /// None at present: a dead runner is [`Received::Closed`].
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<Received, RuntimeError> {
        let received = match self.events.recv_timeout(timeout) {
            Ok(received) => received,
            Err(RecvTimeoutError::Timeout) => Received::Timeout,
            Err(RecvTimeoutError::Disconnected) => Received::Closed,
        };
        Ok(match received {
            Received::Event(Event::Error { id, code, message }) => Received::Event(Event::Error {
                id,
                code: withhold(&code, &self.prompt),
                message: withhold(&message, &self.prompt),
            }),
            other => other,
        })
    }

    /// Kills the runner and whatever it started.
    pub fn kill(&mut self) {
        // Once reaped, the number may belong to somebody else.
        if self.end.is_some() {
            return;
        }
        if let Some(pid) = self.pid_handle() {
            // Fails only if the group is gone, which is what was wanted.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }

    /// Closes the runner's stdin, which asks it to exit, and reaps it; `None` if it lives on when `limit` has passed.
    pub fn exits_within(&mut self, limit: Duration) -> Option<RuntimeEnd> {
        self.requests = None;
        self.reap(limit)
    }

    /// Closes the runner's stdin, which asks it to exit, and reaps it; kills it when `deadline` has passed.
    ///
    /// `None` if even the kernel could not end it within a few seconds of its kill.
    pub fn wait(&mut self, deadline: Duration) -> Option<RuntimeEnd> {
        let end = self.exits_within(deadline).or_else(|| {
            self.kill();
            self.reap(REAP_LIMIT)
        });
        // Its last words may still be on their way through the pipe.
        let _ = self.stderr_ended.recv_timeout(WORDS_LIMIT);
        end
    }

    /// The last line of the runner's stderr: at most 400 bytes, withheld if it repeats the prompt.
    #[must_use]
    pub fn last_words(&self) -> String {
        withhold(&self.stderr.last_line(), &self.prompt)
    }

    fn reap(&mut self, limit: Duration) -> Option<RuntimeEnd> {
        let started = Instant::now();
        while self.end.is_none() {
            if self.has_exited() {
                // Before it is reaped its number is still its own, and so is its group's: whatever it left
                // running ends here.
                self.kill();
                self.end = self.child.wait().ok().map(runtime_end);
                return self.end;
            }
            if started.elapsed() >= limit {
                return None;
            }
            thread::sleep(Duration::from_millis(2));
        }
        self.end
    }

    /// Whether the process has ended; does not reap it.
    fn has_exited(&self) -> bool {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let ended = self.pid_handle().map(|pid| waitid(WaitId::Pid(pid), look));
        // An error means that there is no such child any more.
        !matches!(ended, Some(Ok(None)))
    }

    fn pid_handle(&self) -> Option<Pid> {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
    }
}

impl Drop for RunnerProcess {
    fn drop(&mut self) {
        self.kill();
        self.reap(REAP_LIMIT);
    }
}

fn refused(spec: &Spawn<'_>) -> impl FnOnce(std::io::Error) -> RuntimeError {
    let program = spec.program.to_owned();
    move |source| RuntimeError::StartRunner { program, source }
}

fn start(spec: &Spawn<'_>, cut: Option<Cut>) -> std::io::Result<Child> {
    let mut command = Command::new(std::path::absolute(spec.program)?);
    command
        .args(spec.args)
        .current_dir(spec.dir)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin:/system/bin")
        .env("LC_ALL", "C")
        .env("HOME", spec.dir)
        .env("TMPDIR", spec.dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    confine(&mut command, cut);
    command.spawn()
}

fn serve(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), RuntimeError> {
    thread::Builder::new()
        .name(name.to_owned())
        .stack_size(STACK_BYTES)
        .spawn(work)
        .map(drop)
        .map_err(|source| RuntimeError::StartThread { source })
}

/// Writes queued requests until the runner closes its stdin or nobody sends any more.
fn forward(mut stdin: ChildStdin, requests: &Receiver<Vec<u8>>) {
    for line in requests {
        if stdin.write_all(&line).is_err() {
            return;
        }
    }
}

fn runtime_end(status: ExitStatus) -> RuntimeEnd {
    match (status.code(), status.signal()) {
        (Some(code), _) => RuntimeEnd::Exited(code),
        (None, signal) => RuntimeEnd::Signalled(signal.unwrap_or_default()),
    }
}
