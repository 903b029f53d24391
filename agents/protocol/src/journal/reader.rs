//! Decoding frames from bytes that may be torn, flipped or hostile.

use thiserror::Error;

use super::answer::{self, Answer};
use super::header::{Header, read_header};
use super::writer::frame_crc;
use super::{FRAME_PREFIX, Frame, MAX_PAYLOAD, VOLATILE};

/// Why bytes are no journal that this version can read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JournalError {
    /// The magic is missing.
    #[error("not an EdgeSoak journal")]
    NotAJournal,
    /// Written by a newer, or a too old, version.
    #[error("journal version mismatch: found version {found}, this program reads {min} to {current}")]
    VersionMismatch {
        /// Version of the journal.
        found: u16,
        /// Oldest readable version.
        min: u16,
        /// Newest readable version.
        current: u16,
    },
    /// The header is damaged.
    #[error("corrupt journal header: {0}")]
    CorruptHeader(&'static str),
    /// A frame is damaged.
    #[error("corrupt journal frame at byte {offset}: {what}")]
    CorruptFrame {
        /// Offset of the frame from the start of the journal.
        offset: u64,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// One whole frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Sequence number; [`VOLATILE`] for frames that are streamed only.
    pub seq: u64,
    /// Device time, nanoseconds on the monotonic clock.
    pub t_mono_ns: u64,
    /// What it says.
    pub frame: Frame,
}

/// What a stream consists of.
#[derive(Debug, PartialEq)]
pub enum Record {
    /// A frame of the journal, or a heartbeat.
    Entry(Entry),
    /// The text of an answer, for whoever scores it; it is never written down.
    Answer(Answer),
}

/// Incremental reader: feed it bytes as they come, take whole frames out.
#[derive(Debug, Default)]
pub struct Reader {
    buffer: Vec<u8>,
    start: usize,
    /// Bytes consumed since the journal's start.
    offset: u64,
    header: Option<Header>,
    last_seq: Option<u64>,
    finished: bool,
}

impl Reader {
    /// A reader at the start of a journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A reader for a stream that continues after frame `last_seq`: `follow --from last_seq + 1`.
    #[must_use]
    pub fn resuming_after(last_seq: Option<u64>) -> Self {
        Self { last_seq, ..Self::default() }
    }

    /// Adds bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The header, once it has been read by [`Reader::next_entry`].
    #[must_use]
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// Bytes of whole records consumed so far.
    #[must_use]
    pub fn consumed(&self) -> u64 {
        self.offset
    }

    /// Sequence number of the last whole journaled frame.
    #[must_use]
    pub fn last_seq(&self) -> Option<u64> {
        self.last_seq
    }

    /// Whether a `Finished` frame was read.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.finished
    }

    /// Drops the bytes fed but not yet consumed. Whoever reads a growing file goes on at
    /// [`Reader::consumed`]: a torn tail may have been cut and written anew since it was read.
    pub fn forget_pending(&mut self) {
        self.buffer.truncate(self.start);
    }

    /// Bytes fed but not yet consumed: a torn tail, if no more bytes come.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// The next whole frame of a journal with its bytes, or `None` if more bytes are needed.
    ///
    /// After an error the reader stays where it is: everything before it was whole. An answer is such an error.
    pub fn next_entry(&mut self) -> Result<Option<(Entry, &[u8])>, JournalError> {
        let Some(whole) = self.next_whole()? else { return Ok(None) };
        let entry = self.decode(&self.buffer[self.start..self.start + whole])?;
        self.note(&entry);
        Ok(Some((entry, self.advance(whole))))
    }

    /// The next whole record of a stream with its bytes, or `None` if more bytes are needed.
    ///
    /// After an error the reader stays where it is: everything before it was whole.
    pub fn next_record(&mut self) -> Result<Option<(Record, &[u8])>, JournalError> {
        let Some(whole) = self.next_whole()? else { return Ok(None) };
        let frame = &self.buffer[self.start..self.start + whole];
        let record = if answer::is_answer(&frame[FRAME_PREFIX..]) {
            Record::Answer(self.decode_answer(frame)?)
        } else {
            let entry = self.decode(frame)?;
            self.note(&entry);
            Record::Entry(entry)
        };
        Ok(Some((record, self.advance(whole))))
    }

    /// Length of the next whole record, its prefix included. Reads the header first, if it has not been read.
    fn next_whole(&mut self) -> Result<Option<usize>, JournalError> {
        if self.header.is_none() {
            let Some((header, length)) = read_header(&self.buffer[self.start..])? else { return Ok(None) };
            self.header = Some(header);
            self.advance(length);
        }
        let bytes = &self.buffer[self.start..];
        let Some(prefix) = bytes.get(..FRAME_PREFIX) else { return Ok(None) };
        let length = le_u32(&prefix[..4]);
        if length > MAX_PAYLOAD {
            return Err(self.corrupt("its length is beyond any frame's"));
        }
        let whole = FRAME_PREFIX + length as usize;
        Ok((bytes.len() >= whole).then_some(whole))
    }

    fn decode(&self, frame: &[u8]) -> Result<Entry, JournalError> {
        let seq = self.checked_seq(frame)?;
        let payload = &frame[FRAME_PREFIX..];
        if answer::is_answer(payload) {
            return Err(self.corrupt("it is an answer, which is never written"));
        }
        let decoded = minicbor::decode(payload).map_err(|_| self.corrupt("its fields cannot be decoded"))?;
        Ok(Entry { seq, t_mono_ns: le_u64(&frame[16..24]), frame: decoded })
    }

    fn decode_answer(&self, frame: &[u8]) -> Result<Answer, JournalError> {
        if self.checked_seq(frame)? != VOLATILE {
            return Err(self.corrupt("it is an answer with the number of a frame"));
        }
        answer::decode(&frame[FRAME_PREFIX..]).ok_or_else(|| self.corrupt("its fields cannot be decoded"))
    }

    /// The sequence number of a record whose checksum matches, if it may stand here.
    fn checked_seq(&self, frame: &[u8]) -> Result<u64, JournalError> {
        if le_u32(&frame[4..8]) != frame_crc(frame) {
            return Err(self.corrupt("its checksum does not match"));
        }
        let seq = le_u64(&frame[8..16]);
        let expected = self.last_seq.map_or(0, |last| last + 1);
        if seq != VOLATILE && seq != expected {
            return Err(self.corrupt("its sequence number does not follow"));
        }
        Ok(seq)
    }

    fn note(&mut self, entry: &Entry) {
        if entry.seq != VOLATILE {
            self.last_seq = Some(entry.seq);
            self.finished = matches!(entry.frame, Frame::Finished { .. });
        }
    }

    /// Goes on behind the next bytes, and gives them.
    fn advance(&mut self, bytes: usize) -> &[u8] {
        let at = self.start;
        self.start += bytes;
        self.offset += bytes as u64;
        &self.buffer[at..self.start]
    }

    fn corrupt(&self, what: &'static str) -> JournalError {
        JournalError::CorruptFrame { offset: self.offset, what }
    }
}

