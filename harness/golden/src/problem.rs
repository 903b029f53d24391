//! What can be wrong with a golden set, in one sentence each; none holds a word of a prompt or an answer.

use std::io;

use crate::version::{Step, Version};

/// One thing that is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Reading a file or folder.
    #[error("cannot be read")]
    Read {
        /// Why.
        source: io::Error,
    },
    /// Taking only plain files.
    #[error("is neither a file nor a folder")]
    NotPlain,
    /// Keeping within bounds.
    #[error("{what}: at most {limit}")]
    TooMuch {
        /// What is too large, too long or too many.
        what: &'static str,
        /// The bound, with its unit.
        limit: String,
    },
    /// Reading a file as text.
    #[error("is not UTF-8 text")]
    NotUtf8,
    /// Reading a file line by line.
    #[error("{complaint}")]
    Line {
        /// What is wrong with the line as such.
        complaint: &'static str,
    },
    /// Reading JSON of a certain shape.
    #[error("{complaint}")]
    Json {
        /// What is wrong with it.
        complaint: String,
    },
    /// Reading a value of a certain form.
    #[error("`{key}` {complaint}")]
    Value {
        /// Its key.
        key: String,
        /// What is wrong with it.
        complaint: String,
    },
    /// Reading what an answer must be.
    #[error("{complaint}")]
    Expectation {
        /// What is wrong with it.
        complaint: String,
    },
    /// Giving each thing a name of its own.
    #[error("{kind} `{id}` was used before")]
    Twice {
        /// Kind of thing.
        kind: &'static str,
        /// Its name.
        id: String,
    },
    /// Following a name to what it names.
    #[error("there is no {kind} `{id}`")]
    Unknown {
        /// Kind of thing.
        kind: &'static str,
        /// The name.
        id: String,
    },
    /// Finding a quoted fact in its document.
    #[error("the quote does not stand in document `{doc}`, character for character")]
    Quote {
        /// The document.
        doc: String,
    },
    /// Finding every sealed file.
    #[error("is listed in the manifest and is not there")]
    Missing,
    /// Finding no other files.
    #[error("is there and not listed in the manifest")]
    Unlisted,
    /// Verifying a digest.
    #[error("{what} is {found}; the manifest has {sealed}")]
    Digest {
        /// What was digested.
        what: &'static str,
        /// The digest of what is there.
        found: String,
        /// The digest that was sealed.
        sealed: String,
    },
    /// Using the rules that the set was sealed for.
    #[error("the set was sealed for version {sealed} of `{scorer}`; this program has version {known}")]
    ScorerVersion {
        /// The scorer.
        scorer: String,
        /// Its version in the manifest.
        sealed: u32,
        /// Its version here.
        known: u32,
    },
    /// Keeping a sealed version as it is.
    #[error("version {version} is sealed and was changed: {what}")]
    SealedChanged {
        /// The version.
        version: Version,
        /// What is not as it was sealed.
        what: String,
    },
    /// Giving a changed set its number.
    #[error("from {parent} to {version} is too small a step: {why}, and that is a {step} step")]
    Step {
        /// The version it came from.
        parent: Version,
        /// Its own.
        version: Version,
        /// The step that its changes are.
        step: Step,
        /// What was changed.
        why: String,
    },
    /// Trusting a signature.
    #[error("{complaint}")]
    Signature {
        /// What is wrong with it.
        complaint: String,
    },
    /// Showing everything.
    #[error("{more} more findings are not shown")]
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
            Problem::NotPlain => "not_plain",
            Problem::TooMuch { .. } => "too_much",
            Problem::NotUtf8 => "not_utf8",
            Problem::Line { .. } => "line",
            Problem::Json { .. } => "json",
            Problem::Value { .. } => "value",
            Problem::Expectation { .. } => "expectation",
            Problem::Twice { .. } => "twice",
            Problem::Unknown { .. } => "unknown",
            Problem::Quote { .. } => "quote",
            Problem::Missing => "missing",
            Problem::Unlisted => "unlisted",
            Problem::Digest { .. } => "digest",
            Problem::ScorerVersion { .. } => "scorer_version",
            Problem::SealedChanged { .. } => "sealed_changed",
            Problem::Step { .. } => "step",
            Problem::Signature { .. } => "signature",
            Problem::More { .. } => "more",
        }
    }

    /// A value that is not of its form.
    pub(crate) fn value(key: &str, complaint: impl Into<String>) -> Self {
        Problem::Value { key: key.to_owned(), complaint: complaint.into() }
    }
}
