//! What a signature is for.

/// What is signed. A signature for one purpose never holds for another, whatever the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The manifest of a golden set.
    GoldenSet,
    /// A person's statement on a report.
    Report,
}

impl Purpose {
    /// The line that stands before the bytes that are signed. Changes with the meaning of what follows it.
    const fn line(self) -> &'static str {
        match self {
            Purpose::GoldenSet => "edgesoak golden set 1\n",
            Purpose::Report => "edgesoak report 1\n",
        }
    }

    /// What is signed in the place of these bytes.
    pub(crate) fn message(self, bytes: &[u8]) -> Vec<u8> {
        [self.line().as_bytes(), bytes].concat()
    }
}
