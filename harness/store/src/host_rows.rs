//! One line of the host's journal as rows.

use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::session::{ClockOffset, CloseState, SessionClose};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use crate::error::StoreError;
use crate::numbers::{Refusal, stored};
use crate::open::Store;
use crate::plan_rows::{Opening, insert, json};
use crate::{beside_rows, import_rows, verdicts};

impl Store {
    /// Stores one line of a run's host journal; `line` counts the lines of the file from 1.
    ///
    /// A line that is stored already is left alone, so a whole journal can be given again.
    pub fn apply_host(&mut self, run: &str, line: u64, entry: &HostEntry) -> Result<(), StoreError> {
        let failed = StoreError::write("a host entry");
        let tx = match self.connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(tx) => tx,
            Err(error) => return Err(failed(error)),
        };
        apply(&tx, run, line, entry)?;
        tx.commit().map_err(StoreError::write("a host entry"))
    }
}

/// The same inside a transaction of the caller.
pub(crate) fn apply(tx: &Connection, run: &str, line: u64, entry: &HostEntry) -> Result<(), StoreError> {
    let wrong = |what| StoreError::HostEntry { run: run.to_owned(), line, what };
    let number = stored(line).map_err(|damage| wrong(damage.0))?;
    let at = stored(entry.at.0).map_err(|damage| wrong(damage.0))?;
    let text = json("host entry", entry)?;
    if let Some(known) = stored_line(tx, run, number)? {
        return if known == text { Ok(()) } else { Err(wrong("another entry is stored for this line")) };
    }
    if let HostEvent::RunOpened { run: named, version, plan, history } = &entry.event {
        if named != run {
            return Err(wrong("the run has another name than its folder"));
        }
        insert(tx, line, &Opening { run, at: entry.at, version, plan, history })?;
    } else if !is_open(tx, run)? {
        return Err(StoreError::NeverOpened { run: run.to_owned() });
    }
    tx.prepare_cached(
        "INSERT INTO host_entry (run_id, line, at_unix_ns, session, kind, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .and_then(|mut insert| {
        insert.execute(params![run, number, at, entry.session, kind(&entry.event), text])
    })
    .map_err(StoreError::write("a host entry"))?;
    derive(tx, run, line, number, entry)
}

/// What an entry changes besides being kept.
fn derive(tx: &Connection, run: &str, line: u64, number: i64, entry: &HostEntry) -> Result<(), StoreError> {
    let wrong = |what| StoreError::HostEntry { run: run.to_owned(), line, what };
    match &entry.event {
        HostEvent::ClockMeasured { offset } => {
            let session = session_of(tx, run, line, entry)?;
            insert_offset(tx, run, number, session, *offset).map_err(|damage| match damage {
                OffsetError::Range => wrong("a clock is beyond any clock"),
                OffsetError::Database(source) => StoreError::Write { what: "a clock offset", source },
            })
        }
        HostEvent::SessionClosed { close } => {
            let session = session_of(tx, run, line, entry)?;
            close_session(tx, session, close).map_err(StoreError::write("a session's end"))
        }
        HostEvent::Judged { verdict } => {
            if verdict.run != run {
                return Err(wrong("the verdict is about another run"));
            }
            verdicts::insert(tx, verdict)
        }
        HostEvent::Resumed {} => set_closed(tx, run, false, None),
        HostEvent::RunClosed { interrupted } => set_closed(tx, run, true, interrupted.as_deref()),
        HostEvent::StateChanged { .. } => {
            // A session that goes on after its close was taken up again.
            let session = session_of(tx, run, line, entry)?;
            reopen_session(tx, session).map_err(StoreError::write("a session's end"))
        }
        HostEvent::MeterRead { .. } | HostEvent::MeterClock { .. } | HostEvent::AmbientRead { .. } => {
            let session = session_of(tx, run, line, entry)?;
            beside_rows::insert(tx, session, number, &entry.event).map_err(|refusal| match refusal {
                Refusal::Damage(damage) => wrong(damage.0),
                Refusal::Database(source) => {
                    StoreError::Write { what: "a reading beside the device", source }
                }
            })
        }
        HostEvent::Imported { import } => {
            let session = session_of(tx, run, line, entry)?;
            import_rows::insert(tx, session, import).map_err(|refusal| match refusal {
                Refusal::Damage(damage) => wrong(damage.0),
                Refusal::Database(source) => StoreError::Write { what: "an import", source },
            })
        }
        // Their rows are views over these lines.
        HostEvent::Asked { .. }
        | HostEvent::Answered { .. }
        | HostEvent::Planted { .. }
        | HostEvent::SecretAnswered { .. }
        | HostEvent::Searched { .. } => session_of(tx, run, line, entry).map(drop),
        HostEvent::RunOpened { .. }
        | HostEvent::Probed { .. }
        | HostEvent::Provisioned { .. }
        | HostEvent::DeviceChanged { .. }
        | HostEvent::DeviceRestored { .. }
        | HostEvent::Reattached { .. }
        | HostEvent::Noted { .. } => Ok(()),
    }
}

