//! A file as lines of text, within bounds.

use crate::complaint::Complaint;
use crate::limits::LINE_BYTES;

/// A byte order mark in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Lines with their numbers, from 1. A mark at the begin, ends of lines of either kind and blank lines are left out.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    left: &'a [u8],
    number: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { left: text.strip_prefix(MARK).unwrap_or(text), number: 0 }
    }

    /// The number of the last line that was read.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not blank; `None` at the end.
    pub(crate) fn next_line(&mut self) -> Result<Option<(u64, String)>, Complaint> {
        while !self.left.is_empty() {
            let end = self.left.iter().position(|byte| *byte == b'\n').unwrap_or(self.left.len());
            let (line, left) = self.left.split_at(end);
            self.left = left.strip_prefix(b"\n").unwrap_or(left);
            self.number += 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.len() > LINE_BYTES {
                let words = format!("the line is longer than {LINE_BYTES} bytes");
                return Err(Complaint::new(self.number, words, "write one row or one session per line"));
            }
            let Ok(text) = std::str::from_utf8(line) else {
                return Err(Complaint::new(
                    self.number,
                    "the line is not UTF-8 text",
                    "save the file as UTF-8",
                ));
            };
            if !text.trim().is_empty() {
                return Ok(Some((self.number, text.to_owned())));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Result<Vec<(u64, String)>, Complaint> {
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
        assert!(matches!(all(&long), Err(Complaint { line: 2, .. })));
        assert!(matches!(all(b"x\n\xff\n"), Err(Complaint { line: 2, .. })));
        assert!(all(&vec![b'z'; LINE_BYTES]).is_ok());
    }
}
