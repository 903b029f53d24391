//! Why a page cannot be read back, or data cannot lose its names.

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// Finding the block of data of a page.
    #[error("it holds no block of data as `edgesoak report` writes it")]
    FindData,
    /// Finding one block of data.
    #[error("it holds more than one block of data: two readers could see two verdicts")]
    FindOneData,
    /// Reading the block of data.
    #[error("its block of data is no document of a report")]
    ReadData,
    /// Taking names out of data that would not be the same data any more without them.
    #[error("a name that is to be taken out is also a word that must stay")]
    Redact {
        /// What cannot be read any more.
        source: serde_json::Error,
    },
}

impl ReportError {
    /// Whose it is to mend: always `config`.
    #[must_use]
    pub fn whose(&self) -> &'static str {
        "config"
    }

    /// Whether trying again may help: never.
    #[must_use]
    pub fn retry(&self) -> bool {
        false
    }
}
