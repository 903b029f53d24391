//! Keys of one line.

use std::fmt;

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use edgesoak_record::hex;
use sha2::{Digest, Sha256};

use crate::error::SigningError;
use crate::purpose::Purpose;
use crate::signature::Signature;

const SECRET: &str = "edgesoak-secret-key-1";
const PUBLIC: &str = "edgesoak-public-key-1";

/// A key that signs. Its `Debug` shows its id alone.
pub struct SecretKey(SigningKey);

/// A key that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl SecretKey {
    /// A key from 32 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&bytes))
    }

    /// The key of a key file's line.
    ///
    /// # Errors
    /// [`SigningError::ReadKey`] where the text is anything else.
    pub fn read(text: &str) -> Result<Self, SigningError> {
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

    /// Signs these bytes for a purpose.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, bytes: &[u8]) -> Signature {
        Signature::of(self.public().id(), self.0.sign(&purpose.message(bytes)))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.public().id())
    }
}

impl PublicKey {
    /// The key of a key file's line; that of a secret key is taken, too.
    ///
    /// # Errors
    /// [`SigningError::ReadKey`] where the text is anything else, [`SigningError::DecodeKey`] where no such key can be.
    pub fn read(text: &str) -> Result<Self, SigningError> {
        if text.starts_with(SECRET) {
            return SecretKey::read(text).map(|key| key.public());
        }
        let bytes = key_bytes(text, PUBLIC)?;
        VerifyingKey::from_bytes(&bytes).map(Self).map_err(|_| SigningError::DecodeKey)
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

    /// Whether this key signed exactly these bytes for this purpose.
    ///
    /// # Errors
    /// [`SigningError::ReadSignature`] where the signature is none at all.
    pub fn signed(
        &self,
        purpose: Purpose,
        bytes: &[u8],
        signature: &Signature,
    ) -> Result<bool, SigningError> {
        let of = signature.bytes()?;
        // Strictly: no second signature of the same bytes can be made from one that is known.
        Ok(self.0.verify_strict(&purpose.message(bytes), &of).is_ok())
    }
}

fn key_line(kind: &str, bytes: &[u8; 32]) -> String {
    format!("{kind} {}\n", Base64::encode_string(bytes))
}

fn key_bytes(text: &str, kind: &'static str) -> Result<[u8; 32], SigningError> {
    let encoded = text.trim_end().strip_prefix(kind).and_then(|rest| rest.strip_prefix(' '));
    let mut bytes = [0; 32];
    let length = encoded.and_then(|encoded| Base64::decode(encoded, &mut bytes).ok()).map(<[u8]>::len);
    if length == Some(bytes.len()) { Ok(bytes) } else { Err(SigningError::ReadKey { kind }) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(byte: u8) -> SecretKey {
        SecretKey::from_random([byte; 32])
    }

    #[test]
    fn keys_are_one_line_and_hide_themselves() {
        let secret = key(7);
        assert_eq!(SecretKey::read(&secret.line()).expect("a key").public(), secret.public());
        assert_eq!(PublicKey::read(&secret.public().line()).expect("a key"), secret.public());
        assert_eq!(PublicKey::read(&secret.line()).expect("a key"), secret.public());
        assert_eq!(format!("{secret:?}"), format!("SecretKey({})", secret.public().id()));
        for bad in ["", "edgesoak-secret-key-1 AAAA", "ssh-ed25519 AAAA", "edgesoak-public-key-1"] {
            assert!(SecretKey::read(bad).is_err() && PublicKey::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_signature_is_of_one_key_and_one_purpose() {
        let signature = key(7).sign(Purpose::Report, b"words");
        let holds = |key: &SecretKey, purpose| key.public().signed(purpose, b"words", &signature);
        assert!(holds(&key(7), Purpose::Report).expect("a signature"));
        assert!(!holds(&key(8), Purpose::Report).expect("a signature"));
        assert!(!holds(&key(7), Purpose::GoldenSet).expect("a signature"));
        for broken in [
            Signature { algorithm: "none".to_owned(), ..signature.clone() },
            Signature { value: String::new(), ..signature.clone() },
            Signature { value: "!".repeat(88), ..signature.clone() },
        ] {
            assert!(key(7).public().signed(Purpose::Report, b"words", &broken).is_err(), "{broken:?}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_byte_breaks_a_signature(
            bytes in proptest::collection::vec(any::<u8>(), 1..200), at in any::<proptest::sample::Index>(), flip in 1_u8..
        ) {
            let signature = key(7).sign(Purpose::Report, &bytes);
            let public = key(7).public();
            prop_assert!(public.signed(Purpose::Report, &bytes, &signature).expect("a signature"));
            let mut other = bytes.clone();
            other[at.index(bytes.len())] ^= flip;
            prop_assert!(!public.signed(Purpose::Report, &other, &signature).expect("a signature"));
        }
    }
}
