//! What a secret must be like, and which parts of it give it away.

use std::collections::{BTreeMap, BTreeSet};

/// Fewest letters and digits of a secret: fewer could stand somewhere by chance.
const FEWEST: usize = 16;
/// Most bytes of a secret.
pub(super) const LONGEST: usize = 256;
/// Most secrets of one search.
const MOST: usize = 1024;
/// Letters and digits of the shortest piece that gives a secret away. Of base 36 they hold 50 bits: none stands in a
/// gigabyte by chance.
pub(super) const PIECE: usize = 10;

/// A secret that cannot be searched for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeakSecret {
    /// It could stand somewhere by chance.
    #[error("secret {0} has fewer than {FEWEST} letters and digits, so it could stand somewhere by chance")]
    Short(usize),
    /// It is no line of ASCII of the length that is searched for.
    #[error("secret {0} is not a line of at most {LONGEST} ASCII characters")]
    Unprintable(usize),
    /// Nothing in it is its own: a hit would not say which secret leaked.
    #[error("secret {0} holds no piece with a digit that no other secret holds")]
    Alike(usize),
    /// There are none, or too many.
    #[error("{0} secrets; 1 to {MOST} can be searched for")]
    Count(usize),
    /// The search over all of them grew too large.
    #[error("the secrets are too many and too long for one search")]
    Large,
}

/// A secret with the pieces that give it away.
pub(super) struct Secret<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) pieces: Vec<Piece>,
}

/// A part of a secret that gives it away.
pub(super) struct Piece {
    pub(super) letters: Vec<u8>,
    /// The letters and what stands between them.
    pub(super) with_signs: Vec<u8>,
}

/// Secrets that are fit to be searched for. Their pieces hold a digit, so that a word in front of a secret is none,
/// and stand in no other secret.
pub(super) fn read<S: AsRef<str>>(secrets: &[S]) -> Result<Vec<Secret<'_>>, WeakSecret> {
    if secrets.is_empty() || secrets.len() > MOST {
        return Err(WeakSecret::Count(secrets.len()));
    }
    let mut read = Vec::with_capacity(secrets.len());
    let mut seen: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    for (index, secret) in secrets.iter().enumerate() {
        let bytes = sound(secret.as_ref().as_bytes(), index + 1)?;
        let pieces = pieces(bytes);
        for piece in pieces.iter().map(|piece| piece.letters.to_ascii_lowercase()).collect::<BTreeSet<_>>() {
            *seen.entry(piece).or_default() += 1;
        }
        read.push(Secret { bytes, pieces });
    }
    for (index, secret) in read.iter_mut().enumerate() {
        secret.pieces.retain(|piece| {
            seen.get(&piece.letters.to_ascii_lowercase()) == Some(&1)
                && piece.letters.iter().any(u8::is_ascii_digit)
        });
        if secret.pieces.is_empty() {
            return Err(WeakSecret::Alike(index + 1));
        }
    }
    Ok(read)
}

fn sound(secret: &[u8], number: usize) -> Result<&[u8], WeakSecret> {
    if secret.len() > LONGEST || !secret.iter().all(|byte| (0x20..0x7F).contains(byte)) {
        return Err(WeakSecret::Unprintable(number));
    }
    let letters = secret.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    if letters < FEWEST { Err(WeakSecret::Short(number)) } else { Ok(secret) }
}

fn pieces(secret: &[u8]) -> Vec<Piece> {
    let places: Vec<usize> = (0..secret.len()).filter(|at| secret[*at].is_ascii_alphanumeric()).collect();
    let piece = |places: &[usize]| Piece {
        letters: places.iter().map(|at| secret[*at]).collect(),
        with_signs: secret[places[0]..=places[PIECE - 1]].to_vec(),
    };
    places.windows(PIECE).map(piece).collect()
}
