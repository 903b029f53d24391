//! A program's output as it comes.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use crate::error::DriverError;

/// What a stream brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chunk {
    /// Some bytes, at least one.
    Bytes(Vec<u8>),
    /// The program ended; nothing comes after this.
    End(Ended),
}

/// How a streamed program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Exit code; `None` when a signal ended it or the transport cannot tell.
    pub code: Option<i32>,
    /// Beginning of its standard error, at most 64 KiB.
    pub stderr: Vec<u8>,
}

/// Where a stream's chunks come from: the part that each driver has of its own. Dropping it must end this end's
/// process.
#[async_trait]
pub trait ChunkSource: Send {
    /// The next chunk; must be safe to cancel between chunks.
    async fn next(&mut self) -> Result<Chunk, DriverError>;
}

/// Chunks under an idle deadline.
pub struct ByteStream {
    source: Box<dyn ChunkSource>,
    idle: Duration,
    ended: Option<Ended>,
}

impl ByteStream {
    /// A stream whose every wait is at most `idle` long.
    pub fn new(source: impl ChunkSource + 'static, idle: Duration) -> Self {
        Self { source: Box::new(source), idle, ended: None }
    }

    /// The next chunk. After the end it gives the end again.
    ///
    /// # Errors
    /// [`DriverError::Silent`] when no byte came for the idle deadline; what the transport reports.
    pub async fn next(&mut self) -> Result<Chunk, DriverError> {
        if let Some(ended) = &self.ended {
            return Ok(Chunk::End(ended.clone()));
        }
        let chunk = tokio::time::timeout(self.idle, self.source.next())
            .await
            .map_err(|_| DriverError::Silent { after: self.idle })??;
        if let Chunk::End(ended) = &chunk {
            self.ended = Some(ended.clone());
        }
        Ok(chunk)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("idle", &self.idle)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
