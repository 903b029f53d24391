//! A file as lines of text, within bounds.

use std::io::{self, BufRead};

use crate::complaint::Complaint;
use crate::limits::LINE_BYTES;

/// A byte order mark in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Why a line could not be had.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The disk failed on this line.
    Disk(u64, io::Error),
    /// The line is at fault.
    Line(Complaint),
}

impl From<Complaint> for Broken {
    fn from(complaint: Complaint) -> Self {
        Self::Line(complaint)
    }
}

/// Lines with their numbers, from 1. A mark at the begin, ends of lines of either kind and blank lines are left out.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    input: R,
    number: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, number: 0, buffer: Vec::new() }
    }

    /// The number of the last line that was read.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not blank; `None` at the end.
    pub(crate) fn next_line(&mut self) -> Result<Option<(u64, String)>, Broken> {
        loop {
            self.buffer.clear();
            let most = LINE_BYTES as u64 + 2;
            let read = io::Read::take(&mut self.input, most)
                .read_until(b'\n', &mut self.buffer)
                .map_err(|source| Broken::Disk(self.number + 1, source))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            let mut bytes = self.buffer.as_slice();
            if self.number == 1 {
                bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
            }
            let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            if bytes.len() > LINE_BYTES {
                let words = format!("the line is longer than {LINE_BYTES} bytes");
                return Err(
                    Complaint::new(self.number, words, "write one row or one session per line").into()
                );
            }
            let Ok(text) = std::str::from_utf8(bytes) else {
                return Err(Complaint::new(
                    self.number,
                    "the line is not UTF-8 text",
                    "save the file as UTF-8",
                )
                .into());
            };
            if !text.trim().is_empty() {
                return Ok(Some((self.number, text.to_owned())));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Result<Vec<(u64, String)>, Broken> {
        let mut lines = Lines::new(bytes);
        let mut found = Vec::new();
        while let Some(line) = lines.next_line()? {
            found.push(line);
        }
        Ok(found)
    }

    #[test]
    fn marks_ends_and_blank_lines_are_left_out() {
        let found = all(b"\xEF\xBB\xBFa,b\r\n\r\n \n1,2").expect("text");
        assert_eq!(found, [(1, "a,b".to_owned()), (4, "1,2".to_owned())]);
    }

    #[test]
    fn a_line_without_end_and_bytes_that_are_no_text_are_told_by_their_line() {
        let mut long = b"x\n".to_vec();
        long.resize(LINE_BYTES + 3, b'y');
        assert!(matches!(all(&long), Err(Broken::Line(Complaint { line: 2, .. }))));
        assert!(matches!(all(b"x\n\xff\n"), Err(Broken::Line(Complaint { line: 2, .. }))));
        assert!(all(&vec![b'z'; LINE_BYTES]).is_ok());
    }
}
