//! `host.journal`: one JSON object per line, read in bounded memory.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use edgesoak_record::host_entry::HostEntry;

use crate::error::StoreError;
use crate::limits::HOST_LINE_BYTES;

/// One line, counted from 1.
#[derive(Debug)]
pub(crate) enum Line {
    /// An entry.
    Entry(u64, Box<HostEntry>),
    /// A whole line that is no entry.
    Damaged(u64, String),
    /// The last line, without its end: it was never written whole, so nothing depends on it.
    Torn,
    /// Nothing more.
    End,
}

#[derive(Debug)]
pub(crate) struct HostFile {
    path: PathBuf,
    input: BufReader<File>,
    line: u64,
    buffer: Vec<u8>,
}

/// How a line was delimited.
#[derive(Debug, PartialEq, Eq)]
enum Extent {
    Whole,
    TooLong,
    Cut,
    Nothing,
}

impl HostFile {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let file =
            File::open(path).map_err(|source| StoreError::ReadFile { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), input: BufReader::new(file), line: 0, buffer: Vec::new() })
    }

    pub(crate) fn next(&mut self) -> Result<Line, StoreError> {
        loop {
            let extent = read_line(&mut self.input, &mut self.buffer)
                .map_err(|source| StoreError::ReadFile { path: self.path.clone(), source })?;
            self.line += 1;
            match extent {
                Extent::Nothing => return Ok(Line::End),
                Extent::Cut => return Ok(Line::Torn),
                Extent::TooLong => return Ok(Line::Damaged(self.line, "it is too long".to_owned())),
                Extent::Whole if self.buffer.trim_ascii().is_empty() => {}
                Extent::Whole => {
                    return Ok(match serde_json::from_slice(&self.buffer) {
                        Ok(entry) => Line::Entry(self.line, Box::new(entry)),
                        Err(error) => Line::Damaged(self.line, error.to_string()),
                    });
                }
            }
        }
    }
}

/// Reads up to and without the next line feed; of a line that is too long only the end is looked for.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<Extent> {
    line.clear();
    let mut too_long = false;
    let mut any = false;
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            return Ok(if any { Extent::Cut } else { Extent::Nothing });
        }
        any = true;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let piece = &bytes[..end.unwrap_or(bytes.len())];
        too_long |= line.len() + piece.len() > HOST_LINE_BYTES;
        if !too_long {
            line.extend_from_slice(piece);
        }
        let used = piece.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(if too_long { Extent::TooLong } else { Extent::Whole });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_and_the_last_one_may_be_cut() {
        let mut text = b"one\n\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', HOST_LINE_BYTES + 1));
        text.extend_from_slice(b"\ntwo\nthr");
        let mut input = BufReader::with_capacity(4096, text.as_slice());
        let mut line = Vec::new();
        let mut next = || {
            let extent = read_line(&mut input, &mut line).expect("memory");
            (extent, line.len())
        };
        assert_eq!(next(), (Extent::Whole, 3));
        assert_eq!(next(), (Extent::Whole, 0));
        let (extent, held) = next();
        assert!(extent == Extent::TooLong && held <= HOST_LINE_BYTES);
        assert_eq!(next(), (Extent::Whole, 3));
        assert_eq!(next(), (Extent::Cut, 3));
        assert_eq!(next(), (Extent::Nothing, 0));
    }
}
