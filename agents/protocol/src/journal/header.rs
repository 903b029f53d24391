//! The header of a journal.

use minicbor::{Decode, Encode};

use super::reader::JournalError;
use super::{CURRENT, HEADER_PREFIX, MAGIC, MAX_PAYLOAD, MIN};
use crate::channel::{ChannelSpec, Group};

/// Whose journal this is, on which clocks, with which channels.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Header {
    /// Run.
    #[n(0)]
    pub run: String,
    /// Session within the run.
    #[n(1)]
    pub session: String,
    /// Identity of the boot.
    #[n(2)]
    pub boot_id: String,
    /// `CLOCK_MONOTONIC` when the journal was opened, nanoseconds.
    #[n(3)]
    pub mono_ns: u64,
    /// `CLOCK_BOOTTIME` at the same moment, nanoseconds.
    #[n(4)]
    pub boottime_ns: u64,
    /// Wall time at the same moment, nanoseconds since the Unix epoch; for people, and to
    /// see later whether that clock was set back.
    #[n(5)]
    pub wall_ns: u64,
    /// Version of the agent.
    #[n(6)]
    pub agent: String,
    /// `true` for anything that simulates a device.
    #[n(7)]
    pub is_virtual: bool,
    /// Groups of channels, by id.
    #[n(8)]
    pub groups: Vec<Group>,
    /// Every channel that was tried, absent ones included.
    #[n(9)]
    pub channels: Vec<ChannelSpec>,
}

/// The bytes of a header.
///
/// # Panics
/// If the header is larger than [`MAX_PAYLOAD`], which the agent's channel table never is.
#[must_use]
pub fn write_header(header: &Header) -> Vec<u8> {
    let payload = minicbor::to_vec(header).expect("encoding into memory cannot fail");
    let length = u32::try_from(payload.len()).ok().filter(|n| *n <= MAX_PAYLOAD).expect("a bounded header");
    let mut bytes = Vec::with_capacity(HEADER_PREFIX + payload.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&CURRENT.to_le_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    let crc = header_crc(&bytes, &payload);
    bytes.extend_from_slice(&crc.to_le_bytes());
    bytes.extend_from_slice(&payload);
    bytes
}

/// Reads a header from the start of `bytes`: the header and its length in bytes, or `None` if more bytes
/// are needed.
pub fn read_header(bytes: &[u8]) -> Result<Option<(Header, usize)>, JournalError> {
    let known = bytes.len().min(MAGIC.len());
    if bytes[..known] != MAGIC[..known] {
        return Err(JournalError::NotAJournal);
    }
    let Some(prefix) = bytes.get(..HEADER_PREFIX) else { return Ok(None) };
    let version = u16::from_le_bytes([prefix[8], prefix[9]]);
    if !(MIN..=CURRENT).contains(&version) {
        return Err(JournalError::VersionMismatch { found: version, min: MIN, current: CURRENT });
    }
    let length = u32::from_le_bytes([prefix[10], prefix[11], prefix[12], prefix[13]]);
    if length > MAX_PAYLOAD {
        return Err(JournalError::CorruptHeader("its length is beyond any header's"));
    }
    let end = HEADER_PREFIX + length as usize;
    let Some(payload) = bytes.get(HEADER_PREFIX..end) else { return Ok(None) };
    let crc = u32::from_le_bytes([prefix[14], prefix[15], prefix[16], prefix[17]]);
    if crc != header_crc(&prefix[..14], payload) {
        return Err(JournalError::CorruptHeader("its checksum does not match"));
    }
    let header =
        minicbor::decode(payload).map_err(|_| JournalError::CorruptHeader("its fields cannot be decoded"))?;
    Ok(Some((header, end)))
}

fn header_crc(prefix: &[u8], payload: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(prefix);
    crc.update(payload);
    crc.finalize()
}
