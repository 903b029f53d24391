//! Requests from stdin, on their own thread, so that `stop` is seen while a prompt plays.

use std::io::{BufRead, Read};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use edgesoak_protocol::runner::{MAX_LINE_BYTES, Request};

/// A request, or why a line is none.
pub type Incoming = Result<Request, String>;

/// Starts to listen. The channel closes at the end of stdin, which means: exit.
pub fn listen() -> Receiver<Incoming> {
    let (sender, requests) = sync_channel(4);
    thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        while let Some(incoming) = next_request(&mut stdin) {
            if sender.send(incoming).is_err() {
                return;
            }
        }
    });
    requests
}

/// The next line as a request; `None` at the end, and after a line so long that its end is not worth seeking.
fn next_request(source: &mut impl BufRead) -> Option<Incoming> {
    let mut line = Vec::new();
    source.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line).ok()?;
    Request::of_line(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_and_broken_ones_are_reported() {
        let mut bytes = b"{\"request\":\"stop\"}\n{\"request\":\"sing\"}\n".to_vec();
        bytes.extend(vec![b'x'; MAX_LINE_BYTES + 10]);
        let mut source = &bytes[..];
        assert_eq!(next_request(&mut source), Some(Ok(Request::Stop {})));
        assert!(matches!(next_request(&mut source), Some(Err(why)) if !why.contains("sing")));
        assert_eq!(next_request(&mut source), None);
    }
}
