//! The packets of shell v2: a number that says what it is, a length, and bytes.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// Bytes before those of a packet.
pub(in super::super) const HEADER_BYTES: usize = 5;
const STDIN: u8 = 0;
pub(in super::super) const STDOUT: u8 = 1;
pub(in super::super) const STDERR: u8 = 2;
const EXIT: u8 = 3;
const CLOSE_STDIN: u8 = 4;
const WINDOW_SIZE: u8 = 5;
/// The longest text that tells the size of a window.
const MAX_WINDOW_SIZE: usize = 64;

/// What a host wants besides passing bytes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Action {
    /// No more input comes.
    CloseStdin,
    /// The window of the person is so large.
    Resize {
        /// Lines.
        rows: u16,
        /// Letters in a line.
        columns: u16,
    },
}

/// Reads packets, however they are cut into pieces.
#[derive(Debug, Default)]
pub(in super::super) struct Reader {
    header: Vec<u8>,
    /// What the packet is, and how many of its bytes are to come.
    packet: Option<(u8, u32)>,
    text: Vec<u8>,
}

impl Reader {
    /// Reads a piece: input goes to `input`, anything else is returned.
    pub(in super::super) fn read(&mut self, mut piece: &[u8], input: &mut Vec<u8>) -> Vec<Action> {
        let mut actions = Vec::new();
        loop {
            let Some((kind, left)) = self.packet else {
                let missing = (HEADER_BYTES - self.header.len()).min(piece.len());
                let (start, rest) = piece.split_at(missing);
                self.header.extend(start);
                piece = rest;
                let [kind, a, b, c, d] = self.header[..] else { return actions };
                self.header.clear();
                self.packet = Some((kind, u32::from_le_bytes([a, b, c, d])));
                continue;
            };
            let taken = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
            let (body, rest) = piece.split_at(taken);
            piece = rest;
            match kind {
                STDIN => input.extend(body),
                WINDOW_SIZE if self.text.len() + taken <= MAX_WINDOW_SIZE => self.text.extend(body),
                _ => {}
            }
            let left = left - u32::try_from(taken).unwrap_or(left);
            self.packet = (left > 0).then_some((kind, left));
            if left > 0 {
                return actions;
            }
            actions.extend(self.finish(kind));
        }
    }

    fn finish(&mut self, kind: u8) -> Option<Action> {
        match kind {
            CLOSE_STDIN => Some(Action::CloseStdin),
            WINDOW_SIZE => resize(&std::mem::take(&mut self.text)),
            _ => None,
        }
    }
}

/// `ROWSxCOLUMNS,WIDTHxHEIGHT`.
fn resize(text: &[u8]) -> Option<Action> {
    let (rows, columns) = std::str::from_utf8(text).ok()?.split_once(',')?.0.split_once('x')?;
    Some(Action::Resize { rows: rows.parse().ok()?, columns: columns.parse().ok()? })
}

/// The bytes before a packet of `length` bytes.
pub(in super::super) fn header(kind: u8, length: usize) -> [u8; HEADER_BYTES] {
    let [a, b, c, d] = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    [kind, a, b, c, d]
}

/// The last packet: how the command ended, 128 and more for a signal.
pub(super) fn exit(status: ExitStatus) -> [u8; HEADER_BYTES + 1] {
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    let [kind, a, b, c, d] = header(EXIT, 1);
    // A code is a byte on every Linux.
    [kind, a, b, c, d, u8::try_from(code & 0xff).unwrap_or(u8::MAX)]
}

#[cfg(test)]
#[path = "packet_tests.rs"]
mod tests;
