//! What a person signs: which report, who, when, and what the signature means.

use edgesoak_record::canonical;
use serde::{Deserialize, Serialize};

use crate::error::SigningError;
use crate::key::{PublicKey, SecretKey};
use crate::moment::Moment;
use crate::purpose::Purpose;
use crate::signature::Signature;
use crate::words::{check_line, check_word};

/// Longest name of a person, characters.
const LONGEST_NAME: usize = 100;
/// Longest role, characters.
const LONGEST_ROLE: usize = 40;
/// Longest reason, and longest word of a report, characters.
const LONGEST_WORDS: usize = 500;
/// Digits of a SHA-256.
const DIGEST: usize = 64;

/// What is signed below a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Which report.
    pub subject: Subject,
    /// Who signs.
    pub name: String,
    /// As what: a word such as `release-manager`.
    pub role: String,
    /// When, as the signer says.
    pub at: Moment,
    /// What the signature means.
    pub meaning: Meaning,
    /// Why it is approved although it did not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub despite_fail: Option<String>,
}

/// A report, as far as a statement tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// What it is of: the id of a run, or the name of a release.
    pub of: String,
    /// Word of its verdict, as in `pass`, `fail`, `not_proven`.
    pub verdict: String,
    /// SHA-256 of the whole file, lower-case hex.
    pub report_sha256: String,
    /// SHA-256 of the data block in it, byte for byte, lower-case hex.
    pub data_sha256: String,
    /// Digest of the policy that it was judged by; empty where it names none.
    pub policy_digest: String,
    /// Names and addresses were taken out of it.
    pub redacted: bool,
}

/// What a signature means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// The signer lets it ship.
    Approved,
    /// The signer read it.
    Reviewed,
    /// The signer does not let it ship.
    Rejected,
}

impl Meaning {
    /// The word in files and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Meaning::Approved => "approved",
            Meaning::Reviewed => "reviewed",
            Meaning::Rejected => "rejected",
        }
    }
}

impl Subject {
    /// The verdict as the page says it; `None` for a word that no page has.
    #[must_use]
    pub fn says(&self) -> Option<&'static str> {
        match self.verdict.as_str() {
            "pass" => Some("SHIP"),
            "fail" => Some("DO NOT SHIP"),
            "not_proven" | "infrastructure" | "nothing" => Some("NOT PROVEN"),
            _ => None,
        }
    }

    /// Whether it is one that this program would sign.
    ///
    /// # Errors
    /// [`SigningError::State`] or [`SigningError::Bound`] where a part of it is out of form.
    pub fn check(&self) -> Result<(), SigningError> {
        check_line("what the report is of", &self.of, LONGEST_WORDS)?;
        if self.says().is_none() {
            return Err(SigningError::State {
                what: "the verdict",
                complaint: "is a word that no report has",
            });
        }
        for (what, digest) in
            [("the digest of the report", &self.report_sha256), ("the digest of the data", &self.data_sha256)]
        {
            if !is_digest(digest) {
                return Err(SigningError::State { what, complaint: "is no SHA-256 in lower-case hex" });
            }
        }
        if self.policy_digest.is_empty() || is_digest(&self.policy_digest) {
            return Ok(());
        }
        Err(SigningError::State {
            what: "the digest of the policy",
            complaint: "is no SHA-256 in lower-case hex",
        })
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == DIGEST && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

impl Statement {
    /// Whether it is one that this program would sign.
    pub(crate) fn check(&self) -> Result<(), SigningError> {
        self.subject.check()?;
        check_line("the name", &self.name, LONGEST_NAME)?;
        check_word("the role", &self.role, LONGEST_ROLE)?;
        if let Some(reason) = &self.despite_fail {
            check_line("the reason", reason, LONGEST_WORDS)?;
        }
        let verdict = self.subject.says().unwrap_or_default();
        let is_despite = self.meaning == Meaning::Approved && self.subject.verdict != "pass";
        match (is_despite, &self.despite_fail) {
            (true, None) => Err(SigningError::ApproveDespite { verdict }),
            (false, Some(_)) => Err(SigningError::State {
                what: "the reason",
                complaint: "belongs to an approval of what did not pass, and this is none",
            }),
            _ => Ok(()),
        }
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`SigningError::State`] or [`SigningError::Bound`] where a part of it is out of form, and
    /// [`SigningError::ApproveDespite`] where it approves what did not pass and gives no reason.
    pub fn signed_by(&self, key: &SecretKey) -> Result<Signature, SigningError> {
        self.check()?;
        Ok(key.sign(Purpose::Report, &self.bytes()?))
    }

    /// Whether this key signed exactly this statement. A signature that is none at all is not by it.
    pub(crate) fn is_signed_by(&self, key: &PublicKey, signature: &Signature) -> bool {
        self.bytes().and_then(|bytes| key.signed(Purpose::Report, &bytes, signature)).unwrap_or(false)
    }

    fn bytes(&self) -> Result<Vec<u8>, SigningError> {
        let value = serde_json::to_value(self).map_err(|source| SigningError::ReadSheet { source })?;
        Ok(canonical::text(&value).into_bytes())
    }
}
