//! The end of a runner's stderr: what it said before it died.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use crate::withhold::{WITHHELD, repeats};

/// Bytes of stderr that are kept; only its last line is ever shown.
const KEPT: usize = 4 << 10;

/// Shared between the thread that reads stderr and whoever asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tail(Arc<Mutex<Vec<u8>>>);

impl Tail {
    /// Reads the stream to its end and keeps the last bytes.
    pub(crate) fn drain(&self, mut stderr: impl Read) {
        let mut part = [0; 1024];
        loop {
            match stderr.read(&mut part) {
                Ok(0) => return,
                Ok(length) => self.push(&part[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    }

    fn push(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        let excess = kept.len().saturating_sub(KEPT);
        kept.drain(..excess);
    }

    /// The last line that is not blank, with wrong UTF-8 replaced.
    pub(crate) fn last_line(&self) -> String {
        last_line(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets what was said if its last line repeats `prompt`: later it could not be compared any more.
    pub(crate) fn forget(&self, prompt: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if repeats(&last_line(&kept), prompt) {
            kept.clear();
            kept.extend_from_slice(WITHHELD.as_bytes());
            kept.push(b'\n');
        }
    }
}

fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_survives_a_flood_and_wrong_utf8() {
        let tail = Tail::default();
        tail.drain(std::io::repeat(b'x').take(100_000));
        tail.drain(&b"\nfirst\nout of \xffmemory\n\n"[..]);
        assert_eq!(tail.last_line(), "out of \u{fffd}memory");
        assert!(tail.0.lock().expect("no thread panicked").len() <= KEPT);
    }

    #[test]
    fn silence_is_empty() {
        assert_eq!(Tail::default().last_line(), "");
    }
}
