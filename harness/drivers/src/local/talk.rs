//! Programs of a local device that are listened to, or talked with, while they run.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout};

use super::process::{Group, Kept, MAX_STDERR, error};
use crate::argv::Argv;
use crate::byte_stream::{Chunk, ChunkSource, Ended};
use crate::driver::Conversation;
use crate::error::DriverError;

const MAX_LINE: usize = 64 << 10;

/// A program whose standard output is a stream of chunks.
#[derive(Debug)]
pub(super) struct Source {
    argv: Argv,
    group: Group,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    words: Kept,
    buffers: (Vec<u8>, Vec<u8>),
}

impl Source {
    pub(super) async fn start(root: &Path, argv: &Argv) -> Result<Self, DriverError> {
        let mut group = Group::spawn(root, argv, false).await?;
        let (stdout, stderr) = (group.child.stdout.take(), group.child.stderr.take());
        let buffers = (vec![0; 64 << 10], vec![0; 4 << 10]);
        Ok(Self { argv: argv.clone(), group, stdout, stderr, words: Kept::new(MAX_STDERR), buffers })
    }

    async fn end(&mut self) -> Result<Chunk, DriverError> {
        let status =
            self.group.child.wait().await.map_err(|source| error("waiting for", &self.argv, source))?;
        Ok(Chunk::End(Ended { code: status.code(), stderr: std::mem::take(&mut self.words.bytes) }))
    }
}

#[async_trait]
impl ChunkSource for Source {
    async fn next(&mut self) -> Result<Chunk, DriverError> {
        loop {
            match (&mut self.stdout, &mut self.stderr) {
                (Some(stdout), Some(stderr)) => tokio::select! {
                    read = stdout.read(&mut self.buffers.0) => match read {
                        Ok(read @ 1..) => return Ok(Chunk::Bytes(self.buffers.0[..read].to_vec())),
                        Ok(_) | Err(_) => self.stdout = None,
                    },
                    read = stderr.read(&mut self.buffers.1) => match read {
                        Ok(read @ 1..) => self.words.take(&self.buffers.1[..read]),
                        Ok(_) | Err(_) => self.stderr = None,
                    },
                },
                (Some(stdout), None) => match stdout.read(&mut self.buffers.0).await {
                    Ok(read @ 1..) => return Ok(Chunk::Bytes(self.buffers.0[..read].to_vec())),
                    Ok(_) | Err(_) => self.stdout = None,
                },
                (None, Some(stderr)) => match stderr.read(&mut self.buffers.1).await {
                    Ok(read @ 1..) => self.words.take(&self.buffers.1[..read]),
                    Ok(_) | Err(_) => self.stderr = None,
                },
                (None, None) => return self.end().await,
            }
        }
    }
}

/// A program that answers line by line.
#[derive(Debug)]
pub(super) struct Dialogue {
    argv: Argv,
    /// Held for its end: dropping it ends the program.
    _group: Group,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    deadline: Duration,
}

impl Dialogue {
    pub(super) async fn start(root: &Path, argv: &Argv, deadline: Duration) -> Result<Self, DriverError> {
        let mut group = Group::spawn(root, argv, true).await?;
        // Nobody reads its complaints here; an unread pipe could block it.
        drop(group.child.stderr.take());
        let (Some(stdin), Some(stdout)) = (group.child.stdin.take(), group.child.stdout.take()) else {
            return Err(error("talking with", argv, std::io::ErrorKind::BrokenPipe.into()));
        };
        Ok(Self { argv: argv.clone(), _group: group, stdin, stdout: BufReader::new(stdout), deadline })
    }

    async fn exchange(&mut self, question: &str) -> Result<String, DriverError> {
        let blame = |source| error("talking with", &self.argv, source);
        self.stdin.write_all(format!("{question}\n").as_bytes()).await.map_err(blame)?;
        self.stdin.flush().await.map_err(blame)?;
        let mut line = Vec::new();
        (&mut self.stdout).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line).await.map_err(blame)?;
        match line.pop() {
            Some(b'\n') => String::from_utf8(line).map_err(|bad| blame(std::io::Error::other(bad))),
            Some(_) if line.len() >= MAX_LINE => {
                Err(DriverError::LineTooLong { program: self.argv.program().to_string(), limit: MAX_LINE })
            }
            _ => Err(blame(std::io::ErrorKind::UnexpectedEof.into())),
        }
    }
}

#[async_trait]
impl Conversation for Dialogue {
    async fn ask(&mut self, question: &str) -> Result<String, DriverError> {
        let (deadline, program) = (self.deadline, self.argv.program().clone());
        tokio::time::timeout(deadline, self.exchange(question)).await.map_err(|_| {
            DriverError::DeadlinePassed { doing: format!("talking with {program}"), after: deadline }
        })?
    }
}
