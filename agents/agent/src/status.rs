//! `status`: does the session's agent live, and how far did it come?

use std::os::unix::fs::FileExt;
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::Reader;
use edgesoak_protocol::probe::{AgentState, Status};
use edgesoak_sensors::{Root, identity};

use crate::error::AgentError;
use crate::follow;
use crate::hand_over;
use crate::layout::{Home, SessionName};
use crate::lease;

const PIECE_BYTES: usize = 64 << 10;

/// The state of a session.
///
/// # Errors
/// If its journal is damaged or cannot be read.
pub(crate) fn status(home: &Home, name: &SessionName, system: &Root) -> Result<Status, AgentError> {
    let before = lease::holder_of(&home.lease(), name);
    let journal = last_frame(home, name)?;
    // Asked twice: between the two the session may have begun or ended.
    let holder = lease::holder_of(&home.lease(), name).or(before);
    let (state, last_seq) = match (&journal, &holder) {
        (Some((seq, true)), _) => (AgentState::Finished, *seq),
        (Some((seq, false)), Some(_)) => (AgentState::Running, *seq),
        (None, Some(_)) => (AgentState::Running, None),
        (Some((seq, false)), None) => (AgentState::Dead, *seq),
        (None, None) => (AgentState::Absent, None),
    };
    let boot_id = identity::boot_id(system);
    let answers = holder.as_ref().and_then(|_| hand_over::taken(home, name, 0));
    Ok(Status { state, pid: holder.map(|holder| holder.pid), boot_id, last_seq, answers })
}

/// How long the process of a finished session may take to be gone: as long as a command that it still waits for.
const LINGERS: Duration = Duration::from_secs(12);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Waits while the lease is held by a session that has written its end already. One that runs is not waited for.
pub(crate) fn outwait_finished(home: &Home) {
    let began = Instant::now();
    while began.elapsed() < LINGERS && is_held_by_finished(home) {
        thread::sleep(LOOK_EVERY);
    }
}

fn is_held_by_finished(home: &Home) -> bool {
    let held_by = lease::holder(&home.lease()).and_then(|holder| SessionName::parse(&holder.session).ok());
    held_by.is_some_and(|name| matches!(last_frame(home, &name), Ok(Some((_, true)))))
}

/// Sequence number of the last whole frame and whether it is `Finished`; `None` without a journal, or with one that
/// has no whole header.
pub(crate) fn last_frame(home: &Home, name: &SessionName) -> Result<Option<(Option<u64>, bool)>, AgentError> {
    let path = home.session(name).journal();
    let file = match follow::open(&path, name) {
        Err(AgentError::NoSession(_)) => return Ok(None),
        opened => opened?,
    };
    let mut reader = Reader::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let offset = reader.consumed() + reader.pending() as u64;
        let read = file.read_at(&mut piece, offset).map_err(AgentError::io("reading", &path))?;
        if read == 0 {
            break;
        }
        reader.feed(&piece[..read]);
        while reader.next_entry().map_err(AgentError::ReadingJournal)?.is_some() {}
    }
    Ok(reader.header().is_some().then(|| (reader.last_seq(), reader.finished())))
}
