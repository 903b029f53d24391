//! One stream of a connection: bytes both ways, each way with a window.
//!
//! What the host writes is acknowledged once it is kept here, whether or not somebody has read it, until too much is
//! kept. What the device writes waits for the acknowledgement of what it wrote before.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::message::Command;
use super::waker::Waker;
use super::wire::Wire;

/// Bytes of the host that are kept before it has to wait: two of the largest messages, so that a link is not idle while a
/// command reads what came last.
const KEPT: usize = 2 << 20;

/// One stream.
#[derive(Debug)]
pub(super) struct Stream {
    /// Its number here.
    pub(super) local: u32,
    wire: Arc<Wire>,
    state: Mutex<State>,
    changed: Condvar,
    /// Wakes who polls, at every change.
    pub(super) waker: Waker,
}

#[derive(Debug, Default)]
struct State {
    /// Its number at the host; 0 until the host has agreed to a stream that we opened.
    remote: u32,
    inbound: VecDeque<u8>,
    /// An acknowledgement that waits for a reader.
    owed: bool,
    /// Something we wrote is not acknowledged.
    in_flight: bool,
    host: Host,
    said: Said,
}

/// What has become of the host.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Host {
    #[default]
    There,
    /// It has closed the stream.
    Closed,
    /// The connection is gone.
    Lost,
}

/// What the host was told of the stream.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Said {
    #[default]
    Nothing,
    /// It knows our number.
    Accepted,
    /// It knows that no more comes.
    Finished,
}

/// What can be had from a stream at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Had {
    /// So many bytes.
    Bytes(usize),
    /// None now.
    Nothing,
    /// None any more: the host closed the stream.
    End,
}

impl Stream {
    pub(super) fn new(local: u32, remote: u32, wire: Arc<Wire>) -> io::Result<Self> {
        let state = Mutex::new(State { remote, ..State::default() });
        Ok(Self { local, wire, state, changed: Condvar::new(), waker: Waker::new()? })
    }

    /// Keeps what the host wrote, and acknowledges it.
    pub(super) fn keep(&self, bytes: &[u8]) -> io::Result<()> {
        let remote = {
            let mut state = self.state();
            if state.owed {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the host did not wait"));
            }
            state.inbound.extend(bytes);
            if state.inbound.len() >= KEPT {
                state.owed = true;
                None
            } else {
                Some(state.remote)
            }
        };
        self.tell();
        remote.map_or(Ok(()), |remote| self.wire.send(Command::Okay, self.local, remote, &[]))
    }

    /// The host agreed to the stream, or has what we wrote.
    pub(super) fn acknowledged(&self, remote: u32) {
        let mut state = self.state();
        if state.remote == 0 {
            state.remote = remote;
            state.said = Said::Accepted;
        }
        state.in_flight = false;
        drop(state);
        self.tell();
    }

    /// The host closed it.
    pub(super) fn closed(&self) {
        let mut state = self.state();
        if state.host == Host::There {
            state.host = Host::Closed;
        }
        drop(state);
        self.tell();
    }

    /// The connection is gone, and with it all that was kept.
    pub(super) fn lost(&self) {
        let mut state = self.state();
        state.host = Host::Lost;
        state.inbound.clear();
        drop(state);
        self.tell();
    }

    /// Accepts the stream that the host asked for.
    pub(super) fn accept(&self) -> io::Result<()> {
        let remote = {
            let mut state = self.state();
            state.said = Said::Accepted;
            state.remote
        };
        self.wire.send(Command::Okay, self.local, remote, &[])
    }

    /// Waits until the host has agreed to a stream that we opened; `false` where it did not.
    pub(super) fn wait_until_open(&self) -> bool {
        let mut state = self.state();
        while state.remote == 0 && state.host == Host::There {
            state = self.wait(state);
        }
        state.remote != 0
    }

    /// Whether the connection is gone.
    pub(super) fn is_lost(&self) -> bool {
        self.state().host == Host::Lost
    }

    /// Whether nobody is there to be written to.
    pub(super) fn is_closed(&self) -> bool {
        self.state().host != Host::There
    }

    /// Whether something may be written now.
    pub(super) fn is_writable(&self) -> bool {
        let state = self.state();
        !state.in_flight && state.host == Host::There
    }

    /// How much may be written at once.
    pub(super) fn room(&self) -> usize {
        self.wire.max_payload()
    }

    /// Takes what is there, without waiting.
    pub(super) fn take(&self, into: &mut [u8]) -> io::Result<Had> {
        let mut state = self.state();
        if state.host == Host::Lost {
            return Ok(Had::End);
        }
        let (front, back) = state.inbound.as_slices();
        let first = front.len().min(into.len());
        let second = back.len().min(into.len() - first);
        into[..first].copy_from_slice(&front[..first]);
        into[first..first + second].copy_from_slice(&back[..second]);
        let taken = first + second;
        state.inbound.drain(..taken);
        let owed = state.owed && state.inbound.len() < KEPT;
        state.owed &= !owed;
        let (remote, closed) = (state.remote, state.host == Host::Closed);
        drop(state);
        if owed && !closed {
            self.wire.send(Command::Okay, self.local, remote, &[])?;
        }
        Ok(match taken {
            0 if closed => Had::End,
            0 => Had::Nothing,
            taken => Had::Bytes(taken),
        })
    }

    /// Waits for bytes; 0 where the host has closed the stream.
    pub(super) fn read(&self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.take(into)? {
                Had::Bytes(taken) => return Ok(taken),
                Had::End => return Ok(0),
                Had::Nothing => {}
            }
            let state = self.state();
            if state.inbound.is_empty() && state.host == Host::There {
                drop(self.wait(state));
            }
        }
    }

    /// Writes all of it, and waits for the acknowledgement of what was written before each piece.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        for piece in bytes.chunks(self.room().max(1)) {
            let mut state = self.state();
            while state.in_flight && state.host == Host::There {
                state = self.wait(state);
            }
            if state.host != Host::There {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            state.in_flight = true;
            let remote = state.remote;
            drop(state);
            self.wire.send(Command::Write, self.local, remote, piece)?;
        }
        Ok(())
    }

    /// Says that no more comes; all that was written has been sent.
    pub(super) fn finish(&self) {
        let mut state = self.state();
        let said = std::mem::replace(&mut state.said, Said::Finished);
        let silent = said == Said::Finished || state.host == Host::Lost || state.remote == 0;
        let remote = state.remote;
        drop(state);
        if !silent {
            // A stream that never was has no number; a host that is gone needs no word.
            let local = if said == Said::Accepted { self.local } else { 0 };
            let _ = self.wire.send(Command::Close, local, remote, &[]);
        }
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        self.changed.notify_all();
        self.waker.wake();
    }
}
