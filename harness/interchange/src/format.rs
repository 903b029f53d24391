//! The formats that are read.

/// Kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per session, with a series of decode rates under `metrics.decodeRateRollingWindow`.
    DecodeRates,
    /// A table with one row per minute under comments that describe the run.
    Minutes,
    /// What `llama-bench -o jsonl` prints.
    LlamaBench,
    /// Our own table, see `docs/import.md`.
    Csv,
    /// The same as one JSON object per row.
    Ndjson,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 5] =
        [Format::DecodeRates, Format::Minutes, Format::LlamaBench, Format::Csv, Format::Ndjson];

    /// The word in records and on the terminal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Format::DecodeRates => "decode-rates",
            Format::Minutes => "minutes",
            Format::LlamaBench => "llama-bench",
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        }
    }
}
