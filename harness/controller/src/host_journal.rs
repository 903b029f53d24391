//! The host's journal, read back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use edgesoak_record::Plan;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::session::SessionClose;

use crate::error::ControllerError;
use crate::events::HOST_JOURNAL;
use crate::machine::State;
use crate::world::Disk;

/// A day of five meters, ten readings a second, is a quarter of it.
const MAX_BYTES: u64 = 1 << 30;

/// What another host process left behind.
#[derive(Debug)]
pub(crate) struct Past {
    pub(crate) run: String,
    pub(crate) plan: Plan,
    /// Last state of each session that had one.
    pub(crate) states: BTreeMap<String, State>,
    /// Sessions that were closed, and how.
    pub(crate) closes: BTreeMap<String, SessionClose>,
    pub(crate) closed: bool,
    /// Places of each session's answers that are known.
    pub(crate) answered: BTreeMap<String, BTreeSet<u32>>,
    /// Key of the secrets that each session was given.
    pub(crate) planted: BTreeMap<String, String>,
}

/// Reads a run's host journal and cuts a torn last line off the file.
pub(crate) fn read(disk: &dyn Disk, dir: &Path) -> Result<Past, ControllerError> {
    let path = dir.join(HOST_JOURNAL);
    let failed = |source| ControllerError::ReadingRun { path: path.clone(), source };
    let bytes = disk.read(&path, MAX_BYTES).map_err(failed)?;
    let (entries, whole) = parse(&bytes).map_err(|(line, problem)| ControllerError::DamagedRun {
        path: path.clone(),
        line,
        problem,
    })?;
    if whole < bytes.len() {
        disk.truncate(&path, whole as u64).map_err(failed)?;
    }
    let damaged = |line, problem: &str| ControllerError::DamagedRun {
        path: path.clone(),
        line,
        problem: problem.to_owned(),
    };
    Past::of(entries).map_err(|(line, problem)| damaged(line, &problem))
}

/// Entries of whole lines, and the number of bytes that they fill. Only the last line may be torn.
fn parse(bytes: &[u8]) -> Result<(Vec<HostEntry>, usize), (usize, String)> {
    let (mut entries, mut whole) = (Vec::new(), 0);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    for (index, line) in lines.iter().enumerate() {
        let is_last = index + 1 == lines.len();
        match serde_json::from_slice(line) {
            Ok(entry) if line.ends_with(b"\n") => {
                entries.push(entry);
                whole += line.len();
            }
            _ if is_last => break,
            Ok(_) => return Err((index + 1, "it has no end".to_owned())),
            Err(error) => return Err((index + 1, error.to_string())),
        }
    }
    Ok((entries, whole))
}

impl Past {
    fn of(entries: Vec<HostEntry>) -> Result<Self, (usize, String)> {
        let mut entries = entries.into_iter();
        let Some(HostEvent::RunOpened { run, plan, .. }) = entries.next().map(|entry| entry.event) else {
            return Err((1, "the run was never opened".to_owned()));
        };
        let mut past = Self {
            run,
            plan: *plan,
            states: BTreeMap::new(),
            closes: BTreeMap::new(),
            closed: false,
            answered: BTreeMap::new(),
            planted: BTreeMap::new(),
        };
        for (index, entry) in entries.enumerate() {
            past.closed = match entry.event {
                HostEvent::RunClosed { .. } => true,
                HostEvent::Judged { .. } | HostEvent::Searched { .. } => past.closed,
                _ => false,
            };
            match (entry.session, entry.event) {
                (Some(session), HostEvent::StateChanged { state, .. }) => {
                    let state =
                        serde_json::from_value(state).map_err(|error| (index + 2, error.to_string()))?;
                    // A session that goes on after its close was taken up again.
                    past.closes.remove(&session);
                    past.states.insert(session, state);
                }
                (Some(session), HostEvent::SessionClosed { close }) => {
                    past.closes.insert(session, close);
                }
                (Some(session), HostEvent::Asked { .. }) => {
                    past.answered.remove(&session);
                }
                (Some(session), HostEvent::Answered { answer }) => {
                    past.answered.entry(session).or_default().insert(answer.index);
                }
                (Some(session), HostEvent::Planted { planted }) => {
                    past.answered.remove(&session);
                    past.planted.insert(session, planted.key);
                }
                (Some(session), HostEvent::SecretAnswered { answered }) => {
                    past.answered.entry(session).or_default().insert(answered.index);
                }
                _ => {}
            }
        }
        Ok(past)
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::units::Nanos;

    use super::*;

    fn line(code: &str) -> Vec<u8> {
        let event = HostEvent::Noted { code: code.to_owned(), text: "täxt".to_owned() };
        let mut line = serde_json::to_vec(&HostEntry { at: Nanos(1), session: None, event }).expect("JSON");
        line.push(b'\n');
        line
    }

    #[test]
    fn a_cut_anywhere_leaves_the_whole_lines_before_it() {
        let lines = [line("a"), line("b"), line("c")];
        let bytes = lines.concat();
        for cut in 0..=bytes.len() {
            let (entries, whole) = parse(&bytes[..cut]).expect("only the last line is torn");
            let fitting = lines.iter().scan(0, |end, line| {
                *end += line.len();
                Some(*end)
            });
            let fitting: Vec<usize> = fitting.take_while(|end| *end <= cut).collect();
            assert_eq!(
                (entries.len(), whole),
                (fitting.len(), fitting.last().copied().unwrap_or(0)),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn damage_before_the_last_line_is_named_by_its_line() {
        let bytes = [line("a"), b"{\n".to_vec(), line("c")].concat();
        assert_eq!(parse(&bytes).expect_err("damaged").0, 2);
        assert_eq!(Past::of(Vec::new()).expect_err("never opened").0, 1);
    }
}
