//! What is accepted from a file: more than any honest one needs, less than would hurt the host.

/// Largest file, bytes.
pub const FILE_BYTES: u64 = 256 << 20;
/// Longest line, bytes.
pub const LINE_BYTES: usize = 1 << 20;
/// Largest document that goes over several lines, bytes.
pub const DOCUMENT_BYTES: usize = 4 << 20;
/// Sessions of one file.
pub const SESSIONS: usize = 200;
/// Rows of a table.
pub const ROWS: usize = 4_000_000;
/// Readings, rates and tokens of a file, all sessions and columns together.
pub const READINGS: usize = 4_000_000;
/// Columns of a table, and channels of a session.
pub const COLUMNS: usize = 200;
/// Longest text that is kept of a field, characters.
pub const TEXT_CHARS: usize = 120;
/// Comments before a table.
pub const COMMENTS: usize = 1_000;
/// Facts that are kept of a session.
pub const FACTS: usize = 32;
/// Longest session, seconds: no soak lasts for two days.
pub const SESSION_S: f64 = 172_800.0;
/// Shortest window of a rate, seconds.
pub const SHORTEST_WINDOW_S: f64 = 0.5;
/// Highest rate, per second.
pub const RATE: f64 = 1e5;
/// Most tokens of one callback.
pub const TOKENS_PER_STAMP: u32 = 256;
