//! Golden items of a session, read from the lines of the host's journal.

use edgesoak_record::golden::GoldenRecord;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::load::document;

/// What was asked and answered; `None` where nothing was asked. A session that began anew asked anew.
pub(crate) fn load(tx: &Connection, run: &str, session: &str) -> Result<Option<GoldenRecord>, StoreError> {
    let lines = lines(tx, run, session, ["asked", "answered", ""]).map_err(StoreError::read("answers"))?;
    let mut record: Option<GoldenRecord> = None;
    for line in lines {
        let entry: HostEntry = document("answer", run, &line)?;
        match (entry.event, &mut record) {
            (HostEvent::Asked { asked }, record) => {
                *record = Some(GoldenRecord { asked: *asked, answers: Vec::new() });
            }
            (HostEvent::Answered { answer }, Some(record)) => record.answers.push(*answer),
            _ => {}
        }
    }
    Ok(record)
}

/// Lines of a session of these kinds, in their order.
pub(crate) fn lines(
    tx: &Connection,
    run: &str,
    session: &str,
    kinds: [&str; 3],
) -> rusqlite::Result<Vec<String>> {
    let [one, two, three] = kinds;
    tx.prepare_cached(
        "SELECT json FROM host_entry WHERE run_id = ?1 AND session = ?2 AND kind IN (?3, ?4, ?5) ORDER BY line",
    )?
    .query_map(params![run, session, one, two, three], |row| row.get(0))?
    .collect()
}
