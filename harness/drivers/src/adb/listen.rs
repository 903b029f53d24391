//! Programs that are listened to, or talked with, while they run. Each has a worker of its own.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, timeout};

use super::call::{Call, Heard};
use super::link::Link;
use super::root::ROOT;
use super::run::{never_started, program_error};
use super::script::{Mark, Script, Stdin};
use super::spoken::Said;
use crate::argv::Argv;
use crate::byte_stream::{Chunk, ChunkSource, Ended};
use crate::driver::Conversation;
use crate::error::DriverError;

const MAX_LINE: usize = 64 << 10;

/// Starts a program, once the device is there.
async fn start(link: &Link, argv: &Argv, stdin: Stdin, deadline: Duration) -> Result<Call, DriverError> {
    let starting = async {
        link.mend(Instant::now() + deadline).await?;
        let blame = |source| program_error("starting", argv, source);
        let mark = Mark::random().map_err(blame)?;
        let script = Script::program(&mark, ROOT, argv, stdin).map_err(blame)?;
        link.call(&mark, script, None).await.map_err(|trouble| link.blame(trouble))
    };
    timeout(deadline, starting).await.map_err(|_| {
        link.distrust();
        DriverError::DeadlinePassed { doing: format!("starting {}", argv.program()), after: deadline }
    })?
}

/// A program whose standard output is a stream of chunks.
pub(super) struct Source {
    link: Arc<Link>,
    argv: Argv,
    call: Call,
}

impl Source {
    pub(super) async fn start(link: &Arc<Link>, argv: &Argv, idle: Duration) -> Result<Self, DriverError> {
        let call = start(link, argv, Stdin::Empty, idle).await?;
        Ok(Self { link: link.clone(), argv: argv.clone(), call })
    }
}

#[async_trait]
impl ChunkSource for Source {
    async fn next(&mut self) -> Result<Chunk, DriverError> {
        loop {
            match self.call.next().await.map_err(|trouble| self.link.blame(trouble))? {
                Heard::Said(Said::Output(bytes)) => return Ok(Chunk::Bytes(bytes)),
                Heard::Said(Said::Ended(end)) => {
                    never_started(&self.argv, &end)?;
                    return Ok(Chunk::End(Ended { code: end.exit_code(), stderr: end.stderr }));
                }
                Heard::Said(Said::Began(_)) | Heard::Sent(_) => {}
            }
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        // Whoever leaves before the end may do so because nothing came: the next call looks before it trusts.
        if !self.call.is_over() {
            self.link.distrust();
        }
    }
}

/// A program that answers line by line.
pub(super) struct Dialogue {
    link: Arc<Link>,
    argv: Argv,
    call: Call,
    /// Said, and not asked for yet.
    heard: Vec<u8>,
    deadline: Duration,
    /// A question has no answer, whose answer would be taken for that of the next one.
    is_behind: bool,
}

impl Dialogue {
    pub(super) async fn start(
        link: &Arc<Link>,
        argv: &Argv,
        deadline: Duration,
    ) -> Result<Self, DriverError> {
        let call = start(link, argv, Stdin::Host, deadline).await?;
        Ok(Self {
            link: link.clone(),
            argv: argv.clone(),
            call,
            heard: Vec::new(),
            deadline,
            is_behind: false,
        })
    }

    async fn exchange(&mut self, question: &str) -> Result<String, DriverError> {
        let told = self.call.tell(format!("{question}\n").into_bytes()).await;
        told.map_err(|trouble| self.link.blame(trouble))?;
        loop {
            if let Some(at) = self.heard.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.heard.drain(..=at).collect();
                line.pop();
                let words = String::from_utf8(line);
                return words.map_err(|bad| program_error("talking with", &self.argv, io::Error::other(bad)));
            }
            if self.heard.len() > MAX_LINE {
                let program = self.argv.program().to_string();
                return Err(DriverError::LineTooLong { program, limit: MAX_LINE });
            }
            match self.call.next().await {
                Ok(Heard::Said(Said::Output(bytes))) => self.heard.extend(bytes),
                Ok(Heard::Said(Said::Ended(end))) => {
                    never_started(&self.argv, &end)?;
                    return Err(program_error(
                        "talking with",
                        &self.argv,
                        io::ErrorKind::UnexpectedEof.into(),
                    ));
                }
                Ok(Heard::Said(Said::Began(_)) | Heard::Sent(_)) => {}
                Err(trouble) => return Err(self.link.blame(trouble)),
            }
        }
    }
}

#[async_trait]
impl Conversation for Dialogue {
    async fn ask(&mut self, question: &str) -> Result<String, DriverError> {
        if std::mem::replace(&mut self.is_behind, true) {
            let source = io::Error::other("a question before this one was not answered");
            return Err(program_error("talking with", &self.argv, source));
        }
        let (deadline, program) = (self.deadline, self.argv.program().clone());
        let link = self.link.clone();
        let answer = timeout(deadline, self.exchange(question)).await.map_err(|_| {
            link.distrust();
            DriverError::DeadlinePassed { doing: format!("talking with {program}"), after: deadline }
        })??;
        self.is_behind = false;
        Ok(answer)
    }
}
