//! A device journal on disk, read from any place on in bounded memory.

use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use edgesoak_protocol::journal::{
    Entry, HEADER_PREFIX, Header, JournalError, MAX_PAYLOAD, Reader, read_header,
};
use edgesoak_record::hex;
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::limits::{HEAD_BYTES, JOURNAL_BYTES, READ_BYTES};

/// An open journal whose header was read.
#[derive(Debug)]
pub(crate) struct JournalFile {
    path: PathBuf,
    file: File,
    pub(crate) header: Header,
    header_bytes: Vec<u8>,
    /// Size when it was opened.
    pub(crate) bytes: u64,
}

impl JournalFile {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let unread = |source| StoreError::ReadFile { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(unread)?;
        let bytes = file.metadata().map_err(unread)?.len();
        if bytes > JOURNAL_BYTES {
            return Err(StoreError::JournalTooLarge { path: path.to_owned(), bytes, limit: JOURNAL_BYTES });
        }
        let (head, header) = read_head(&mut file, path)?;
        Ok(Self { path: path.to_owned(), file, header, header_bytes: head, bytes })
    }

    pub(crate) fn header_length(&self) -> u64 {
        self.header_bytes.len() as u64
    }

    /// Tells this journal from any other, of the same session too.
    pub(crate) fn header_sha256(&self) -> String {
        hex(&Sha256::digest(&self.header_bytes))
    }

    /// The frames from byte `offset` on, the first of which follows frame `last_seq`.
    pub(crate) fn frames_from(mut self, offset: u64, last_seq: Option<u64>) -> Result<Frames, StoreError> {
        let unread = |source| StoreError::ReadFile { path: self.path.clone(), source };
        self.file.seek(SeekFrom::Start(offset)).map_err(unread)?;
        let mut reader = Reader::resuming_after(last_seq);
        reader.feed(&self.header_bytes);
        let header_length = self.header_length();
        Ok(Frames {
            path: self.path,
            file: self.file,
            reader,
            skipped: offset - header_length,
            header_length,
            chunk: vec![0; READ_BYTES],
        })
    }
}

/// The header and its bytes. Honest ones fit into the first piece; a journal is opened often while it grows.
fn read_head(file: &mut File, path: &Path) -> Result<(Vec<u8>, Header), StoreError> {
    let unusable = |source| StoreError::ReadJournal { path: path.to_owned(), source };
    let mut head = Vec::new();
    for piece in [HEAD_BYTES, HEADER_PREFIX as u64 + u64::from(MAX_PAYLOAD)] {
        Read::by_ref(file)
            .take(piece)
            .read_to_end(&mut head)
            .map_err(|source| StoreError::ReadFile { path: path.to_owned(), source })?;
        if let Some((header, length)) = read_header(&head).map_err(unusable)? {
            head.truncate(length);
            return Ok((head, header));
        }
    }
    Err(unusable(JournalError::CorruptHeader("it is cut short")))
}

/// How the bytes end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tail {
    /// After a whole frame.
    Boundary,
    /// Within a frame.
    Torn,
    /// With damage, told in a sentence.
    Damaged(String),
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Step {
    Frame(Entry),
    End(Tail),
}

/// Whole frames, one after the other.
#[derive(Debug)]
pub(crate) struct Frames {
    path: PathBuf,
    file: File,
    reader: Reader,
    /// Bytes of the file that the reader was not given.
    skipped: u64,
    /// The reader takes the header together with the first frame; we are beyond it from the start.
    header_length: u64,
    chunk: Vec<u8>,
}

impl Frames {
    /// Bytes of the file before the next frame.
    pub(crate) fn position(&self) -> u64 {
        self.skipped + self.reader.consumed().max(self.header_length)
    }

    pub(crate) fn next(&mut self) -> Result<Step, StoreError> {
        loop {
            match self.reader.next_entry() {
                Ok(Some((entry, _))) => return Ok(Step::Frame(entry)),
                Ok(None) => {}
                Err(error) => return Ok(Step::End(Tail::Damaged(self.words(&error)))),
            }
            let read = loop {
                match self.file.read(&mut self.chunk) {
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    result => break result,
                }
            };
            let read = read.map_err(|source| StoreError::ReadFile { path: self.path.clone(), source })?;
            if read == 0 {
                let tail = if self.reader.pending() > 0 { Tail::Torn } else { Tail::Boundary };
                return Ok(Step::End(tail));
            }
            self.reader.feed(&self.chunk[..read]);
        }
    }

    /// The reader counts from where it began; people count from the start of the file.
    fn words(&self, error: &JournalError) -> String {
        match error {
            JournalError::CorruptFrame { offset, what } => damage_at(self.skipped + offset, what),
            other => other.to_string(),
        }
    }
}

/// The sentence about a frame that is damaged or makes no sense.
pub(crate) fn damage_at(offset: u64, what: &str) -> String {
    format!("the frame at byte {offset} is damaged: {what}")
}
