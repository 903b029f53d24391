//! A run's first line as rows: the run, its planned sessions and their bars.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::host_entry::History;
use edgesoak_record::{Plan, PlannedSession};
use rusqlite::{Connection, params};
use serde::Serialize;

use crate::error::StoreError;
use crate::numbers::stored;

/// What the first line says.
#[derive(Debug)]
pub(crate) struct Opening<'a> {
    pub(crate) run: &'a str,
    pub(crate) at: Nanos,
    pub(crate) version: &'a str,
    pub(crate) plan: &'a Plan,
    pub(crate) history: &'a History,
}

pub(crate) fn json<T: Serialize>(what: &'static str, document: &T) -> Result<String, StoreError> {
    serde_json::to_string(document).map_err(|source| StoreError::WriteDocument { what, source })
}

pub(crate) fn insert(tx: &Connection, line: u64, opening: &Opening<'_>) -> Result<(), StoreError> {
    let wrong = |what| StoreError::HostEntry { run: opening.run.to_owned(), line, what };
    if !opening.plan.sessions.iter().all(|planned| is_file_name(&planned.session)) {
        return Err(wrong("a session's name is not safe as a file name"));
    }
    let known: bool = tx
        .query_row("SELECT EXISTS (SELECT 1 FROM run WHERE run_id = ?1)", [opening.run], |row| row.get(0))
        .map_err(StoreError::read("a run"))?;
    if known {
        return Err(wrong("the run is opened a second time"));
    }
    let plan = opening.plan;
    let at = stored(opening.at.0).map_err(|damage| wrong(damage.0))?;
    let (plan_json, policy_json) = (json("plan", plan)?, json("policy", &plan.policy)?);
    let history_json = json("history", opening.history)?;
    tx.prepare_cached(
        "INSERT INTO run (run_id, opened_unix_ns, edgesoak_version, plan_id, profile, tier, expected_s, \
         plan_json, policy_json, policy_sha256, history_json, closed) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0)",
    )
    .and_then(|mut statement| {
        statement.execute(params![
            opening.run,
            at,
            opening.version,
            plan.id,
            plan.profile,
            plan.policy.tier,
            plan.expected_s,
            plan_json,
            policy_json,
            plan.policy_digest,
            history_json,
        ])
    })
    .map_err(StoreError::write("a run"))?;
    for (position, planned) in plan.sessions.iter().enumerate() {
        let soak = stored(planned.workload.duration.0).map_err(|damage| wrong(damage.0))?;
        insert_session(tx, opening.run, position, planned, soak).map_err(|error| match error {
            rusqlite::Error::SqliteFailure(code, _)
                if code.code == rusqlite::ErrorCode::ConstraintViolation =>
            {
                wrong("two sessions of the plan have the same name")
            }
            source => StoreError::Write { what: "a planned session", source },
        })?;
    }
    Ok(())
}

fn insert_session(
    tx: &Connection,
    run: &str,
    position: usize,
    planned: &PlannedSession,
    soak_ms: i64,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO session (run_id, session, position, repeat_number, device, family, route, workload, \
         candidate, artifact_sha256, planned_soak_ms, is_virtual) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        run,
        planned.session,
        i64::try_from(position).unwrap_or(i64::MAX),
        planned.repeat,
        planned.device.id,
        planned.device.family,
        planned.route.id,
        planned.workload.id,
        planned.candidate.id,
        planned.candidate.sha256,
        soak_ms,
        planned.device.is_virtual,
    ])?;
    let session_id = tx.last_insert_rowid();
    let mut insert = tx.prepare_cached(
        "INSERT INTO bar (session_id, position, gate, limit_value, unit) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (bar, position) in planned.route.bars.iter().zip(0_i64..) {
        insert.execute(params![session_id, position, bar.gate.word(), bar.limit, bar.gate.unit()])?;
    }
    Ok(())
}

/// Names become folders: one plain component, nothing else.
pub(crate) fn is_file_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 128 && name != "." && name != ".." && !name.contains(['/', '\\', '\0'])
}
