//! Why something in a session did not work, on its way to the sentence that closes the session.

use std::io;

use edgesoak_drivers::{DriverError, Output};
use edgesoak_record::session::SessionClose;

use crate::events::is_full;
use crate::machine;
use crate::sink_thread::sentence;

/// Longest quotation of a program's stderr, bytes.
const MAX_WORDS: usize = 400;

/// Signals by which others end a program: hangup, kill and termination.
const KILLS: [i32; 3] = [1, 9, 15];

/// What did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setback {
    /// A stable word where the setback itself knows one, such as `busy`.
    pub(crate) cause: Option<&'static str>,
    pub(crate) whose: &'static str,
    pub(crate) detail: String,
    /// There is no answer, which says nothing about what happens on the device.
    pub(crate) out_of_reach: bool,
}

impl Setback {
    pub(crate) fn new(whose: &'static str, detail: impl Into<String>) -> Self {
        Self { cause: None, whose, detail: detail.into(), out_of_reach: false }
    }

    pub(crate) fn because(mut self, cause: &'static str) -> Self {
        self.cause = Some(cause);
        self
    }

    /// The host cannot keep what it must keep.
    pub(crate) fn host_disk(error: &io::Error) -> Self {
        let cause = if is_full(error) { "host-disk-full" } else { "host-disk-failed" };
        Self::new("lab", format!("the host cannot keep the run: {error}")).because(cause)
    }

    /// The agent ended with a code that means failure.
    pub(crate) fn refused(what: &str, output: &Output) -> Self {
        let words = last_words(&output.stderr);
        let code = output.code.map(|code| format!("code {code}"));
        let code = code.or_else(|| output.signal.map(|signal| format!("signal {signal}")));
        let code = code.unwrap_or_else(|| "a signal".to_owned());
        let setback = Self::new("device", format!("the agent ended `{what}` with {code}: {words}"));
        // Killed in the middle of its answer, or of what it was asked to do. One that crashes does so again.
        let was_killed = output.code.is_none() && output.signal.is_none_or(|signal| KILLS.contains(&signal));
        Self { out_of_reach: was_killed, ..setback }
    }

    /// The session never began.
    pub(crate) fn not_run(self, cause: &str) -> SessionClose {
        machine::not_run(self.cause.unwrap_or(cause), self.whose, &self.detail)
    }

    /// The session had begun.
    pub(crate) fn interrupted(self, cause: &str) -> SessionClose {
        machine::interrupted(self.cause.unwrap_or(cause), self.whose, &self.detail)
    }
}

impl From<DriverError> for Setback {
    fn from(error: DriverError) -> Self {
        let what = sentence(&error);
        Self {
            cause: None,
            whose: error.whose().word(),
            detail: error.hint().map_or(what.clone(), |hint| format!("{what}; {hint}")),
            out_of_reach: error.retry(),
        }
    }
}

/// The last words that a program printed, bounded and in one line.
pub(crate) fn last_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(&stderr[stderr.len().saturating_sub(MAX_WORDS)..]).into_owned();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { "it said nothing".to_owned() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_that_was_killed_is_out_of_reach_and_one_that_crashed_is_not() {
        let ended = |code, signal| {
            Setback::refused(
                "probe",
                &Output { code, signal, stdout: Vec::new(), stderr: Vec::new(), truncated: false },
            )
        };
        for signal in KILLS {
            assert!(ended(None, Some(signal)).out_of_reach, "{signal}");
        }
        for (code, signal) in [(Some(2), None), (None, Some(11)), (None, Some(4))] {
            assert!(!ended(code, signal).out_of_reach, "{code:?} {signal:?}");
        }
        assert!(ended(None, Some(11)).detail.contains("with signal 11"));
    }
}
