//! Lines of bounded length from a stream that may hold anything.

use std::io::{self, BufRead};

/// One line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A whole line, now in the caller's buffer.
    Whole,
    /// A line longer than the limit; its bytes were read and dropped.
    TooLong(u64),
    /// The stream ended inside a line: so many bytes had no line end.
    Cut(usize),
    /// The stream has ended.
    End,
}

/// Reads up to the next `\n` into `line`, which never grows beyond `limit` bytes.
pub(crate) fn read_line(source: &mut impl BufRead, line: &mut Vec<u8>, limit: usize) -> io::Result<Line> {
    line.clear();
    let mut length: u64 = 0;
    loop {
        let available = match source.fill_buf() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok(match length {
                0 => Line::End,
                _ if length > limit as u64 => Line::TooLong(length),
                _ => Line::Cut(line.len()),
            });
        }
        let end = available.iter().position(|byte| *byte == b'\n');
        let part = &available[..end.unwrap_or(available.len())];
        length += part.len() as u64;
        if length <= limit as u64 {
            line.extend_from_slice(part);
        } else {
            line.clear();
        }
        let used = part.len() + usize::from(end.is_some());
        source.consume(used);
        if end.is_some() {
            return Ok(if length > limit as u64 { Line::TooLong(length) } else { Line::Whole });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    fn all(bytes: &[u8], chunk: usize, limit: usize) -> Vec<(Line, Vec<u8>)> {
        let mut source = BufReader::with_capacity(chunk, bytes);
        let mut line = Vec::new();
        let mut out = Vec::new();
        loop {
            let kind = read_line(&mut source, &mut line, limit).expect("memory cannot fail");
            if kind == Line::End {
                return out;
            }
            out.push((kind, line.clone()));
        }
    }

    #[test]
    fn a_long_line_is_dropped_and_the_next_one_is_whole() {
        let lines = all(b"123456789\nok\nab", 4, 4);
        assert_eq!(
            lines,
            [(Line::TooLong(9), vec![]), (Line::Whole, b"ok".to_vec()), (Line::Cut(2), b"ab".to_vec())]
        );
    }

    proptest! {
        #[test]
        fn splits_like_the_whole_text(bytes in prop::collection::vec(prop::sample::select(vec![b'\n', b'a', 0xff]), 0..64), chunk in 1usize..9) {
            let lines = all(&bytes, chunk, 1000);
            let mut expected: Vec<_> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            if expected.last().is_some_and(Vec::is_empty) {
                expected.pop();
            }
            prop_assert_eq!(lines.into_iter().map(|(_, text)| text).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn never_holds_more_than_the_limit(bytes in prop::collection::vec(any::<u8>(), 0..300), limit in 0usize..20) {
            for (kind, text) in all(&bytes, 7, limit) {
                prop_assert!(text.len() <= limit);
                if let Line::TooLong(length) = kind {
                    prop_assert!(length > limit as u64);
                }
            }
        }
    }
}
