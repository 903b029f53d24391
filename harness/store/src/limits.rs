//! What is accepted from a device or a file: more than any honest one needs, less than would hurt the host.

/// Largest device journal, bytes.
pub(crate) const JOURNAL_BYTES: u64 = 8 << 30;
/// Longest line of a host journal, bytes. The longest honest one holds the plan.
pub(crate) const HOST_LINE_BYTES: usize = 16 << 20;
/// Longest text of a device, bytes.
pub(crate) const TEXT_BYTES: usize = 64 << 10;
/// Channels of one journal.
pub(crate) const CHANNELS: usize = 4096;
/// Largest factor from a raw integer to a unit: keeps every value finite.
pub(crate) const SCALE: f64 = 1e18;
/// Rows per transaction while a journal is read. Bounds the write-ahead log and what a kill costs.
pub(crate) const ROWS_PER_TRANSACTION: u64 = 1 << 16;
/// Bytes that are read from a journal at once.
pub(crate) const READ_BYTES: usize = 256 << 10;
/// Bytes that are read first, in the hope that the header is among them.
pub(crate) const HEAD_BYTES: u64 = 64 << 10;
