//! The stream of a journal that grows.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use edgesoak_drivers::{Chunk, ChunkSource, DriverError, Ended};
use edgesoak_protocol::journal::{Frame, VOLATILE, write_frame};
use edgesoak_protocol::probe::AgentState;

use super::Phone;
use crate::fault::StreamMishap;
use crate::process::Process;

/// How often the agent has something to say; between frames it is a heartbeat.
const EVERY: Duration = Duration::from_secs(2);
/// Most bytes of a chunk.
const CHUNK: usize = 16 << 10;

pub struct Follower {
    phone: Arc<Phone>,
    process: Arc<Process>,
    name: String,
    /// Frames that were sent.
    sent: usize,
    boot: String,
    /// Bytes that are on their way.
    ready: Vec<u8>,
    has_begun: bool,
}

impl Follower {
    pub fn new(phone: Arc<Phone>, process: Arc<Process>, name: &str, from: usize) -> Self {
        let boot = phone.inner().boot_id();
        let name = name.to_owned();
        Self { phone, process, name, sent: from, boot, ready: Vec::new(), has_begun: false }
    }

    /// What goes wrong now.
    fn broken(&mut self) -> Option<Result<StreamMishap, DriverError>> {
        let (now, mut inner) = (self.phone.dawn.now(), self.phone.inner());
        if inner.is_down(now) || inner.boot_id() != self.boot {
            return Some(Err(super::driver::lost()));
        }
        inner.stream_mishap().map(Ok)
    }

    /// Takes what is on the disk by now; the code that the stream ends with if nothing more can come.
    fn take(&mut self) -> Option<i32> {
        let (now, inner) = (self.phone.dawn.now(), self.phone.inner());
        let Some(soak) = inner.soaks.get(&self.name) else { return Some(6) };
        let (header, bytes, frames) = soak.stream(self.sent, now);
        if !self.has_begun {
            self.ready.extend_from_slice(header);
            self.has_begun = true;
        }
        self.ready.extend_from_slice(bytes);
        self.sent = self.sent.max(frames);
        match soak.state(now) {
            AgentState::Running => None,
            AgentState::Finished => Some(0),
            AgentState::Dead | AgentState::Absent => Some(3),
        }
    }

    fn chunk(&mut self) -> Chunk {
        let rest = self.ready.split_off(self.ready.len().min(CHUNK));
        Chunk::Bytes(std::mem::replace(&mut self.ready, rest))
    }
}

#[async_trait]
impl ChunkSource for Follower {
    async fn next(&mut self) -> Result<Chunk, DriverError> {
        self.process.lives().await;
        match self.broken() {
            Some(Err(error)) => return Err(error),
            Some(Ok(StreamMishap::Drop)) => return Err(super::driver::lost()),
            Some(Ok(StreamMishap::Stall)) => std::future::pending().await,
            Some(Ok(StreamMishap::Flip)) => {
                self.take();
                let middle = self.ready.len() / 2;
                if let Some(byte) = self.ready.get_mut(middle) {
                    *byte ^= 0x10;
                }
            }
            None => {}
        }
        if !self.ready.is_empty() {
            return Ok(self.chunk());
        }
        let mut end = self.take();
        if self.ready.is_empty() && end.is_none() {
            tokio::time::sleep(EVERY).await;
            self.process.lives().await;
            end = self.take();
            let beat = Frame::Heartbeat { last_seq: self.sent as u64 };
            write_frame(&mut self.ready, VOLATILE, 0, &beat);
        }
        if self.ready.is_empty() {
            return Ok(Chunk::End(Ended { code: end, stderr: b"made up".to_vec() }));
        }
        Ok(self.chunk())
    }
}
