//! Planted secrets of a session and where they were looked for, read from the lines of the host's journal.

use edgesoak_record::LeakRecord;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use rusqlite::Connection;

use crate::answer_rows::lines;
use crate::error::StoreError;
use crate::load::document;

/// What was planted, handled and found; `None` where nothing was planted. A session that began anew was given them anew.
pub(crate) fn load(tx: &Connection, run: &str, session: &str) -> Result<Option<LeakRecord>, StoreError> {
    let lines = lines(tx, run, session, ["planted", "secret_answered", "searched"]);
    let mut record: Option<LeakRecord> = None;
    for line in lines.map_err(StoreError::read("searches"))? {
        let entry: HostEntry = document("search", run, &line)?;
        match (entry.event, &mut record) {
            (HostEvent::Planted { planted }, record) => *record = Some(LeakRecord::of(planted)),
            (HostEvent::SecretAnswered { answered }, Some(record)) => record.answered.push(answered),
            (HostEvent::Searched { searched }, Some(record)) => record.take(*searched),
            _ => {}
        }
    }
    Ok(record)
}
