//! Who vouches for a set: ed25519 over the canonical manifest without its signature.

use std::collections::BTreeMap;
use std::fmt;

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature as Bytes, Signer, SigningKey, VerifyingKey};
use edgesoak_record::hex;
use sha2::{Digest, Sha256};

use crate::files::{Files, MANIFEST};
use crate::finding::{Finding, GoldenErrors};
use crate::manifest::Signature;
use crate::problem::Problem;
use crate::seal::signed_bytes;
use crate::set::read_manifest;

/// The only algorithm.
pub(crate) const ALGORITHM: &str = "ed25519";
const SECRET: &str = "edgesoak-secret-key-1";
const PUBLIC: &str = "edgesoak-public-key-1";

/// A key that signs. Its `Debug` shows its id alone.
pub struct SecretKey(SigningKey);

/// A key that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// What a signature says about a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vouched {
    /// Nobody signed it.
    Unsigned,
    /// It was signed by a key that was not given.
    Unverified(String),
    /// A given key signed exactly this set.
    By(String),
}

impl SecretKey {
    /// A key from 32 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&bytes))
    }

    /// The key of a key file's line.
    pub fn read(text: &str) -> Result<Self, GoldenErrors> {
        key_bytes(text, SECRET).map(Self::from_random)
    }

    /// The key file's line. Whoever has it can sign.
    #[must_use]
    pub fn line(&self) -> String {
        key_line(SECRET, self.0.as_bytes())
    }

    /// The key that verifies what this one signs.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> Signature {
        Signature {
            key_id: self.public().id(),
            algorithm: ALGORITHM.to_owned(),
            value: Base64::encode_string(&self.0.sign(bytes).to_bytes()),
        }
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.public().id())
    }
}

impl PublicKey {
    /// The key of a key file's line; that of a secret key is taken, too.
    pub fn read(text: &str) -> Result<Self, GoldenErrors> {
        if text.starts_with(SECRET) {
            return SecretKey::read(text).map(|key| key.public());
        }
        let bytes = key_bytes(text, PUBLIC)?;
        VerifyingKey::from_bytes(&bytes)
            .map(Self)
            .map_err(|_| wrong("the key file holds no ed25519 key").into())
    }

    /// The key file's line.
    #[must_use]
    pub fn line(&self) -> String {
        key_line(PUBLIC, self.0.as_bytes())
    }

    /// The first 16 hex digits of the SHA-256 of the key.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes())[..8])
    }
}

/// Who signed a set, as far as the given keys can tell. A signature that does not fit is an error.
pub fn vouched(files: &Files, keys: &[PublicKey]) -> Result<Vouched, GoldenErrors> {
    let Some(signature) = read_manifest(files)?.signature else { return Ok(Vouched::Unsigned) };
    let by_id: BTreeMap<String, &PublicKey> = keys.iter().map(|key| (key.id(), key)).collect();
    let Some(key) = by_id.get(&signature.key_id) else {
        return Ok(Vouched::Unverified(signature.key_id));
    };
    let decoded = Base64::decode_vec(&signature.value).ok();
    let bytes = decoded.as_deref().and_then(|bytes| Bytes::from_slice(bytes).ok());
    let bytes = bytes.ok_or_else(|| wrong("the signature is not 64 bytes of base64"))?;
    let holds = key.0.verify_strict(&signed_bytes(files)?, &bytes).is_ok();
    if holds {
        return Ok(Vouched::By(signature.key_id));
    }
    let complaint = format!("the signature of key {} does not fit this manifest", signature.key_id);
    Err(wrong(&complaint).hint("the manifest was changed after it was signed, or signed elsewhere").into())
}

fn wrong(complaint: &str) -> Finding {
    Finding::of(MANIFEST, Problem::Signature { complaint: complaint.to_owned() })
}

fn key_line(kind: &str, bytes: &[u8; 32]) -> String {
    format!("{kind} {}\n", Base64::encode_string(bytes))
}

fn key_bytes(text: &str, kind: &str) -> Result<[u8; 32], GoldenErrors> {
    let encoded = text.trim_end().strip_prefix(kind).and_then(|rest| rest.strip_prefix(' '));
    let mut bytes = [0; 32];
    let length = encoded.and_then(|encoded| Base64::decode(encoded, &mut bytes).ok()).map(<[u8]>::len);
    if length == Some(bytes.len()) {
        return Ok(bytes);
    }
    let problem =
        Problem::Signature { complaint: format!("a key file is one line: `{kind}` and the key in base64") };
    Err(Finding::of("", problem).hint("`edgesoak golden key new FILE` makes one").into())
}
