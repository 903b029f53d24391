//! Frames on their way into a journal, in order and in pieces large enough for any file.

use std::io::Write;

use edgesoak_protocol::journal::{Frame, Header, write_frame, write_header};
use edgesoak_protocol::units::Nanos;

use crate::error::PhoneError;

/// Bytes that are kept before they are written.
const KEPT: usize = 256 << 10;

/// A journal that is being written.
pub(super) struct Frames<'w> {
    out: &'w mut dyn Write,
    bytes: Vec<u8>,
    /// Number of the next frame.
    pub(super) next: u64,
    /// Time of the last one: times of frames never run backwards, whatever the clock does.
    last: Nanos,
    /// What the first failed write said: the recording goes on without a disk, and fails at its end.
    failed: Option<std::io::Error>,
}

impl<'w> Frames<'w> {
    pub(super) fn open(header: &Header, out: &'w mut dyn Write) -> Self {
        Self { out, bytes: write_header(header), next: 0, last: Nanos(0), failed: None }
    }

    pub(super) fn append(&mut self, mono: Nanos, frame: &Frame) {
        self.last = self.last.max(mono);
        write_frame(&mut self.bytes, self.next, self.last.0, frame);
        self.next += 1;
        if self.bytes.len() >= KEPT {
            self.write();
        }
    }

    fn write(&mut self) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(&self.bytes).err();
        }
        self.bytes.clear();
    }

    /// Writes the rest.
    pub(super) fn close(&mut self) -> Result<(), PhoneError> {
        self.write();
        match self.failed.take() {
            Some(error) => Err(PhoneError::WritingJournal(error)),
            None => self.out.flush().map_err(PhoneError::WritingJournal),
        }
    }
}
