//! Words to people and programs: a reader that went away is no error, and a device's words cannot steer a terminal.

use std::io::{self, ErrorKind, Write};

use edgesoak_reports::without_tricks;

use crate::failure::Failure;

/// Prints a result on stdout. `edgesoak plan | head` is no error; a full disk behind stdout is one.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::infrastructure("cannot print the result on stdout").because(&error))
        }
        _ => Ok(()),
    }
}

/// Prints a line on stderr.
pub fn tell(line: &str) {
    // A run must not end because nobody listens any more.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Text that may quote a device, a runtime or a model, without anything that a terminal would obey, and as harmless as a
/// page would show it.
pub fn printable(text: &str) -> String {
    without_tricks(text)
}

/// The same in one line: a text that others wrote cannot look like a line of this program.
pub fn one_line(text: &str) -> String {
    printable(text).replace(['\n', '\u{2028}', '\u{2029}'], "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::{one_line, printable};

    #[test]
    fn a_text_stays_in_its_line() {
        assert_eq!(one_line("a\nb\u{2028}c\u{1b}d e"), "a\u{fffd}b\u{fffd}c\u{fffd}d e");
    }

    #[test]
    fn escape_sequences_lose_their_power() {
        assert_eq!(printable("a\u{1b}[2Jb\r\u{7}\nc °C"), "a\u{fffd}[2Jb\u{fffd}\u{fffd}\nc °C");
        assert_eq!(printable("pass\u{202e}liaf\u{9b}2J"), "pass\u{fffd}liaf\u{fffd}2J");
    }
}
