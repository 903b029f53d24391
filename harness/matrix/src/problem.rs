//! What can be wrong with a matrix, in one sentence each.

use std::io;

/// One thing that is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Reading a file of the matrix.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Trusting a file whose commands run on this host.
    #[error(
        "`{path}` can be written by others (mode {mode:03o}): whoever can write it runs commands on this host"
    )]
    OthersMayWrite {
        /// The file.
        path: String,
        /// Its permissions.
        mode: u32,
    },
    /// Reading a file within its bound.
    #[error("`{path}` is larger than {limit_kib} KiB")]
    TooLarge {
        /// The file.
        path: String,
        /// The bound.
        limit_kib: u64,
    },
    /// Reading a file as text.
    #[error("`{path}` is not UTF-8 text: line {line}")]
    NotUtf8 {
        /// The file.
        path: String,
        /// Line of the first bad byte, from 1.
        line: usize,
    },
    /// Reading lines within their bound.
    #[error("`{path}`: line {line} is longer than {limit} bytes")]
    LineTooLong {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The bound.
        limit: usize,
    },
    /// Reading a file that says nothing.
    #[error("`{path}` says nothing: it is empty, or all comments")]
    Empty {
        /// The file.
        path: String,
    },
    /// Reading a table in which each key stands once.
    #[error("`{key}` is set twice")]
    KeyTwice {
        /// The key or the table's header.
        key: String,
    },
    /// Parsing TOML.
    #[error("not valid TOML: {message}")]
    Syntax {
        /// The parser's words.
        message: String,
    },
    /// Recognising a key.
    #[error("unknown key `{key}` in {place}")]
    UnknownKey {
        /// The key.
        key: String,
        /// Which table.
        place: String,
    },
    /// Finding a key that must be there.
    #[error("{place} lacks `{key}`")]
    MissingKey {
        /// The key.
        key: String,
        /// Which table.
        place: String,
    },
    /// Reading a value of the right kind.
    #[error("`{key}` must be {expected}, not {found}")]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// Reading a number with its unit.
    #[error("`{key}`: {complaint}")]
    BadQuantity {
        /// The key.
        key: String,
        /// What is wrong with it.
        complaint: String,
    },
    /// Keeping a value within its bounds.
    #[error("`{key}` is {found}; it must be {bounds}")]
    OutOfRange {
        /// The key.
        key: String,
        /// The value.
        found: String,
        /// What is accepted: `from 1 s to 24 h`.
        bounds: String,
    },
    /// Reading text of a certain form.
    #[error("`{key}`: {found} {complaint}")]
    BadText {
        /// The key.
        key: String,
        /// The text, quoted.
        found: String,
        /// What is wrong with it.
        complaint: String,
    },
    /// Choosing one of a few words.
    #[error("`{key}` cannot be {found}")]
    UnknownWord {
        /// The key.
        key: String,
        /// The word, quoted.
        found: String,
    },
    /// Following a name to what it names.
    #[error("there is no {kind} `{id}`")]
    UnknownReference {
        /// Kind of thing.
        kind: &'static str,
        /// The name.
        id: String,
    },
    /// Giving each thing its own name.
    #[error("{kind} `{id}` is defined twice")]
    DuplicateId {
        /// Kind of thing.
        kind: &'static str,
        /// The name.
        id: String,
    },
    /// Merging files.
    #[error("`{key}` is set in more than one file")]
    SetTwice {
        /// The key.
        key: String,
    },
    /// Listing each thing once.
    #[error("`{key}` lists {found} twice")]
    ListedTwice {
        /// The key.
        key: String,
        /// The item, quoted.
        found: String,
    },
    /// Combining keys.
    #[error("{complaint}")]
    Contradiction {
        /// What does not go together.
        complaint: String,
    },
    /// Following `include` or `extends`.
    #[error("`{key}` runs in a circle: {path}")]
    Cycle {
        /// `include` or `extends`.
        key: &'static str,
        /// The circle.
        path: String,
    },
    /// Counting within bounds.
    #[error("too many {what}: {found}, at most {limit}")]
    TooMany {
        /// What was counted.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many may be.
        limit: usize,
    },
    /// Matching devices.
    #[error("no device matches `{glob}`")]
    NoSuchDevice {
        /// The pattern.
        glob: String,
    },
    /// Holding two candidates against each other.
    #[error("{complaint}")]
    NoPair {
        /// Why they cannot be.
        complaint: String,
    },
    /// Choosing a profile.
    #[error("{complaint}")]
    NoProfile {
        /// Why none could be chosen.
        complaint: String,
    },
    /// Using a feature.
    #[error("{what} is not built into this version")]
    NotBuiltIn {
        /// The feature, with its name.
        what: String,
    },
    /// Reading a file that a workload or candidate names.
    #[error("cannot use `{path}`: {complaint}")]
    BadInput {
        /// The file, as it stands in the matrix.
        path: String,
        /// What is wrong with it.
        complaint: String,
    },
    /// Planning at least one session.
    #[error("profile `{profile}` plans nothing: {complaint}")]
    NothingPlanned {
        /// The profile.
        profile: String,
        /// Why.
        complaint: String,
    },
    /// Taking the digest of the plan.
    #[error("cannot take the digest of the plan")]
    Digest {
        /// Why.
        source: serde_json::Error,
    },
    /// Showing everything.
    #[error("{more} more problems are not shown")]
    More {
        /// How many.
        more: usize,
    },
}

impl Problem {
    /// A stable word for the kind of problem.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Read { .. } => "read",
            Problem::OthersMayWrite { .. } => "others_may_write",
            Problem::TooLarge { .. } => "too_large",
            Problem::NotUtf8 { .. } => "not_utf8",
            Problem::LineTooLong { .. } => "line_too_long",
            Problem::Empty { .. } => "empty",
            Problem::KeyTwice { .. } => "key_twice",
            Problem::Syntax { .. } => "syntax",
            Problem::UnknownKey { .. } => "unknown_key",
            Problem::MissingKey { .. } => "missing_key",
            Problem::WrongType { .. } => "wrong_type",
            Problem::BadQuantity { .. } => "bad_quantity",
            Problem::OutOfRange { .. } => "out_of_range",
            Problem::BadText { .. } => "bad_text",
            Problem::UnknownWord { .. } => "unknown_word",
            Problem::UnknownReference { .. } => "unknown_reference",
            Problem::DuplicateId { .. } => "duplicate_id",
            Problem::SetTwice { .. } => "set_twice",
            Problem::ListedTwice { .. } => "listed_twice",
            Problem::Contradiction { .. } => "contradiction",
            Problem::Cycle { .. } => "cycle",
            Problem::TooMany { .. } => "too_many",
            Problem::NoSuchDevice { .. } => "no_such_device",
            Problem::NoPair { .. } => "no_pair",
            Problem::NoProfile { .. } => "no_profile",
            Problem::NotBuiltIn { .. } => "not_built_in",
            Problem::BadInput { .. } => "bad_input",
            Problem::NothingPlanned { .. } => "nothing_planned",
            Problem::Digest { .. } => "digest",
            Problem::More { .. } => "more",
        }
    }
}

/// Quotes text of a file for a message: short, and without anything that a terminal would obey.
pub(crate) fn quote(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut quoted = String::from("`");
    for c in text.chars().take(LONGEST) {
        if crate::source::is_obeyed(c) || c.is_whitespace() && c != ' ' {
            quoted.extend(c.escape_unicode());
        } else {
            quoted.push(c);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        quoted.push('…');
    }
    quoted.push('`');
    quoted
}
