//! Verdicts as rows: the whole document, and each gate for queries.

use edgesoak_record::{GateResult, RunVerdict};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::StoreError;
use crate::open::Store;
use crate::plan_rows::json;

impl Store {
    /// The latest verdict on a run, if it was judged.
    pub fn verdict(&self, run: &str) -> Result<Option<RunVerdict>, StoreError> {
        let text: Option<String> = self
            .connection
            .prepare_cached("SELECT json FROM verdict WHERE run_id = ?1")
            .and_then(|mut query| query.query_row([run], |row| row.get(0)).optional())
            .map_err(StoreError::read("a verdict"))?;
        text.map(|text| {
            serde_json::from_str(&text).map_err(|source| StoreError::ReadDocument {
                what: "verdict",
                run: run.to_owned(),
                source,
            })
        })
        .transpose()
    }
}

/// Keeps a verdict in the place of any earlier one on the same run, inside a transaction of the caller.
pub(crate) fn insert(tx: &Connection, verdict: &RunVerdict) -> Result<(), StoreError> {
    let text = json("verdict", verdict)?;
    write(tx, verdict, &text).map_err(StoreError::write("a verdict"))
}

fn write(tx: &Connection, verdict: &RunVerdict, text: &str) -> rusqlite::Result<()> {
    for table in ["gate_result", "session_verdict", "verdict"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE run_id = ?1"))?.execute([&verdict.run])?;
    }
    tx.prepare_cached(
        "INSERT INTO verdict (run_id, verdict, exit_code, reason, sentence, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        verdict.run,
        verdict.verdict.word(),
        verdict.exit,
        verdict.reason,
        verdict.sentence,
        text
    ])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO session_verdict (run_id, position, session, verdict, sentence) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut position = 0_i64;
    for (session, number) in verdict.sessions.iter().zip(0_i64..) {
        insert.execute(params![
            verdict.run,
            number,
            session.session,
            session.verdict.word(),
            session.sentence
        ])?;
        for gate in &session.gates {
            write_gate(tx, &verdict.run, &session.session, position, gate)?;
            position += 1;
        }
    }
    Ok(())
}

fn write_gate(
    tx: &Connection,
    run: &str,
    session: &str,
    position: i64,
    gate: &GateResult,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO gate_result (run_id, session, position, gate, outcome, measured, lo, hi, limit_value, \
         unit, n, sentence, cause, blocking, accepted) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?
    .execute(params![
        run,
        session,
        position,
        gate.gate.word(),
        gate.outcome.word(),
        gate.measured,
        gate.lo,
        gate.hi,
        gate.limit,
        gate.unit,
        i64::try_from(gate.n).unwrap_or(i64::MAX),
        gate.sentence,
        gate.cause,
        gate.blocking,
        gate.accepted,
    ])
    .map(drop)
}
