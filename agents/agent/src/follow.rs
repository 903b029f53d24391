//! `follow`: streams a journal byte for byte, first what is there, then as it grows.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::{Frame, Reader, VOLATILE, read_header, write_frame};
use edgesoak_sensors::clocks;

use crate::device::{AnswerRecords, Device, Handed};
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
    let (reader, piece) = (Reader::new(), vec![0; PIECE_BYTES]);
    let mut journal = Followed { file, path, from, reader, piece, owed: BTreeSet::new() };
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
    /// Answers whose frame went by while the session could not be asked for them.
    owed: BTreeSet<u32>,
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
        let mut any = self.send_owed(out, answers)?;
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
                    && !send_answer(answers(index), out)?
                {
                    self.owed.insert(index);
                }
            }
        }
        // On a full disk the agent cuts a torn tail and writes other bytes in its place: read it again next time.
        self.reader.forget_pending();
        out.flush().map_err(AgentError::io("writing", "the stream"))?;
        Ok(any)
    }

    /// Tries again what could not be had, in its order; whether any came.
    fn send_owed(
        &mut self,
        out: &mut dyn Write,
        answers: &mut AnswerRecords<'_>,
    ) -> Result<bool, AgentError> {
        let before = self.owed.len();
        while let Some(index) = self.owed.first().copied()
            && send_answer(answers(index), out)?
        {
            self.owed.remove(&index);
        }
        Ok(self.owed.len() < before)
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

/// Passes an answer on; `false` where it must be asked for once more.
fn send_answer(kept: Handed, out: &mut dyn Write) -> Result<bool, AgentError> {
    match kept {
        Handed::Record(mut record) => {
            let written = write(out, &record);
            record.fill(0);
            written.map(|()| true)
        }
        Handed::Forgotten => Ok(true),
        Handed::OutOfReach => Ok(false),
    }
}

fn write(out: &mut dyn Write, bytes: &[u8]) -> Result<(), AgentError> {
    out.write_all(bytes).map_err(AgentError::io("writing", "the stream"))
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::journal::{Answer, AnswerText, Record, write_answer};

    use super::*;

    fn answered(index: u32) -> Frame {
        let (sha256, documents) = (String::new(), Vec::new());
        let (bytes, is_cut, refused, confidence_millionths) = (1, false, None, None);
        Frame::Answered {
            prompt: index,
            index,
            sha256,
            bytes,
            is_cut,
            documents,
            refused,
            confidence_millionths,
        }
    }

    fn record(index: u32) -> Vec<u8> {
        let (item, finish, text) = ("one".to_owned(), "eos".to_owned(), AnswerText::new("a".to_owned()));
        let mut record = Vec::new();
        let answer =
            Answer { index, prompt: index, item, finish, documents: Vec::new(), is_cut: false, text };
        write_answer(&mut record, 5, &answer);
        record
    }

    /// Places of the answers in a stream.
    fn told(stream: &[u8]) -> Vec<u32> {
        let mut reader = Reader::new();
        reader.feed(stream);
        let (mut frames, mut places) = (0, Vec::new());
        while let Some((record, _)) = reader.next_record().expect("a whole stream") {
            match record {
                Record::Answer(answer) => places.push(answer.index),
                Record::Entry(_) => frames += 1,
            }
        }
        assert_eq!(frames, 4, "each frame once");
        places
    }

    #[test]
    fn an_answer_that_was_out_of_reach_is_asked_for_at_every_look() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("journal");
        let mut bytes = crate::disk::tests::header();
        for index in 0..4 {
            write_frame(&mut bytes, u64::from(index), 7, &answered(index));
        }
        std::fs::write(&path, &bytes).expect("written");
        let file = File::open(&path).expect("it is there");
        let (reader, piece) = (Reader::new(), vec![0; PIECE_BYTES]);
        let mut journal = Followed { file, path, from: 0, reader, piece, owed: BTreeSet::new() };
        let mut stream = Vec::new();
        journal.send_header(&mut stream).expect("a header");
        // The first can never be had; the third is forgotten by the time that it can be asked for.
        let mut look = |told: [Handed; 4]| {
            let mut answers: AnswerRecords<'_> = Box::new(move |index| told[index as usize].clone());
            journal.send_new(&mut stream, &mut answers).expect("readable")
        };
        let given = |index| Handed::Record(record(index));
        assert!(look([Handed::OutOfReach, given(1), Handed::OutOfReach, Handed::OutOfReach]));
        assert!(!look([Handed::OutOfReach, Handed::Forgotten, given(2), given(3)]), "in their order");
        assert!(look([given(0), Handed::Forgotten, Handed::Forgotten, given(3)]));
        assert!(!look([given(0), given(1), given(2), given(3)]), "each once");
        assert_eq!(told(&stream), [1, 0, 3]);
    }
}
