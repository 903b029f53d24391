//! `follow`: streams a journal byte for byte, first what is there, then as it grows.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::{Frame, Reader, VOLATILE, read_header, write_frame};
use edgesoak_sensors::clocks;

use crate::device::{AnswerRecords, Device};
use crate::error::AgentError;
use crate::layout::{Home, SessionName};
use crate::lease;

const PIECE_BYTES: usize = 32 << 10;
/// How often the file is looked at; the agent writes four times a second.
const LOOK_EVERY: Duration = Duration::from_millis(150);
/// Together with one look this stays below the second that is promised.
const HEARTBEAT_AFTER: Duration = Duration::from_millis(800);

/// Streams the header, every frame from `from` on, answers that are not taken, and heartbeats, until `Finished` was sent.
/// An answer comes behind the frame that tells of it.
///
/// # Errors
/// [`AgentError::AgentDead`] if the agent died before it finished: everything it wrote was sent.
pub(crate) fn follow(
    device: &dyn Device,
    home: &Home,
    name: &SessionName,
    from: u64,
    out: &mut dyn Write,
) -> Result<(), AgentError> {
    let path = home.session(name).journal();
    let file = open(&path, name)?;
    let mut journal = Followed { file, path, from, reader: Reader::new(), piece: vec![0; PIECE_BYTES] };
    journal.send_header(out)?;
    let mut answers = device.answers(home, name);
    let mut sent = Instant::now();
    loop {
        // Asked before reading: what a dead agent wrote last is then in the file.
        let alive = lease::holder_of(&home.lease(), name).is_some();
        if journal.send_new(out, &mut answers)? {
            sent = Instant::now();
        }
        if journal.reader.finished() {
            return Ok(());
        }
        if !alive {
            return Err(AgentError::AgentDead);
        }
        if sent.elapsed() >= HEARTBEAT_AFTER && journal.send_heartbeat(out)? {
            sent = Instant::now();
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// Opens the journal of a session.
pub(crate) fn open(path: &PathBuf, name: &SessionName) -> Result<File, AgentError> {
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => AgentError::NoSession(name.to_string()),
        _ => AgentError::io("opening", path)(error),
    })
}

struct Followed {
    file: File,
    path: PathBuf,
    from: u64,
    reader: Reader,
    piece: Vec<u8>,
}

impl Followed {
    /// The header is on the disk before anybody can follow; it is sent as it stands there.
    fn send_header(&mut self, out: &mut dyn Write) -> Result<(), AgentError> {
        let mut bytes = Vec::new();
        loop {
            let read = self.read(bytes.len() as u64)?;
            bytes.extend_from_slice(&self.piece[..read]);
            if let Some((_, length)) = read_header(&bytes).map_err(AgentError::ReadingJournal)? {
                return write(out, &bytes[..length]);
            }
            if read == 0 {
                return Err(AgentError::AgentDead);
            }
        }
    }

    /// Sends the whole frames that came since, each answer right behind the frame that tells of it, wherever the stream
    /// began; whether there were any.
    fn send_new(&mut self, out: &mut dyn Write, answers: &mut AnswerRecords<'_>) -> Result<bool, AgentError> {
        let mut any = false;
        loop {
            let read = self.read(self.reader.consumed() + self.reader.pending() as u64)?;
            if read == 0 {
                break;
            }
            self.reader.feed(&self.piece[..read]);
            while let Some((entry, bytes)) = self.reader.next_entry().map_err(AgentError::ReadingJournal)? {
                if entry.seq >= self.from {
                    write(out, bytes)?;
                    any = true;
                }
                if let Frame::Answered { index, .. } = entry.frame
                    && let Some(mut record) = answers(index)
                {
                    let written = write(out, &record);
                    record.fill(0);
                    written?;
                }
            }
        }
        // On a full disk the agent cuts a torn tail and writes other bytes in its place: read it again next time.
        self.reader.forget_pending();
        out.flush().map_err(AgentError::io("writing", "the stream"))?;
        Ok(any)
    }

    /// Nothing can be said before the first frame is written, which takes a fraction of a second.
    fn send_heartbeat(&mut self, out: &mut dyn Write) -> Result<bool, AgentError> {
        let Some(last_seq) = self.reader.last_seq() else { return Ok(false) };
        let mut bytes = Vec::new();
        write_frame(&mut bytes, VOLATILE, clocks::mono_ns(), &Frame::Heartbeat { last_seq });
        write(out, &bytes)?;
        out.flush().map_err(AgentError::io("writing", "the stream"))?;
        Ok(true)
    }

    fn read(&mut self, offset: u64) -> Result<usize, AgentError> {
        self.file.read_at(&mut self.piece, offset).map_err(AgentError::io("reading", &self.path))
    }
}

fn write(out: &mut dyn Write, bytes: &[u8]) -> Result<(), AgentError> {
    out.write_all(bytes).map_err(AgentError::io("writing", "the stream"))
}
