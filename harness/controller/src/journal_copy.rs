//! The host's copy of a device's journal: whole records only, byte for byte the device's.

use std::io;
use std::path::{Path, PathBuf};

use edgesoak_protocol::journal::{
    Answer, Entry, Frame, Header, JournalError, Reader, Record, VOLATILE, read_header,
};

use crate::world::Disk;

const CHUNK: usize = 1 << 20;
/// No session writes more than this; a device that sends more is broken or hostile.
const MAX_JOURNAL: u64 = 4 << 30;

/// A journal's copy and how far it is.
#[derive(Debug, Clone)]
pub(crate) struct JournalCopy {
    path: PathBuf,
    run: String,
    session: String,
    header: Option<Header>,
    last_seq: Option<u64>,
    length: u64,
    finished: Option<Frame>,
}

/// Why a stream is not the continuation of a copy.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum StreamFault {
    /// Bytes were lost or changed on the way, or the device sends garbage: worth another try.
    Damaged(JournalError),
    /// It is the journal of something else.
    Foreign,
    /// It never ends.
    TooLong,
}

/// What one chunk of a stream brought.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    /// Whole records, to be appended to the copy.
    pub(crate) bytes: Vec<u8>,
    /// Frames in them.
    pub(crate) entries: Vec<Entry>,
    /// Answers beside them, which are written nowhere.
    pub(crate) answers: Vec<Answer>,
    /// Why nothing more can come from this stream.
    pub(crate) fault: Option<StreamFault>,
}

impl JournalCopy {
    /// The copy at `path`, empty if there is none. A torn tail is cut off the file, for it is not whole.
    pub(crate) fn open(disk: &dyn Disk, path: &Path, run: &str, session: &str) -> io::Result<Self> {
        let mut copy = Self {
            path: path.to_owned(),
            run: run.to_owned(),
            session: session.to_owned(),
            header: None,
            last_seq: None,
            length: 0,
            finished: None,
        };
        let Some(length) = disk.length(path)? else { return Ok(copy) };
        let mut intake = copy.intake();
        let mut offset = 0;
        while offset < length {
            let bytes = disk.read_at(path, offset, CHUNK)?;
            if bytes.is_empty() {
                break;
            }
            offset += bytes.len() as u64;
            let accepted = intake.feed(&bytes);
            copy.kept(&intake, &accepted);
            if accepted.fault.is_some() {
                break;
            }
        }
        if copy.length < length {
            disk.truncate(path, copy.length)?;
        }
        Ok(copy)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    pub(crate) fn last_seq(&self) -> Option<u64> {
        self.last_seq
    }

    /// The `Finished` frame, once it was copied.
    pub(crate) fn finished(&self) -> Option<&Frame> {
        self.finished.as_ref()
    }

    /// The first frame that is not in the copy.
    pub(crate) fn next_seq(&self) -> u64 {
        self.last_seq.map_or(0, |last| last.saturating_add(1))
    }

    /// Reads one stream that begins at [`JournalCopy::next_seq`].
    pub(crate) fn intake(&self) -> Intake {
        Intake {
            reader: Reader::resuming_after(self.last_seq),
            head: Some(Vec::new()),
            known: self.header.clone(),
            seen: None,
            run: self.run.clone(),
            session: self.session.clone(),
            room: MAX_JOURNAL.saturating_sub(self.length),
        }
    }

    /// Notes that what was accepted is on disk now.
    pub(crate) fn kept(&mut self, intake: &Intake, accepted: &Accepted) {
        self.length += accepted.bytes.len() as u64;
        if self.header.is_none() {
            self.header.clone_from(&intake.seen);
        }
        if let Some(last) = accepted.entries.last() {
            self.last_seq = Some(last.seq);
            if matches!(last.frame, Frame::Finished { .. }) {
                self.finished = Some(last.frame.clone());
            }
        }
    }
}

/// Shows every whole frame of a copy.
pub(crate) fn entries(disk: &dyn Disk, path: &Path, mut show: impl FnMut(&Entry)) -> io::Result<()> {
    let (mut reader, mut offset) = (Reader::new(), 0);
    loop {
        let bytes = disk.read_at(path, offset, CHUNK)?;
        if bytes.is_empty() {
            return Ok(());
        }
        offset += bytes.len() as u64;
        reader.feed(&bytes);
        // What is damaged was cut off when the copy was opened.
        while let Ok(Some((entry, _))) = reader.next_entry() {
            show(&entry);
        }
    }
}

/// Takes whole records out of one stream.
#[derive(Debug)]
pub(crate) struct Intake {
    reader: Reader,
    /// Bytes of a header that is not whole yet; `None` behind it.
    head: Option<Vec<u8>>,
    known: Option<Header>,
    seen: Option<Header>,
    run: String,
    session: String,
    room: u64,
}

impl Intake {
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Accepted {
        let mut accepted = Accepted::default();
        if let Err(fault) = self.take(bytes, &mut accepted) {
            accepted.fault = Some(fault);
        }
        accepted
    }

    fn take(&mut self, bytes: &[u8], accepted: &mut Accepted) -> Result<(), StreamFault> {
        match self.head.take() {
            None => self.reader.feed(bytes),
            Some(mut head) => {
                head.extend_from_slice(bytes);
                let Some((header, length)) = read_header(&head).map_err(StreamFault::Damaged)? else {
                    self.head = Some(head);
                    return Ok(());
                };
                self.check(&header)?;
                if self.known.is_none() {
                    accepted.bytes.extend_from_slice(&head[..length]);
                }
                self.seen = Some(header);
                self.reader.feed(&head);
            }
        }
        while !self.reader.finished() {
            let Some((record, frame)) = self.reader.next_record().map_err(StreamFault::Damaged)? else {
                break;
            };
            let entry = match record {
                Record::Entry(entry) => entry,
                Record::Answer(answer) => {
                    accepted.answers.push(answer);
                    continue;
                }
            };
            if entry.seq == VOLATILE {
                continue;
            }
            self.room = self.room.checked_sub(frame.len() as u64).ok_or(StreamFault::TooLong)?;
            accepted.bytes.extend_from_slice(frame);
            accepted.entries.push(entry);
        }
        Ok(())
    }

    fn check(&self, header: &Header) -> Result<(), StreamFault> {
        let ours = header.run == self.run && header.session == self.session;
        let same = self.known.as_ref().is_none_or(|known| known == header);
        if ours && same { Ok(()) } else { Err(StreamFault::Foreign) }
    }
}

#[cfg(test)]
mod tests;
