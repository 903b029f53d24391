//! Checksums that match: without them no damage of a journal would get past the first check.

use edgesoak_protocol::journal::{FRAME_PREFIX, HEADER_PREFIX, MAGIC};

/// Gives header and frames of `bytes` their magic, checksums and sequence numbers, as far as their lengths fit.
pub fn mend(bytes: &mut [u8]) {
    if bytes.len() < HEADER_PREFIX {
        return;
    }
    bytes[..MAGIC.len()].copy_from_slice(MAGIC);
    let header = le(&bytes[10..14]);
    let Some(end) = HEADER_PREFIX.checked_add(header).filter(|end| *end <= bytes.len()) else { return };
    let mut crc = crc32fast::Hasher::new();
    crc.update(&bytes[..14]);
    crc.update(&bytes[HEADER_PREFIX..end]);
    bytes[14..18].copy_from_slice(&crc.finalize().to_le_bytes());
    let mut rest = &mut bytes[end..];
    for sequence in 0_u64.. {
        if rest.len() < FRAME_PREFIX {
            return;
        }
        let whole = FRAME_PREFIX.checked_add(le(&rest[..4]));
        let Some(whole) = whole.filter(|whole| *whole <= rest.len()) else { return };
        let (frame, behind) = rest.split_at_mut(whole);
        frame[8..16].copy_from_slice(&sequence.to_le_bytes());
        let mut crc = crc32fast::Hasher::new();
        crc.update(&frame[..4]);
        crc.update(&frame[8..]);
        let crc = crc.finalize().to_le_bytes();
        frame[4..8].copy_from_slice(&crc);
        rest = behind;
    }
}

fn le(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | usize::from(*byte))
}
