//! Bytes as lines, within bounds.

/// Longest line of an instrument, bytes; a longer one is a bad line.
pub const MAX_LINE: usize = 4096;

/// A line, or that it was too long to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// Cuts a stream into lines; what follows the last line end waits for more.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    rest: Vec<u8>,
    /// The line that is being read has been given up.
    skipping: bool,
}

impl Splitter {
    /// The lines that these bytes complete.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ends) = match piece.split_last() {
                Some((b'\n', text)) => (text, true),
                _ => (piece, false),
            };
            if self.rest.len() + text.len() > MAX_LINE {
                self.skipping = true;
                self.rest.clear();
            }
            if !self.skipping {
                self.rest.extend_from_slice(text);
            }
            if ends {
                let line = std::mem::take(&mut self.rest);
                lines.push(if std::mem::take(&mut self.skipping) {
                    Line::TooLong
                } else {
                    Line::Whole(line)
                });
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_without_end_is_given_up_and_the_next_one_is_read() {
        let mut splitter = Splitter::default();
        for _ in 0..100 {
            assert_eq!(splitter.feed(&[b'x'; 1000]), []);
            assert!(splitter.rest.len() <= MAX_LINE);
        }
        assert_eq!(splitter.feed(b"x\ny\nz"), [Line::TooLong, Line::Whole(b"y".to_vec())]);
    }

    proptest! {
        #[test]
        fn lines_do_not_depend_on_how_the_stream_was_cut(text in "[a-c\n]{0,60}", cuts in proptest::collection::vec(1usize..7, 0..20)) {
            let whole = Splitter::default().feed(text.as_bytes());
            let mut splitter = Splitter::default();
            let (mut lines, mut rest) = (Vec::new(), text.as_bytes());
            for cut in cuts {
                let (head, tail) = rest.split_at(cut.min(rest.len()));
                lines.extend(splitter.feed(head));
                rest = tail;
            }
            lines.extend(splitter.feed(rest));
            prop_assert_eq!(lines, whole);
        }
    }
}
