//! Secrets that nobody can guess and that are made again from a key, so that no file need hold them.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::secret::PIECE;

/// Letters and digits of a canary: of base 32 they hold 130 bits.
const LETTERS: usize = 26;
/// Base 32 of RFC 4648, in small letters.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Block of SHA-256, bytes.
const BLOCK: usize = 64;
/// Set apart from whatever else a key may be used for.
const CANARY: &[u8] = b"edgesoak canary 1\0";
const NAME: &[u8] = b"edgesoak canary key 1\0";

/// What canaries are made with. It is neither printed nor copied, and overwritten when it is dropped.
pub struct CanaryKey([u8; 32]);

impl CanaryKey {
    /// Takes a key in.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Tells this key from others, and nothing of it.
    #[must_use]
    pub fn name(&self) -> String {
        edgesoak_record::hex(&self.hmac(&[NAME])[..8])
    }

    /// The canary of these words: always the same one, and another one for other words.
    #[must_use]
    pub fn canary(&self, words: &[&str]) -> Canary {
        // In a few tries each piece of it holds a digit, so that each piece gives it away.
        let tries = (0..u32::MAX).map(|number| {
            let number = number.to_le_bytes();
            let lengths: Vec<[u8; 8]> = words.iter().map(|word| (word.len() as u64).to_le_bytes()).collect();
            let mut parts: Vec<&[u8]> = vec![CANARY, &number];
            for (length, word) in lengths.iter().zip(words) {
                parts.extend([length.as_slice(), word.as_bytes()]);
            }
            letters(&self.hmac(&parts))
        });
        let is_fit = |letters: &[u8; LETTERS]| {
            letters.windows(PIECE).all(|piece| piece.iter().any(u8::is_ascii_digit))
        };
        Canary(tries.into_iter().find(is_fit).unwrap_or([b'2'; LETTERS]))
    }

    /// HMAC-SHA-256 (RFC 2104) of these parts, one behind the other.
    fn hmac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let padded = |with: u8| {
            let mut block = [with; BLOCK];
            block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte ^= key);
            block
        };
        let inner = parts.iter().fold(Sha256::new().chain_update(padded(0x36)), Sha256::chain_update);
        Sha256::new().chain_update(padded(0x5C)).chain_update(inner.finalize()).finalize().into()
    }
}

impl fmt::Debug for CanaryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CanaryKey")
    }
}

impl Drop for CanaryKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A secret to be planted. It can be looked at, and neither printed nor serialised by accident.
pub struct Canary([u8; LETTERS]);

impl Canary {
    /// The secret. Whoever looks must write it nowhere but into what is planted.
    #[must_use]
    pub fn expose(&self) -> &str {
        // The alphabet is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl AsRef<str> for Canary {
    fn as_ref(&self) -> &str {
        self.expose()
    }
}

impl fmt::Debug for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Canary")
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Five bits each, from the first bit on.
fn letters(digest: &[u8; 32]) -> [u8; LETTERS] {
    std::array::from_fn(|place| {
        let bit = place * 5;
        let pair = u16::from_be_bytes([digest[bit / 8], digest[bit / 8 + 1]]);
        ALPHABET[usize::from(pair >> (11 - bit % 8)) & 31]
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::leak::Search;

    #[test]
    fn a_canary_is_its_words_and_its_key() {
        let key = || CanaryKey::new([7; 32]);
        let canary = key().canary(&["run", "s01", "message"]);
        assert_eq!(canary.expose(), key().canary(&["run", "s01", "message"]).expose());
        let others = [
            key().canary(&["run", "s01", "document"]),
            key().canary(&["run", "s0", "1message"]),
            key().canary(&["runs", "01", "message"]),
            CanaryKey::new([8; 32]).canary(&["run", "s01", "message"]),
        ];
        let all: BTreeSet<&str> = others.iter().chain([&canary]).map(Canary::expose).collect();
        assert_eq!(all.len(), 5);
        assert_ne!(key().name(), CanaryKey::new([8; 32]).name());
        assert_eq!(format!("{canary:?} {:?}", key()), "Canary CanaryKey");
    }

    #[test]
    fn every_canary_can_be_searched_for() {
        let key = CanaryKey::new([3; 32]);
        for number in 0..200 {
            let number = number.to_string();
            let canaries = ["message", "document"].map(|place| key.canary(&["run", &number, place]));
            assert!(canaries.iter().all(|canary| canary.expose().len() >= 24));
            assert!(Search::new(&canaries).is_ok(), "canary {number}");
        }
    }

    /// Test case 2 of RFC 4231, its key filled up with zeros to the block, which is the same key.
    #[test]
    fn the_code_is_that_of_the_standard() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let code = CanaryKey::new(key).hmac(&[b"what do ya want ", b"for nothing?"]);
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(edgesoak_record::hex(&code), expected);
    }
}
