//! One command on a device: a worker that carries it out, and what it says.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddrV4;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::crew::{Crew, Worker};
use super::frame::{FilePart, Frame, Order};
use super::script::{Mark, Script};
use super::server::in_words;
use super::spoken::{Said, Spoken};

/// How long a worker whose command is done may take for its next one.
const SETTLE: Duration = Duration::from_secs(1);

/// Why a command brought nothing.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Nothing was started.
    Refused(String),
    /// Nobody knows how far it came.
    Lost(String),
    /// The worker could not be started.
    Worker(io::Error),
}

/// What came.
#[derive(Debug)]
pub(super) enum Heard {
    Said(Said),
    /// So many bytes of the file are on their way.
    Sent(u64),
}

/// A command that runs.
pub(super) struct Call {
    crew: Arc<Crew>,
    /// `None` once it was handed back.
    worker: Option<Worker>,
    spoken: Spoken,
    ready: VecDeque<Heard>,
    /// Process number on the device.
    pub(super) pid: Option<u32>,
}

impl Call {
    pub(super) async fn start(
        crew: &Arc<Crew>,
        (server, serial): (SocketAddrV4, &str),
        mark: &Mark,
        script: Script,
        file: Option<FilePart>,
    ) -> Result<Self, Trouble> {
        let order = Frame::Order(Order {
            server: server.to_string(),
            serial: serial.to_owned(),
            command: script.command,
            input: script.input,
            file,
        });
        let mut worker = crew.take().map_err(Trouble::Worker)?;
        if worker.tell(&order).await.is_err() {
            // One that waited may have died since; one that was just started has no reason to.
            worker = crew.take().map_err(Trouble::Worker)?;
            worker.tell(&order).await.map_err(Trouble::Worker)?;
        }
        Ok(Self {
            crew: crew.clone(),
            worker: Some(worker),
            spoken: Spoken::behind(mark),
            ready: VecDeque::new(),
            pid: None,
        })
    }

    /// Whether it has said its last.
    pub(super) fn is_over(&self) -> bool {
        self.worker.is_none()
    }

    /// More standard input.
    pub(super) async fn tell(&mut self, bytes: Vec<u8>) -> Result<(), Trouble> {
        let Some(worker) = &mut self.worker else { return Err(Trouble::Lost("it has ended".to_owned())) };
        worker.tell(&Frame::Input(bytes)).await.map_err(|error| Trouble::Lost(format!("its worker: {error}")))
    }

    /// What comes next; nothing is lost when this is cancelled.
    pub(super) async fn next(&mut self) -> Result<Heard, Trouble> {
        loop {
            if let Some(heard) = self.ready.pop_front() {
                if matches!(heard, Heard::Said(Said::Ended(_))) {
                    self.hand_back();
                }
                return Ok(heard);
            }
            let Some(worker) = &mut self.worker else {
                return Err(Trouble::Lost("it has ended".to_owned()));
            };
            let frame = worker.hear().await.map_err(|error| Trouble::Lost(format!("its worker: {error}")))?;
            match frame {
                Some(Frame::Output(bytes)) => self.take_apart(&bytes)?,
                Some(Frame::Sent(bytes)) => self.ready.push_back(Heard::Sent(bytes)),
                Some(Frame::Refused(why)) => return Err(Trouble::Refused(in_words(&why))),
                Some(Frame::Broke(why)) => return Err(Trouble::Lost(in_words(&why))),
                Some(Frame::Ended) => return Err(Trouble::Lost("the connection ended early".to_owned())),
                Some(Frame::Order(_) | Frame::Input(_)) | None => {
                    return Err(Trouble::Lost("the worker died".to_owned()));
                }
            }
        }
    }

    fn take_apart(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let said = self.spoken.hear(bytes);
        for said in said.map_err(|_| Trouble::Lost("it printed what no script prints".to_owned()))? {
            if let Said::Began(pid) = said {
                self.pid = Some(pid);
            }
            self.ready.push_back(Heard::Said(said));
        }
        Ok(())
    }

    /// The worker is free for the next command as soon as its connection has ended. What was detached may keep it
    /// open, then a new worker is cheaper than waiting.
    fn hand_back(&mut self) {
        let (Some(mut worker), crew) = (self.worker.take(), self.crew.clone()) else { return };
        tokio::spawn(async move {
            let ended = async {
                loop {
                    match worker.hear().await {
                        Ok(Some(Frame::Ended)) => return true,
                        Ok(Some(Frame::Output(_) | Frame::Sent(_))) => {}
                        _ => return false,
                    }
                }
            };
            if timeout(SETTLE, ended).await.unwrap_or(false) {
                crew.give_back(worker);
            }
        });
    }
}
