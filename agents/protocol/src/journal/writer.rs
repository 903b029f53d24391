//! Encoding one frame.

use minicbor::Encode;

use super::{FRAME_PREFIX, Frame, MAX_PAYLOAD};

/// Appends the bytes of one frame to `out`.
///
/// # Panics
/// If the payload is longer than [`MAX_PAYLOAD`]: no reader would take it. Lists and texts that come from
/// outside are bounded before they get here.
pub fn write_frame(out: &mut Vec<u8>, seq: u64, t_mono_ns: u64, frame: &Frame) {
    write_payload(out, seq, t_mono_ns, frame);
}

/// Appends a record with this payload.
pub(super) fn write_payload(out: &mut Vec<u8>, seq: u64, t_mono_ns: u64, payload: &impl Encode<()>) {
    let start = out.len();
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(&seq.to_le_bytes());
    out.extend_from_slice(&t_mono_ns.to_le_bytes());
    minicbor::encode(payload, &mut *out).expect("encoding into memory cannot fail");
    let length = u32::try_from(out.len() - start - FRAME_PREFIX)
        .ok()
        .filter(|length| *length <= MAX_PAYLOAD)
        .expect("a bounded frame");
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    let crc = frame_crc(&out[start..]);
    out[start + 4..start + 8].copy_from_slice(&crc.to_le_bytes());
}

/// CRC-32 over a whole frame's bytes, its own field left out.
pub(super) fn frame_crc(frame: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&frame[..4]);
    crc.update(&frame[8..]);
    crc.finalize()
}
