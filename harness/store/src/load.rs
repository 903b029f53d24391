//! A run as the gates and the report want it.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::session::{ClockOffset, CloseState, SessionClose, SessionRecord};
use edgesoak_record::{Plan, PlannedSession, Run};
use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::answer_rows;
use crate::beside_rows;
use crate::error::StoreError;
use crate::host_rows::{close_word, session_id};
use crate::import_rows;
use crate::leak_rows;
use crate::load_device;
use crate::numbers::unsigned;
use crate::open::Store;

struct RunRow {
    opened: Nanos,
    version: String,
    plan: String,
    history: String,
    closed: bool,
    interrupted: Option<String>,
}

impl Store {
    /// Everything about a run: its plan and history as they were, and one record per planned session in plan
    /// order. The same rows give the same value, whatever way they came in.
    pub fn load_run(&self, run: &str) -> Result<Run, StoreError> {
        self.load(run, true)
    }

    /// The same without samples, times of tokens and readings of meters, which are nearly all of a run.
    pub fn load_outline(&self, run: &str) -> Result<Run, StoreError> {
        self.load(run, false)
    }

    /// The whole record of one session.
    pub fn load_session(&self, run: &str, planned: &PlannedSession) -> Result<SessionRecord, StoreError> {
        let tx = self.connection.unchecked_transaction().map_err(StoreError::read("a session"))?;
        load_session(&tx, run, planned, true)
    }

    fn load(&self, run: &str, whole: bool) -> Result<Run, StoreError> {
        // One snapshot, although another process may be ingesting.
        let tx = self.connection.unchecked_transaction().map_err(StoreError::read("a run"))?;
        let row = run_row(&tx, run)
            .map_err(StoreError::read("a run"))?
            .ok_or_else(|| StoreError::UnknownRun { name: run.to_owned() })?;
        let plan: Plan = document("plan", run, &row.plan)?;
        let session = |planned: &PlannedSession| load_session(&tx, run, planned, whole);
        let sessions = plan.sessions.iter().map(session).collect::<Result<_, _>>()?;
        Ok(Run {
            id: run.to_owned(),
            opened: row.opened,
            version: row.version,
            history: document("history", run, &row.history)?,
            plan,
            sessions,
            closed: row.closed,
            interrupted: row.interrupted,
        })
    }
}

fn run_row(tx: &Connection, run: &str) -> rusqlite::Result<Option<RunRow>> {
    tx.prepare_cached(
        "SELECT opened_unix_ns, edgesoak_version, plan_json, history_json, closed, interrupted \
         FROM run WHERE run_id = ?1",
    )?
    .query_row([run], |row| {
        Ok(RunRow {
            opened: Nanos(unsigned(0, row.get(0)?)?),
            version: row.get(1)?,
            plan: row.get(2)?,
            history: row.get(3)?,
            closed: row.get(4)?,
            interrupted: row.get(5)?,
        })
    })
    .optional()
}

pub(crate) fn document<T: DeserializeOwned>(
    what: &'static str,
    run: &str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|source| StoreError::ReadDocument {
        what,
        run: run.to_owned(),
        source,
    })
}

fn load_session(
    tx: &Connection,
    run: &str,
    planned: &PlannedSession,
    whole: bool,
) -> Result<SessionRecord, StoreError> {
    let id = session_id(tx, run, &planned.session)?;
    let mut record = load_device::session(tx, id, planned, whole).map_err(StoreError::read("a session"))?;
    record.os_build = os_build(tx, run, &planned.session)?;
    record.close = close(tx, id).map_err(StoreError::read("a session's end"))?;
    if whole {
        record.meters = beside_rows::meters(tx, id).map_err(StoreError::read("meters"))?;
    }
    record.ambient = beside_rows::ambient(tx, id).map_err(StoreError::read("the room"))?;
    record.imported = import_rows::load(tx, id).map_err(StoreError::read("an import"))?;
    if record.imported.is_some() {
        import_rows::without_engine_times(&mut record.prompts);
    }
    record.golden = answer_rows::load(tx, run, &planned.session)?;
    record.leaks = leak_rows::load(tx, run, &planned.session)?;
    record.clock_offsets = offsets(tx, id).map_err(StoreError::read("clock offsets"))?;
    Ok(record)
}

/// The fingerprint that the device's probe told last, else its system and kernel in words.
fn os_build(tx: &Connection, run: &str, session: &str) -> Result<Option<String>, StoreError> {
    let text: Option<String> = tx
        .prepare_cached(
            "SELECT json FROM host_entry WHERE run_id = ?1 AND session = ?2 AND kind = 'probed' \
             ORDER BY line DESC LIMIT 1",
        )
        .and_then(|mut query| query.query_row([run, session], |row| row.get(0)).optional())
        .map_err(StoreError::read("a probe"))?;
    let Some(text) = text else { return Ok(None) };
    let entry: HostEntry = document("probe", run, &text)?;
    let HostEvent::Probed { probe } = entry.event else { return Ok(None) };
    Ok(os_build_of(&probe))
}

/// The build of the operating system that a probe tells of: its fingerprint, else system and kernel in words.
#[must_use]
pub fn os_build_of(probe: &Value) -> Option<String> {
    let said = |place: &str| probe.pointer(place).and_then(Value::as_str).filter(|text| !text.is_empty());
    let in_words = || Some(format!("{}, {}", said("/os")?, said("/kernel")?));
    said("/facts/fingerprint").map(str::to_owned).or_else(in_words)
}

fn close(tx: &Connection, id: i64) -> rusqlite::Result<Option<SessionClose>> {
    tx.prepare_cached(
        "SELECT close_state, close_cause, close_detail, whose FROM session \
         WHERE id = ?1 AND close_state IS NOT NULL",
    )?
    .query_row([id], |row| {
        Ok(SessionClose {
            state: close_state(row, 0)?,
            cause: row.get(1)?,
            detail: row.get(2)?,
            whose: row.get(3)?,
        })
    })
    .optional()
}

fn offsets(tx: &Connection, id: i64) -> rusqlite::Result<Vec<ClockOffset>> {
    tx.prepare_cached(
        "SELECT host_mono_ns, offset_ns, uncertainty_ns, suspended_ns FROM clock_offset \
         WHERE session_id = ?1 ORDER BY line",
    )?
    .query_map([id], |row| {
        Ok(ClockOffset {
            host_mono: Nanos(unsigned(0, row.get(0)?)?),
            offset_ns: row.get(1)?,
            uncertainty_ns: unsigned(2, row.get(2)?)?,
            suspended: Nanos(unsigned(3, row.get(3)?)?),
        })
    })?
    .collect()
}

/// What became of a session, from its word.
pub(crate) fn close_state(row: &Row<'_>, column: usize) -> rusqlite::Result<CloseState> {
    const STATES: [CloseState; 3] = [CloseState::Completed, CloseState::Interrupted, CloseState::NotRun];
    word(row, column, |word| STATES.into_iter().find(|state| close_word(*state) == word))
}

/// A stored word as what it stands for.
pub(crate) fn word<T>(
    row: &Row<'_>,
    column: usize,
    meaning: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    meaning(&text).ok_or_else(|| {
        let unknown = format!("a word that this version does not know: {text:?}");
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, unknown.into())
    })
}
