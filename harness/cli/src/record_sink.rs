//! The sink that keeps the database: host entries as they come, device journals once they are collected.
//!
//! A device's rows are made from its raw journal after the session, never during it: on a device that shares
//! its processor with this host, ingesting would cost the soak tokens; and a rebuild takes the same path. What meters
//! and probes say meanwhile, line by line, waits for the same moment. It is on disk already: a host that is killed
//! finds it there.

use std::error::Error;

use edgesoak_controller::{RunEvent, Sink};
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_store::{Store, StoreError};

/// Writes a run into the store.
pub struct RecordSink {
    store: Store,
    run: String,
    line: u64,
    waiting: Waiting,
}

/// Lines of the host's journal that are stored when their session is over, with their numbers.
#[derive(Default)]
struct Waiting(Vec<(u64, HostEntry)>);

impl Waiting {
    /// The lines to store now: this one and those that waited for it, or none.
    fn due(&mut self, line: u64, entry: &HostEntry) -> Vec<(u64, HostEntry)> {
        let this = (line, entry.clone());
        match &entry.event {
            HostEvent::MeterRead { .. } | HostEvent::MeterClock { .. } | HostEvent::AmbientRead { .. } => {
                self.0.push(this);
                Vec::new()
            }
            HostEvent::SessionClosed { .. } => {
                let mut due = self.of(entry.session.as_deref());
                due.push(this);
                due
            }
            HostEvent::RunClosed { .. } => {
                let mut due = std::mem::take(&mut self.0);
                due.push(this);
                due
            }
            _ => vec![this],
        }
    }

    /// The lines of a session.
    fn of(&mut self, session: Option<&str>) -> Vec<(u64, HostEntry)> {
        self.0.extract_if(.., |(_, entry)| entry.session.as_deref() == session).collect()
    }
}

impl RecordSink {
    /// A sink for a run whose host journal has `lines` lines so far; `run` is empty until it is opened.
    pub fn new(store: Store, run: &str, lines: u64) -> Self {
        Self { store, run: run.to_owned(), line: lines, waiting: Waiting::default() }
    }

    fn apply(&mut self, lines: &[(u64, HostEntry)]) -> Result<(), StoreError> {
        lines.iter().try_for_each(|(line, entry)| self.store.apply_host(&self.run, *line, entry))
    }
}

impl Sink for RecordSink {
    fn name(&self) -> &'static str {
        "database"
    }

    fn accept(&mut self, event: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>> {
        match event {
            RunEvent::Host(entry) => {
                if let HostEvent::RunOpened { run, .. } = &entry.event {
                    self.run.clone_from(run);
                }
                self.line += 1;
                let due = self.waiting.due(self.line, entry);
                self.apply(&due)?;
            }
            RunEvent::Collected { session, journal } => {
                let due = self.waiting.of(Some(session));
                self.apply(&due)?;
                self.store.ingest_journal(&self.run, session, journal)?;
            }
            RunEvent::Frame { .. } | RunEvent::Progress(_) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::lab::MeterScope;
    use edgesoak_record::session::{CloseState, SessionClose};
    use edgesoak_record::units::Nanos;

    use super::*;

    fn entry(session: &str, event: HostEvent) -> HostEntry {
        HostEntry { at: Nanos(0), session: Some(session.to_owned()), event }
    }

    fn metered(session: &str) -> HostEntry {
        let (meter, readings) = ("shunt".to_owned(), Vec::new());
        let scope = MeterScope::Wall;
        entry(
            session,
            HostEvent::MeterRead { meter, scope, gain_error_ppm: None, opened: Nanos(0), readings },
        )
    }

    #[test]
    fn what_a_meter_says_waits_until_its_session_is_over() {
        let mut waiting = Waiting::default();
        let mut due = |line, entry: &HostEntry| -> Vec<u64> {
            waiting.due(line, entry).into_iter().map(|(line, _)| line).collect()
        };
        assert_eq!(due(1, &metered("s01")), [0; 0]);
        assert_eq!(due(2, &metered("s02")), [0; 0]);
        assert_eq!(due(3, &metered("s01")), [0; 0]);
        let noted = HostEvent::Noted { code: "meter-silent".to_owned(), text: String::new() };
        assert_eq!(due(4, &entry("s01", noted)), [4]);
        let (cause, detail, whose) = (String::new(), String::new(), String::new());
        let close = SessionClose { state: CloseState::Completed, cause, detail, whose };
        assert_eq!(due(5, &entry("s01", HostEvent::SessionClosed { close })), [1, 3, 5]);
        assert_eq!(due(6, &entry("s02", HostEvent::RunClosed { interrupted: None })), [2, 6]);
        assert!(waiting.0.is_empty());
    }
}
