//! A signature as files hold it.

use base64ct::{Base64, Encoding};
use ed25519_dalek::Signature as Bytes;
use serde::{Deserialize, Serialize};

use crate::error::SigningError;

/// The only algorithm.
const ALGORITHM: &str = "ed25519";
/// Digits of the id of a key.
const KEY_ID: usize = 16;

/// A signature beside what it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Which key: the first 16 hex digits of the SHA-256 of the public key.
    pub key_id: String,
    /// `ed25519`.
    pub algorithm: String,
    /// The signature, base64.
    pub value: String,
}

impl Signature {
    pub(crate) fn of(key_id: String, bytes: Bytes) -> Self {
        let value = Base64::encode_string(&bytes.to_bytes());
        Self { key_id, algorithm: ALGORITHM.to_owned(), value }
    }

    /// Whether the key is named as keys are: what is shown of a signature that nobody verified yet.
    pub(crate) fn check(&self) -> Result<(), SigningError> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if self.key_id.len() == KEY_ID && self.key_id.bytes().all(is_digit) {
            return Ok(());
        }
        Err(SigningError::State { what: "the id of a key", complaint: "is not 16 lower-case hex digits" })
    }

    /// Whether it is one that can be verified here.
    #[must_use]
    pub fn is_of_known_algorithm(&self) -> bool {
        self.algorithm == ALGORITHM
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> Result<Bytes, SigningError> {
        if !self.is_of_known_algorithm() {
            return Err(SigningError::ReadSignature);
        }
        let decoded = Base64::decode_vec(&self.value).ok();
        decoded.and_then(|bytes| Bytes::from_slice(&bytes).ok()).ok_or(SigningError::ReadSignature)
    }
}
