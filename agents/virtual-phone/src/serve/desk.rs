//! The desk: where runners come, one after another, and say what they want.
//!
//! A runner connects to a socket in the phone's folder, says its process number on the first line, and from then on
//! passes requests of the runner protocol in and events out. Beside events the phone may say [`Order`]s.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use edgesoak_protocol::runner::{Event, MAX_LINE_BYTES, Request};
use serde::{Deserialize, Serialize};

use super::error::ServeError;
use crate::body::surroundings::Charger;

/// Name of the socket, below the folder.
pub(super) const SOCKET: &str = "run/runner.sock";
/// A runner that reads nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(2);
/// Letters that wait for the phone.
const WAITING: usize = 16;

/// The first line of a runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Card {
    /// Its process.
    pub(super) pid: u32,
}

/// What a phone tells a runner beside events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// The kernel kills it for memory.
    Die,
    /// It tries to reach somebody over the network.
    CallOut,
}

/// A line from the phone to a runner: an order, or else an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Said {
    /// Not passed on.
    Order {
        /// What to do.
        order: Order,
    },
    /// Passed on.
    Event(Event),
}

/// What happens at the desk.
#[derive(Debug)]
pub(super) enum Letter {
    /// A runner came.
    Came(Caller),
    /// The runner asks for something, or says something that is no request.
    Asked(Result<Request, String>),
    /// The runner went.
    Went,
    /// The system boots anew; whoever has it do so waits until its files say so.
    Boots(SyncSender<()>),
    /// Somebody plugs a charger in, or takes it off.
    Charger(Option<Charger>),
}

/// A runner that is here.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) pid: u32,
    stream: UnixStream,
}

impl Caller {
    /// Says something; `false` where nobody reads.
    pub(super) fn say(&mut self, said: &Said) -> bool {
        let Ok(mut line) = serde_json::to_vec(said) else { return false };
        line.push(b'\n');
        self.stream.write_all(&line).is_ok()
    }

    /// Ends the talk; the desk tells in a letter that it went.
    pub(super) fn send_away(&self) {
        // It may be gone already.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// Opens the desk; what comes there, and where else a letter can be put in.
pub(super) fn open(socket: &Path) -> Result<(SyncSender<Letter>, Receiver<Letter>), ServeError> {
    let listener = UnixListener::bind(socket).map_err(ServeError::file("opening the socket", socket))?;
    let (sender, letters) = sync_channel(WAITING);
    let others = sender.clone();
    thread::Builder::new()
        .name("desk".to_owned())
        .spawn(move || {
            for stream in listener.incoming().flatten() {
                // One at a time: the next one waits until this one went.
                if !attend(stream, &sender) {
                    return;
                }
            }
        })
        .map_err(|source| ServeError::Listening { what: "runners", source })?;
    Ok((others, letters))
}

/// Listens to one runner; `false` when the phone is gone.
fn attend(stream: UnixStream, letters: &SyncSender<Letter>) -> bool {
    let Ok(reading) = stream.try_clone() else { return true };
    // One that never says who it is must not keep others away.
    let _ = reading.set_read_timeout(Some(PATIENCE));
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let mut reading = BufReader::new(reading);
    let card = line(&mut reading).and_then(|line| serde_json::from_slice::<Card>(&line).ok());
    let Some(Card { pid }) = card else { return true };
    let _ = reading.get_ref().set_read_timeout(None);
    if letters.send(Letter::Came(Caller { pid, stream })).is_err() {
        return false;
    }
    while let Some(line) = line(&mut reading) {
        // The parser's own words would repeat parts of the line, which may be a prompt's.
        let asked = serde_json::from_slice(&line)
            .map_err(|error| format!("not a request, at column {}", error.column()));
        if letters.send(Letter::Asked(asked)).is_err() {
            return false;
        }
    }
    letters.send(Letter::Went).is_ok()
}

/// The next line; none at the end, and where a line is so long that its end is not worth seeking.
pub(super) fn line(source: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    source.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line).ok()?;
    (line.last() == Some(&b'\n')).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_and_events_are_told_apart() {
        let event = Event::FirstToken { id: 3, t_ns: 17, prompt_n: 5 };
        for said in [Said::Order { order: Order::Die }, Said::Event(event)] {
            let text = serde_json::to_string(&said).expect("encodes");
            assert_eq!(serde_json::from_str::<Said>(&text).expect("decodes"), said);
        }
    }

    #[test]
    fn lines_are_bounded() {
        let mut bytes = b"one\n".to_vec();
        bytes.extend(vec![b'x'; MAX_LINE_BYTES + 10]);
        let mut source = &bytes[..];
        assert_eq!(line(&mut source).as_deref(), Some(&b"one\n"[..]));
        assert_eq!(line(&mut source), None);
    }
}
