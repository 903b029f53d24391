//! A serial line, a named pipe, or a file that grows, read by a thread of its own: none of them tells an event loop
//! about itself in the same way.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use async_trait::async_trait;
use edgesoak_record::lab::MeterFormat;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open as open_file};
use rustix::termios::{ControlModes, OptionalActions, isatty, tcgetattr, tcsetattr};
use tokio::sync::mpsc::{Receiver, Sender, channel, error::TrySendError};

use crate::error::InstrumentError;
use crate::lines::MAX_LINE;
use crate::meter_stream::{ByteSource, CHUNK};
use crate::program::end_of_stream;

/// How long the thread waits before it looks whether anybody still listens.
const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
/// A file that has no more, or a pipe that nobody writes to, is looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Pieces that may wait for their reader.
const QUEUE: usize = 64;

type Piece = io::Result<Vec<u8>>;

/// Bytes of the thread.
pub(crate) struct SerialLine {
    path: PathBuf,
    pieces: Receiver<Piece>,
}

#[async_trait]
impl ByteSource for SerialLine {
    async fn next(&mut self) -> Result<Vec<u8>, InstrumentError> {
        let piece = self.pieces.recv().await.unwrap_or_else(|| Err(end_of_stream()));
        piece.map_err(|source| InstrumentError::Reading { path: self.path.clone(), source })
    }
}

/// What is read, and how its end looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// No more bytes means that the line was unplugged.
    Terminal,
    /// No more bytes means that nobody writes at the moment.
    Pipe,
    /// No more bytes means that the file has not grown.
    File,
}

/// Opens the path without waiting for anybody at its other end, and starts to read.
pub(crate) fn open(path: &Path, baud: u32, format: MeterFormat) -> Result<SerialLine, InstrumentError> {
    let (sender, pieces) = channel(QUEUE);
    let opened = prepare(path, baud).and_then(|(mut file, kind)| {
        let mut hands = Hands { sender, lost: false };
        if kind == Kind::File {
            let head = to_the_end(&mut file, format)?;
            hands.over(head);
        }
        let thread = std::thread::Builder::new().name("serial-line".to_owned());
        thread.spawn(move || read_on(file, kind, hands))
    });
    match opened {
        Ok(_) => Ok(SerialLine { path: path.to_owned(), pieces }),
        Err(source) => Err(InstrumentError::Opening { path: path.to_owned(), source }),
    }
}

fn prepare(path: &Path, baud: u32) -> io::Result<(File, Kind)> {
    let flags = OFlags::RDONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(open_file(path, flags, Mode::empty())?);
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a directory"));
    }
    if !isatty(&file) {
        return Ok((file, if facts.is_file() { Kind::File } else { Kind::Pipe }));
    }
    let mut modes = tcgetattr(&file)?;
    modes.make_raw();
    // A modem's wires say nothing about a meter, and its bytes must be received.
    modes.control_modes |= ControlModes::CLOCAL | ControlModes::CREAD;
    modes.set_speed(baud)?;
    tcsetattr(&file, OptionalActions::Now, &modes)?;
    Ok((file, Kind::Terminal))
}

/// Reads until nobody listens any more.
fn read_on(mut file: File, kind: Kind, mut hands: Hands) {
    while !hands.sender.is_closed() {
        match read_some(&mut file, kind) {
            Ok(None) => {}
            Ok(Some(bytes)) => {
                if !hands.over(bytes) {
                    return;
                }
            }
            Err(error) => {
                let _ = hands.sender.blocking_send(Err(error));
                return;
            }
        }
    }
}

/// Hands pieces over to whoever listens.
struct Hands {
    sender: Sender<Piece>,
    /// The last piece was lost: the next one begins in the middle of a line.
    lost: bool,
}

impl Hands {
    /// A reader that is too slow loses bytes, and with them whole lines: their times of arrival would be wrong, and two
    /// halves of different lines may well make a number. Whether anybody listens still.
    fn over(&mut self, bytes: Vec<u8>) -> bool {
        let bytes = if self.lost {
            let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                return !self.sender.is_closed();
            };
            // The half before the loss ends in a byte that no reading has.
            [b"\0\n", &bytes[end + 1..]].concat()
        } else {
            bytes
        };
        match self.sender.try_send(Ok(bytes)) {
            Ok(()) => self.lost = false,
            Err(TrySendError::Full(_)) => self.lost = true,
            Err(TrySendError::Closed(_)) => return false,
        }
        true
    }
}

fn read_some(file: &mut File, kind: Kind) -> io::Result<Option<Vec<u8>>> {
    if kind != Kind::File {
        let mut waiting = [PollFd::new(file, PollFlags::IN)];
        match poll(&mut waiting, Some(&PATIENCE)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut bytes = vec![0; CHUNK];
    match file.read(&mut bytes) {
        Ok(0) if kind == Kind::Terminal => Err(end_of_stream()),
        Ok(0) => {
            sleep(LOOK_EVERY);
            Ok(None)
        }
        Ok(read) => {
            bytes.truncate(read);
            Ok(Some(bytes))
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// What a file holds already was not read just now; of a table only its header is: gives it, and goes on behind the
/// last whole line.
fn to_the_end(file: &mut File, format: MeterFormat) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    if format == MeterFormat::Csv {
        file.by_ref().take(MAX_LINE as u64).read_to_end(&mut head)?;
        let header = head.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        head.truncate(header);
        if head.is_empty() {
            // Not even the header is whole: there is nothing old to skip.
            file.seek(SeekFrom::Start(0))?;
            return Ok(head);
        }
    }
    let length = file.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(MAX_LINE as u64);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.by_ref().take(length - from).read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    file.seek(SeekFrom::Start(from + whole as u64))?;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter_stream::MeterStream;

    /// What a reader hears that took nothing until the queue was full and `lost` came.
    async fn heard(before: &str, lost: &[&str], after: &str) -> (Vec<f64>, u32) {
        let (sender, pieces) = channel(QUEUE);
        let mut hands = Hands { sender, lost: false };
        for _ in 1..QUEUE {
            assert!(hands.over(b"#\n".to_vec()));
        }
        assert!(hands.over(before.as_bytes().to_vec()));
        for piece in lost {
            assert!(hands.over(piece.as_bytes().to_vec()));
        }
        let line = SerialLine { path: PathBuf::new(), pieces };
        let mut stream = MeterStream::new(Box::new(line), MeterFormat::Csv);
        for _ in 0..QUEUE {
            stream.next().await.expect("a piece");
        }
        assert!(hands.over(after.as_bytes().to_vec()));
        let heard = stream.next().await.expect("a piece");
        (heard.readings.iter().map(|reading| reading.watts.expect("a value")).collect(), heard.bad_lines)
    }

    #[tokio::test]
    async fn halves_of_different_lines_make_no_reading() {
        // `2` watts and what is left of `3.75`: without care, 275 W.
        assert_eq!(heard("W\n2", &[".5\n3."], "75\n4.5\n").await, (vec![4.5], 1));
        assert_eq!(heard("W\n2", &[".5\n", "6.5\n"], "7.5\n8.5\n").await, (vec![8.5], 1));
    }
}
