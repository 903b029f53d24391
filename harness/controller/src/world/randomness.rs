//! Random bytes.

use rustix::rand::{GetRandomFlags, getrandom};

/// Random bytes, for names and salts.
pub trait Randomness: Send + Sync {
    /// Two random bytes.
    fn suffix(&self) -> [u8; 2];

    /// Bytes that nobody can guess.
    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for pair in bytes.chunks_exact_mut(2) {
            pair.copy_from_slice(&self.suffix());
        }
        bytes
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn suffix(&self) -> [u8; 2] {
        let mut bytes = [0; 2];
        match getrandom(&mut bytes, GetRandomFlags::empty()) {
            Ok(2) => bytes,
            // Two bytes are never cut short by a kernel that has the call; the process id still tells runs apart.
            _ => std::process::id().to_le_bytes()[..2].try_into().unwrap_or(bytes),
        }
    }
}
