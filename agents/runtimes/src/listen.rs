//! The thread that turns a runner's stdout into events.

use std::io::{BufReader, Read};
use std::sync::mpsc::SyncSender;

use edgesoak_protocol::runner::{Event, MAX_LINE_BYTES};

use crate::lines::{Line, read_line};

/// What came out of a runner.
#[derive(Debug, Clone, PartialEq)]
pub enum Received {
    /// An event. Its shape is checked; its numbers are the runner's claims.
    Event(Event),
    /// A line that is no event, described without a word of its text, which may be a prompt's.
    Malformed(String),
    /// The runner closed its stdout, as it does when it exits. Nothing follows.
    Closed,
    /// Nothing came in time.
    Timeout,
}

/// Reads until the stream ends or nobody listens any more.
///
/// The channel is bounded: a runner that floods us waits in its own `write`, not in our memory.
pub(crate) fn listen(stdout: impl Read, events: &SyncSender<Received>) {
    let mut source = BufReader::with_capacity(16 << 10, stdout);
    let mut line = Vec::new();
    loop {
        let received = match read_line(&mut source, &mut line, MAX_LINE_BYTES) {
            Ok(Line::Whole) if line.iter().all(u8::is_ascii_whitespace) => continue,
            Ok(Line::Whole) => parse(&line),
            Ok(Line::TooLong(bytes)) => Received::Malformed(format!("a line of {bytes} bytes")),
            Ok(Line::Cut(bytes)) => Received::Malformed(format!("{bytes} bytes without a line end")),
            Ok(Line::End) | Err(_) => return,
        };
        if events.send(received).is_err() {
            return;
        }
        // One huge line must not keep its memory for the rest of the session.
        line.shrink_to(64 << 10);
    }
}

fn parse(line: &[u8]) -> Received {
    match serde_json::from_slice(line) {
        Ok(event) => Received::Event(event),
        Err(error) => {
            let what = match error.classify() {
                serde_json::error::Category::Data => "JSON, but no event of the protocol",
                _ => "no JSON",
            };
            Received::Malformed(format!(
                "a line of {} bytes that is {what} (column {})",
                line.len(),
                error.column()
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use proptest::prelude::*;

    use super::*;

    fn heard(bytes: &[u8]) -> Vec<Received> {
        let (sender, receiver) = sync_channel(1000);
        listen(bytes, &sender);
        drop(sender);
        receiver.into_iter().collect()
    }

    #[test]
    fn garbage_between_events_is_described_and_not_repeated() {
        let bytes = b"{\"event\":\"error\",\"code\":\"x\",\"message\":\"y\"}\n\n\xff\xfesecret\n{\"event\":\"secret\"}\n{}";
        let all = heard(bytes);
        assert!(matches!(&all[0], Received::Event(Event::Error { code, .. }) if code == "x"));
        assert_eq!(all.len(), 4);
        for malformed in &all[1..] {
            let Received::Malformed(text) = malformed else { panic!("{malformed:?}") };
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_no_stack_overflow() {
        let mut bytes = b"{\"event\":".to_vec();
        bytes.extend(std::iter::repeat_n(b'[', 500_000));
        bytes.push(b'\n');
        assert!(matches!(heard(&bytes)[..], [Received::Malformed(_)]));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_one_answer_per_line_at_most(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            prop_assert!(heard(&bytes).len() <= lines);
        }
    }
}
