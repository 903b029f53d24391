//! Why something in a session did not work, on its way to the sentence that closes the session.

use std::io;

use edgesoak_drivers::{DriverError, Output};
use edgesoak_record::session::SessionClose;

use crate::events::is_full;
use crate::machine;
use crate::sink_thread::sentence;

/// Longest quotation of a program's stderr, bytes.
const MAX_WORDS: usize = 400;

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
        let code = output.code.map_or("a signal".to_owned(), |code| format!("code {code}"));
        let setback = Self::new("device", format!("the agent ended `{what}` with {code}: {words}"));
        // Killed in the middle of its answer, or of what it was asked to do.
        Self { out_of_reach: output.code.is_none(), ..setback }
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
