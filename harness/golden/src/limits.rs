//! Bounds on everything that is read: a set is data of others.

/// Largest file of a set, bytes.
pub(crate) const MAX_FILE_BYTES: u64 = 64 << 20;
/// Largest set, bytes.
pub(crate) const MAX_SET_BYTES: u64 = 128 << 20;
/// Largest manifest and schema, bytes.
pub(crate) const MAX_DOCUMENT_BYTES: usize = 1 << 20;
/// Most files of a set.
pub(crate) const MAX_FILES: usize = 256;
/// Deepest folder below that of the set.
pub(crate) const MAX_DEPTH: usize = 3;
/// Longest line: that of what runs on devices.
pub(crate) const MAX_LINE_BYTES: usize = 256 << 10;
/// Longest answer with its line, bytes: what a model says without end is scored, too.
pub(crate) const MAX_ANSWER_BYTES: usize = 16 << 20;
/// Largest file of answers, bytes.
pub const MAX_ANSWER_FILE_BYTES: u64 = 256 << 20;
/// Most items, and most documents.
pub(crate) const MAX_LINES: usize = 100_000;
/// Most turns of a conversation: as on devices.
pub(crate) const MAX_MESSAGES: usize = 64;
/// Most tags of an item, and most slices of a set.
pub(crate) const MAX_TAGS: usize = 32;
/// Longest id, tag or name, characters.
pub(crate) const LONGEST_NAME: usize = 64;
/// Longest title, licence, tag value or change, characters.
pub(crate) const LONGEST_WORDS: usize = 1000;
/// Most documents that are put in front of a model.
pub(crate) const MOST_DOCS: usize = 64;
/// Most pictures of an item: as on devices.
pub(crate) const MOST_IMAGES: usize = 8;
/// Largest picture, bytes: as for the prompts of a soak.
pub(crate) const MAX_IMAGE_BYTES: usize = 8 << 20;
/// Most findings that are told at once.
pub(crate) const MOST_FINDINGS: usize = 100;