/// How a journal ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With a `Finished` frame, and nothing after it.
    Finished,
    /// At a frame boundary without `Finished`: the agent was killed or still runs.
    Open,
    /// In the middle of a record, at this byte: the rest was never written.
    Torn(u64),
    /// With damage.
    Corrupt(JournalError),
}

/// Reads a whole journal: header, every whole frame before any damage, and how it ends.
pub fn read_all(bytes: &[u8]) -> Result<(Header, Vec<Entry>, Ending), JournalError> {
    let mut reader = Reader::new();
    reader.feed(bytes);
    let mut entries = Vec::new();
    let damage = loop {
        match reader.next_entry() {
            Ok(Some((entry, _))) => entries.push(entry),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    let Some(header) = reader.header.take() else {
        return Err(damage.unwrap_or(JournalError::CorruptHeader("it is cut short")));
    };
    let ending = match damage {
        Some(error) => Ending::Corrupt(error),
        None if reader.pending() > 0 => Ending::Torn(reader.consumed()),
        None if reader.finished() => Ending::Finished,
        None => Ending::Open,
    };
    Ok((header, entries, ending))
}

/// Length in bytes and number of the whole frames at the start of `bytes`.
///
/// For a writer that finds out how many of its own frames arrived: only lengths are looked at.
#[must_use]
pub fn whole_frames(bytes: &[u8]) -> (usize, u64) {
    let (mut end, mut count) = (0, 0);
    while let Some(prefix) = bytes.get(end..end + FRAME_PREFIX) {
        let next = end + FRAME_PREFIX + le_u32(&prefix[..4]) as usize;
        if next > bytes.len() {
            break;
        }
        end = next;
        count += 1;
    }
    (end, count)
}

fn le_u32(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte))
}

fn le_u64(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}
