//! In which form a secret was found.

use std::fmt;

use serde::{Deserialize, Serialize};

/// In which form a secret stands somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As it is.
    Plain,
    /// A piece of it, or with something between its characters.
    Split,
    /// In base64, of either alphabet.
    Base64,
    /// Each byte as two hexadecimal digits.
    Hex,
    /// With bytes as `%41`.
    Url,
    /// Two bytes for each character.
    Utf16,
}

impl Form {
    /// The word in journals and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Split => "split",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Url => "url",
            Self::Utf16 => "utf16",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "as it is",
            Self::Split => "in pieces",
            Self::Base64 => "in base64",
            Self::Hex => "in hexadecimal digits",
            Self::Url => "percent-encoded",
            Self::Utf16 => "in UTF-16",
        })
    }
}
