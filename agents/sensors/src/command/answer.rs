//! What a program answered, and how much of it may cost how long.

use std::time::Duration;

use edgesoak_protocol::{Reading, Reason};

/// Bounds of one run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time after which the program and its children are killed.
    pub deadline: Duration,
    /// Bytes that it may print.
    pub most: usize,
    /// Whether it is done with its first line: some print one a second for ever.
    pub first_line: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(5), most: 2 * 1024 * 1024, first_line: false }
    }
}

/// What one run gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it printed: its output, or what it complained of where it printed nothing. A program that is not
    /// there is [`Reason::CommandMissing`]; one that ran out of time, was killed or died is [`Reason::Failed`].
    pub text: Reading<String>,
    /// Whether all of it is here; `false` where it printed more than the limit.
    pub whole: bool,
    /// Everything it printed, bytes; at least this much where it was cut.
    pub bytes: u64,
    /// Its exit code, where it ended by itself.
    pub exit: Option<i32>,
    /// How long it took.
    pub took: Duration,
}

impl Answer {
    /// A program that gave nothing.
    pub(crate) fn none(reason: Reason, took: Duration) -> Self {
        Self { text: Err(reason), whole: true, bytes: 0, exit: None, took }
    }
}
