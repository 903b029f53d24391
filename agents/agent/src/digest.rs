//! SHA-256 of files in small pieces: a model is never held in memory.

use std::fmt::Write;
use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

use sha2::{Digest, Sha256};

const PIECE_BYTES: usize = 64 << 10;

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Size, bytes.
    pub bytes: u64,
    /// Permission bits.
    pub mode: u32,
}

/// Reads a file to its end, asking `go_on` between pieces.
///
/// # Errors
/// `Interrupted` if `go_on` said no; `InvalidInput` if it is no regular file.
pub fn fingerprint(path: &Path, go_on: &mut dyn FnMut() -> bool) -> io::Result<Fingerprint> {
    // Asked before opening: opening a named pipe would wait for its writer.
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let file = File::open(path)?;
    let mut piece = vec![0; PIECE_BYTES];
    let mut hasher = Sha256::new();
    let mut bytes = 0;
    loop {
        if !go_on() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let read = file.read_at(&mut piece, bytes)?;
        if read == 0 {
            break;
        }
        hasher.update(&piece[..read]);
        bytes += read as u64;
    }
    Ok(Fingerprint { sha256: hex(&hasher.finalize()), bytes, mode: metadata.mode() & 0o7777 })
}

/// SHA-256 of a text, lower-case hex.
#[must_use]
pub fn sha256_hex(text: &[u8]) -> String {
    hex(&Sha256::digest(text))
}

/// SHA-256 of a salt, given as its hexadecimal digits, and a text, lower-case hex.
#[must_use]
pub fn salted(salt: &str, text: &str) -> String {
    let digits = salt.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
    // A job's salt was checked to be digits.
    let salt: Vec<u8> = digits.map(|pair| u8::from_str_radix(pair, 16).unwrap_or_default()).collect();
    hex(&Sha256::new().chain_update(salt).chain_update(text).finalize())
}

/// Whether `text` has the form of a SHA-256 in lower-case hex.
pub(crate) fn is_sha256_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_a_known_text() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("abc");
        std::fs::write(&path, "abc").expect("written");
        let found = fingerprint(&path, &mut || true).expect("readable");
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((found.sha256.as_str(), found.bytes), (known, 3));
        assert_eq!(sha256_hex(b"abc"), known);
        assert_eq!(salted("6162", "c"), known);
        assert!(is_sha256_hex(known) && !is_sha256_hex(&known.to_uppercase()));
    }

    #[test]
    fn a_directory_has_no_digest_and_an_interrupt_ends_it() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let refused = fingerprint(dir.path(), &mut || true).expect_err("no file");
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
        let path = dir.path().join("abc");
        std::fs::write(&path, "abc").expect("written");
        let stopped = fingerprint(&path, &mut || false).expect_err("told to stop");
        assert_eq!(stopped.kind(), io::ErrorKind::Interrupted);
    }
}
