//! What became of a session.

/// How far a session came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Completed,
    Interrupted,
    NotRun,
    /// The host has not closed it.
    Unfinished,
    /// The verdict names it and the record does not.
    Unknown,
}

impl Standing {
    pub fn word(self) -> &'static str {
        match self {
            Standing::Completed => "completed",
            Standing::Interrupted => "interrupted",
            Standing::NotRun => "not run",
            Standing::Unfinished => "not closed",
            Standing::Unknown => "no record",
        }
    }
}
