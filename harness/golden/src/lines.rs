//! Files of one JSON text a line.

use crate::finding::Finding;
use crate::limits::{MAX_LINE_BYTES, MAX_LINES};
use crate::problem::Problem;

/// The lines of a file with their numbers from 1; what is wrong with them as lines joins the findings.
///
/// Digests rest on what is written, so there is one way to write: UTF-8, each line ends with a line feed, none is
/// blank.
pub(crate) fn of<'a>(file: &str, bytes: &'a [u8], findings: &mut Vec<Finding>) -> Vec<(u64, &'a str)> {
    of_at_most(MAX_LINE_BYTES, file, bytes, findings)
}

/// The same with another bound on a line's length, bytes.
pub(crate) fn of_at_most<'a>(
    most: usize,
    file: &str,
    bytes: &'a [u8],
    findings: &mut Vec<Finding>,
) -> Vec<(u64, &'a str)> {
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
        if number > MAX_LINES as u64 {
            let problem = Problem::TooMuch { what: "too many lines", limit: MAX_LINES.to_string() };
            findings.push(Finding::at(file, number, problem));
            break;
        }
        match checked(line, most) {
            Ok(text) => lines.push((number, text)),
            Err(problem) => findings.push(Finding::at(file, number, problem)),
        }
    }
    if bytes.is_empty() {
        findings.push(Finding::of(file, Problem::Line { complaint: "holds no line" }));
    }
    lines
}

fn checked(line: &[u8], most: usize) -> Result<&str, Problem> {
    let complain = |complaint| Err(Problem::Line { complaint });
    let Some(line) = line.strip_suffix(b"\n") else {
        return complain("the last line has no end: files end with a line feed");
    };
    if line.len() > most {
        let limit = format!("{} KiB", most / 1024);
        return Err(Problem::TooMuch { what: "the line is too long", limit });
    }
    let text = std::str::from_utf8(line).map_err(|_| Problem::NotUtf8)?;
    match text {
        _ if text.trim().is_empty() => complain("the line is blank"),
        _ if text.starts_with('\u{feff}') => complain("the file begins with a byte order mark"),
        _ if text.ends_with('\r') => complain("the line ends with a carriage return"),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Vec<String> {
        let mut findings = Vec::new();
        of("f", bytes, &mut findings);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn there_is_one_way_to_write_lines() {
        assert!(told(b"1\n2\n").is_empty());
        assert_eq!(told(b""), ["f: holds no line"]);
        assert_eq!(told(b"1\n2"), ["f:2: the last line has no end: files end with a line feed"]);
        assert_eq!(told(b"1\n\n3\n"), ["f:2: the line is blank"]);
        assert_eq!(told(b"1\r\n"), ["f:1: the line ends with a carriage return"]);
        assert_eq!(told(b"\xef\xbb\xbf1\n"), ["f:1: the file begins with a byte order mark"]);
        assert_eq!(told(b"1\n\xff\n"), ["f:2: is not UTF-8 text"]);
    }

    #[test]
    fn a_line_without_bounds_is_refused() {
        let mut long = vec![b'1'; MAX_LINE_BYTES + 1];
        long.push(b'\n');
        assert_eq!(told(&long), ["f:1: the line is too long: at most 256 KiB"]);
    }
}
