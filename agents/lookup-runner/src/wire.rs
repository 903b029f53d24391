//! Lines in, lines out: bounded, and an error never repeats what it is about.

use std::io::{self, BufRead, Read, Write};

use edgesoak_protocol::runner::{Event, MAX_LINE_BYTES, Request};

/// The next request, or why a line is none; `None` at the end, and after a line so long that its end is not worth
/// seeking.
pub fn next_request(source: &mut impl BufRead) -> Option<Result<Request, String>> {
    let mut line = Vec::new();
    source.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line).ok()?;
    Request::of_line(&line)
}

/// Writes events, a line each, in one write: an answer and its end leave together.
pub fn say(out: &mut impl Write, events: &[Event]) -> io::Result<()> {
    let mut lines = Vec::new();
    for event in events {
        serde_json::to_writer(&mut lines, event)?;
        lines.push(b'\n');
    }
    out.write_all(&lines)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_and_broken_ones_are_not_repeated() {
        let mut bytes = b"{\"request\":\"stop\"}\n{\"request\":\"secret\"}\n".to_vec();
        bytes.extend(vec![b'x'; MAX_LINE_BYTES + 10]);
        let mut source = &bytes[..];
        assert_eq!(next_request(&mut source), Some(Ok(Request::Stop {})));
        assert!(matches!(next_request(&mut source), Some(Err(why)) if !why.contains("secret")));
        assert_eq!(next_request(&mut source), None);
    }
}
