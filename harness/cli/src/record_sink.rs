//! The sink that keeps the database: host entries as they come, device journals once they are collected.
//!
//! A device's rows are made from its raw journal after the session, never during it: on a device that shares
//! its processor with this host, ingesting would cost the soak tokens; and a rebuild takes the same path.

use std::error::Error;

use edgesoak_controller::{RunEvent, Sink};
use edgesoak_record::host_entry::HostEvent;
use edgesoak_store::Store;

/// Writes a run into the store.
pub struct RecordSink {
    store: Store,
    run: String,
    line: u64,
}

impl RecordSink {
    /// A sink for a run whose host journal has `lines` lines so far; `run` is empty until it is opened.
    pub fn new(store: Store, run: &str, lines: u64) -> Self {
        Self { store, run: run.to_owned(), line: lines }
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
                self.store.apply_host(&self.run, self.line, entry)?;
            }
            RunEvent::Collected { session, journal } => {
                self.store.ingest_journal(&self.run, session, journal)?;
            }
            RunEvent::Frame { .. } | RunEvent::Progress(_) => {}
        }
        Ok(())
    }
}