/// The word in the `kind` column: that of the journal's JSON.
fn kind(event: &HostEvent) -> &'static str {
    match event {
        HostEvent::RunOpened { .. } => "run_opened",
        HostEvent::StateChanged { .. } => "state_changed",
        HostEvent::Probed { .. } => "probed",
        HostEvent::Provisioned { .. } => "provisioned",
        HostEvent::DeviceChanged { .. } => "device_changed",
        HostEvent::DeviceRestored { .. } => "device_restored",
        HostEvent::ClockMeasured { .. } => "clock_measured",
        HostEvent::MeterRead { .. } => "meter_read",
        HostEvent::MeterClock { .. } => "meter_clock",
        HostEvent::AmbientRead { .. } => "ambient_read",
        HostEvent::Imported { .. } => "imported",
        HostEvent::Asked { .. } => "asked",
        HostEvent::Answered { .. } => "answered",
        HostEvent::Planted { .. } => "planted",
        HostEvent::SecretAnswered { .. } => "secret_answered",
        HostEvent::Searched { .. } => "searched",
        HostEvent::Reattached { .. } => "reattached",
        HostEvent::Noted { .. } => "noted",
        HostEvent::Resumed {} => "resumed",
        HostEvent::SessionClosed { .. } => "session_closed",
        HostEvent::Judged { .. } => "judged",
        HostEvent::RunClosed { .. } => "run_closed",
    }
}

fn stored_line(tx: &Connection, run: &str, line: i64) -> Result<Option<String>, StoreError> {
    tx.prepare_cached("SELECT json FROM host_entry WHERE run_id = ?1 AND line = ?2")
        .and_then(|mut query| query.query_row(params![run, line], |row| row.get(0)).optional())
        .map_err(StoreError::read("a host entry"))
}

pub(crate) fn is_open(tx: &Connection, run: &str) -> Result<bool, StoreError> {
    tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM run WHERE run_id = ?1)")
        .and_then(|mut query| query.query_row([run], |row| row.get(0)))
        .map_err(StoreError::read("a run"))
}

fn session_of(tx: &Connection, run: &str, line: u64, entry: &HostEntry) -> Result<i64, StoreError> {
    let Some(session) = entry.session.as_deref() else {
        return Err(StoreError::HostEntry { run: run.to_owned(), line, what: "it names no session" });
    };
    session_id(tx, run, session)
}

/// The key of a planned session.
pub(crate) fn session_id(tx: &Connection, run: &str, session: &str) -> Result<i64, StoreError> {
    tx.prepare_cached("SELECT id FROM session WHERE run_id = ?1 AND session = ?2")
        .and_then(|mut query| query.query_row([run, session], |row| row.get(0)).optional())
        .map_err(StoreError::read("a session"))?
        .ok_or_else(|| StoreError::UnknownSession { run: run.to_owned(), session: session.to_owned() })
}

enum OffsetError {
    Range,
    Database(rusqlite::Error),
}

fn insert_offset(
    tx: &Connection,
    run: &str,
    line: i64,
    session: i64,
    offset: ClockOffset,
) -> Result<(), OffsetError> {
    let range = |number| stored(number).map_err(|_| OffsetError::Range);
    let (host, uncertainty) = (range(offset.host_mono.0)?, range(offset.uncertainty_ns)?);
    let suspended = range(offset.suspended.0)?;
    tx.prepare_cached(
        "INSERT INTO clock_offset (run_id, line, session_id, host_mono_ns, offset_ns, uncertainty_ns, \
         suspended_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .and_then(|mut insert| {
        insert.execute(params![run, line, session, host, offset.offset_ns, uncertainty, suspended])
    })
    .map(drop)
    .map_err(OffsetError::Database)
}

fn close_session(tx: &Connection, session: i64, close: &SessionClose) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "UPDATE session SET close_state = ?2, close_cause = ?3, close_detail = ?4, whose = ?5 WHERE id = ?1",
    )?
    .execute(params![session, close_word(close.state), close.cause, close.detail, close.whose])
    .map(drop)
}

fn reopen_session(tx: &Connection, session: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "UPDATE session SET close_state = NULL, close_cause = NULL, close_detail = NULL, whose = NULL \
         WHERE id = ?1 AND close_state IS NOT NULL",
    )?
    .execute([session])
    .map(drop)
}

/// The word in the `close_state` column.
pub(crate) fn close_word(state: CloseState) -> &'static str {
    match state {
        CloseState::Completed => "completed",
        CloseState::Interrupted => "interrupted",
        CloseState::NotRun => "not_run",
    }
}

fn set_closed(tx: &Connection, run: &str, closed: bool, interrupted: Option<&str>) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE run SET closed = ?2, interrupted = ?3 WHERE run_id = ?1")
        .and_then(|mut update| update.execute(params![run, closed, interrupted]))
        .map(drop)
        .map_err(StoreError::write("a run's end"))
}
