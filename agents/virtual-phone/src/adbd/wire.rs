//! One connection as a wire for messages, in the care of its cable.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::link::Attached;
use super::message::{Command, HEADER_BYTES, Header, MAX_PAYLOAD, VERSION_WITHOUT_SUMS};

/// A slow link that waited for a processor of this machine catches up with so much of it: its rate is what passes in a second.
const LATE: Duration = Duration::from_millis(10);

/// A wire; messages are written by many threads and read by one.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    pub(super) cable: Attached,
    writing: Mutex<Pace>,
    reading: Mutex<Pace>,
    /// Whether bytes are added up; so it begins.
    sums: AtomicBool,
    /// What the host takes in one message.
    max_payload: AtomicU32,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, cable: Attached) -> Self {
        Self {
            stream,
            cable,
            writing: Mutex::default(),
            reading: Mutex::default(),
            sums: AtomicBool::new(true),
            max_payload: AtomicU32::new(0),
        }
    }

    /// What both ends agreed on.
    pub(super) fn agree(&self, version: u32, max_payload: u32) {
        self.sums.store(version < VERSION_WITHOUT_SUMS, Ordering::Relaxed);
        self.max_payload.store(max_payload, Ordering::Relaxed);
    }

    pub(super) fn max_payload(&self) -> usize {
        self.max_payload.load(Ordering::Relaxed) as usize
    }

    /// Sends a message, whole or not at all unless the cable is cut.
    pub(super) fn send(&self, command: Command, first: u32, second: u32, payload: &[u8]) -> io::Result<()> {
        let sums = self.sums.load(Ordering::Relaxed);
        let mut message = Vec::with_capacity(HEADER_BYTES + payload.len());
        message.extend(Header::over(command, first, second, payload, sums).encode());
        message.extend(payload);
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rest = message.as_slice();
        while !rest.is_empty() {
            let passage = self.cable.pass(rest.len())?;
            let written = (&self.stream).write(&rest[..passage.bytes.min(rest.len())])?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            rest = &rest[written..];
            self.account(&mut writing, written, passage.rate);
        }
        Ok(())
    }

    /// Receives a message, and checks it.
    pub(super) fn receive(&self) -> io::Result<(Header, Vec<u8>)> {
        let mut bytes = [0; HEADER_BYTES];
        self.read(&mut bytes)?;
        let header = Header::decode(&bytes, MAX_PAYLOAD)?;
        let mut payload = vec![0; header.length as usize];
        self.read(&mut payload)?;
        // The first message tells itself whether its host adds up bytes.
        let sums = if header.command == Command::Connect {
            header.first < VERSION_WITHOUT_SUMS
        } else {
            self.sums.load(Ordering::Relaxed)
        };
        if sums {
            header.check(&payload)?;
        }
        Ok((header, payload))
    }

    fn read(&self, into: &mut [u8]) -> io::Result<()> {
        // One thread reads.
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let mut done = 0;
        while done < into.len() {
            let passage = self.cable.pass(into.len() - done)?;
            let end = (done + passage.bytes).min(into.len());
            let read = match (&self.stream).read(&mut into[done..end]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            done += read;
            self.account(&mut reading, read, passage.rate);
        }
        // What came while the cable stood still is seen when it moves again.
        self.cable.pass(1).map(|_| ())
    }

    fn account(&self, pace: &mut Pace, bytes: usize, rate: Option<u64>) {
        if let Some(rate) = rate {
            pace.wait(bytes, rate);
        }
        self.cable.passed(bytes);
    }
}

/// How far one direction of a slow link is.
#[derive(Debug, Default)]
struct Pace {
    /// When the last byte is through.
    through: Option<Instant>,
}

impl Pace {
    /// Waits until so many bytes more are through.
    fn wait(&mut self, bytes: usize, rate: u64) {
        let now = Instant::now();
        let idle_since = self.through.into_iter().chain(now.checked_sub(LATE)).max().unwrap_or(now);
        let through = idle_since + Duration::from_secs_f64(bytes as f64 / rate.max(1) as f64);
        self.through = Some(through);
        thread::sleep(through.saturating_duration_since(now));
    }
}
