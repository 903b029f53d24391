//! Why a key, a list of keys, a statement or a file of signatures cannot be taken.

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// Reading a key file.
    #[error("a key file is one line: `{kind}` and the key in base64")]
    ReadKey {
        /// The word that the line begins with.
        kind: &'static str,
    },
    /// Making a key of its bytes.
    #[error("the key file holds no ed25519 key")]
    DecodeKey,
    /// Reading a signature.
    #[error("the signature is not 64 bytes of base64, by ed25519")]
    ReadSignature,
    /// Reading a list of keys that count.
    #[error("line {line} of the list of keys")]
    ReadTrust {
        /// The line, from 1.
        line: usize,
        /// Why.
        source: Box<SigningError>,
    },
    /// Reading what a key is trusted for.
    #[error("`{found}` is neither `roles=ROLE,ROLE` nor `until=YYYY-MM-DD`")]
    ReadTerm {
        /// What stands there, shortened.
        found: String,
    },
    /// Reading a moment or a day.
    #[error("`{found}` is not a time as `2026-04-01T09:30:00Z`, or a day as `2026-04-01`")]
    ReadTime {
        /// What stands there, shortened.
        found: String,
    },
    /// Making or reading a statement.
    #[error("{what} {complaint}")]
    State {
        /// Which part of it.
        what: &'static str,
        /// What is wrong with it.
        complaint: &'static str,
    },
    /// Approving what did not pass.
    #[error("a report that says {verdict} is not approved without a reason")]
    ApproveDespite {
        /// Its verdict, as people read it.
        verdict: &'static str,
    },
    /// Keeping within bounds.
    #[error("{what}: at most {most}")]
    Bound {
        /// What is too much.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// Reading a file of signatures.
    #[error("it is no file of signatures")]
    ReadSheet {
        /// Why.
        source: serde_json::Error,
    },
    /// Finding a file of signatures as it was written.
    #[error("it is not written as this program writes signatures: canonical JSON, one line")]
    Canonical,
    /// Reading a file of signatures of another version.
    #[error("it is `{schema}` version {version}; this program knows `{known}` version 1")]
    Version {
        /// What the file calls itself, shortened.
        schema: String,
        /// Its version.
        version: u64,
        /// What it should be called.
        known: &'static str,
    },
}

impl SigningError {
    /// Whose it is to mend: always `config`.
    #[must_use]
    pub fn whose(&self) -> &'static str {
        "config"
    }

    /// Whether trying again may help: never, a file or an argument must change first.
    #[must_use]
    pub fn retry(&self) -> bool {
        false
    }

    /// What to do about it, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::ReadKey { .. } | Self::DecodeKey => Some("`edgesoak key new FILE` makes one"),
            Self::ReadTrust { source, .. } => source.hint(),
            Self::ApproveDespite { .. } => {
                Some("`--despite-fail REASON` records why, or sign it as `reviewed` or `rejected`")
            }
            Self::Canonical => Some("somebody edited or reformatted it; ask the signers for theirs again"),
            _ => None,
        }
    }
}
