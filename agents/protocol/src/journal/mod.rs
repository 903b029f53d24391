//! The journal: what the agent writes on the device, byte for byte what `follow` streams to the host.
//!
//! ```text
//! header  magic "EDGESOAK" | version u16 | length u32 | crc32 u32 | CBOR Header
//! frame   length u32 | crc32 u32 | seq u64 | t_mono_ns u64 | CBOR Frame          (repeated)
//! ```
//! All integers are little-endian. A CRC covers every byte of its record except itself, the length included.
//! `length` counts the CBOR payload only. A torn tail is cut at the last whole frame, never guessed.
//!
//! A stream holds one thing that no journal may hold: the text of an answer. [`Answer`] is therefore no [`Frame`]: what
//! writes journals cannot be given one, and what reads them takes one for damage.

mod answer;
mod attempt;
mod frame;
mod header;
mod reader;
mod writer;

pub use answer::{Answer, AnswerText, write_answer};
pub use attempt::Attempt;
pub use frame::{FinishReason, Frame, Phase, RuntimeEnd};
pub use header::{Header, read_header, write_header};
pub use reader::{Ending, Entry, JournalError, Reader, Record, read_all, whole_frames};
pub use writer::write_frame;

/// First bytes of every journal.
pub const MAGIC: &[u8; 8] = b"EDGESOAK";
/// Version that this code writes.
pub const CURRENT: u16 = 4;
/// Oldest version that this code reads.
pub const MIN: u16 = 1;
/// Largest payload of a frame or header, bytes. Bounds what a hostile device can make us allocate.
pub const MAX_PAYLOAD: u32 = 1 << 20;
/// Bytes before a header's payload.
pub const HEADER_PREFIX: usize = 18;
/// Bytes before a frame's payload.
pub const FRAME_PREFIX: usize = 24;
/// Sequence number of frames that are streamed but never journaled, heartbeats and answers.
pub const VOLATILE: u64 = u64::MAX;
