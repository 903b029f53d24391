//! The runner's side of its two pipes.

use std::io::{BufRead, Read, Stdout, Write};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::thread;

use edgesoak_protocol::runner::{Event, MAX_LINE_BYTES, Request};

use crate::error::RunnerError;

/// A request, or why a line is none.
type Incoming = Result<Request, String>;

/// Requests in, events out.
pub struct Wire {
    requests: Receiver<Incoming>,
    out: Stdout,
    line: Vec<u8>,
    stop: bool,
}

impl Wire {
    /// Starts to read stdin on its own thread, so that `stop` is seen while a prompt is decoded.
    pub fn open() -> Self {
        let (sender, requests) = sync_channel(4);
        thread::spawn(move || {
            let mut stdin = std::io::stdin().lock();
            while let Some(incoming) = next_request(&mut stdin) {
                if sender.send(incoming).is_err() {
                    return;
                }
            }
        });
        Self { requests, out: std::io::stdout(), line: Vec::with_capacity(4096), stop: false }
    }

    /// Waits for the next request; `None` at the end of stdin.
    pub fn next(&self) -> Option<Result<Request, RunnerError>> {
        self.requests.recv().ok().map(|incoming| incoming.map_err(RunnerError::ReadRequest))
    }

    /// A prompt begins: a `stop` for the one before it no longer counts.
    pub fn begin_prompt(&mut self) {
        self.stop = false;
    }

    /// Whether `stop` was asked for since the prompt began; does not wait.
    ///
    /// # Errors
    /// If stdin has ended or stdout is closed.
    pub fn stop_wanted(&mut self) -> Result<bool, RunnerError> {
        match self.requests.try_recv() {
            Ok(Ok(Request::Stop {})) => self.stop = true,
            Ok(_) => self.refuse(None, &RunnerError::ReadRequest("a prompt is in flight".to_owned()))?,
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return Err(RunnerError::ReachAgent),
        }
        Ok(self.stop)
    }

    /// Writes one event as one line, in one write.
    ///
    /// # Errors
    /// If stdout is closed.
    pub fn send(&mut self, event: &Event) -> Result<(), RunnerError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, event).map_err(|_| RunnerError::ReachAgent)?;
        self.line.push(b'\n');
        let written = self.out.write_all(&self.line).and_then(|()| self.out.flush());
        written.map_err(|_| RunnerError::ReachAgent)
    }

    /// Says that a request failed.
    ///
    /// # Errors
    /// If there is nobody to tell.
    pub fn refuse(&mut self, id: Option<u32>, error: &RunnerError) -> Result<(), RunnerError> {
        if matches!(error, RunnerError::ReachAgent) {
            return Err(RunnerError::ReachAgent);
        }
        self.send(&Event::Error { id, code: error.code().to_owned(), message: error.to_string() })
    }
}

/// The next line as a request; `None` at the end, and after a line so long that its end is not worth seeking.
fn next_request(source: &mut impl BufRead) -> Option<Incoming> {
    let mut line = Vec::new();
    source.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line).ok()?;
    Request::of_line(&line)
}
