//! One digest over all rows of a run, in order: equal digests mean equal rows.

use edgesoak_record::hex;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::host_rows::{is_open, session_id};
use crate::open::Store;

/// What belongs to the run as a whole; `?1` is the run.
const RUN: &[&str] = &[
    "SELECT * FROM run WHERE run_id = ?1",
    "SELECT * FROM damaged_line WHERE run_id = ?1 ORDER BY line",
    "SELECT * FROM host_entry WHERE run_id = ?1 ORDER BY line",
    "SELECT * FROM verdict WHERE run_id = ?1",
    "SELECT * FROM session_verdict WHERE run_id = ?1 ORDER BY position",
    "SELECT * FROM gate_result WHERE run_id = ?1 ORDER BY position",
];

/// What belongs to a session; `?1` is its key, which is no part of the digest: it tells only in which order
/// rows were written.
const SESSION: &[&str] = &[
    "SELECT session, position, repeat_number, device, family, route, workload, candidate, artifact_sha256, \
     planned_soak_ms, is_virtual, close_state, close_cause, close_detail, whose, header_sha256, boot_id, \
     agent_version, says_virtual, opened_mono_ns, opened_boottime_ns, opened_unix_ns, last_mono_ns, \
     first_scored_submit_mono_ns, journal_bytes, last_seq, ending, ending_detail, finish_reason, finish_detail \
     FROM session WHERE id = ?1",
    "SELECT position, gate, limit_value, unit FROM bar WHERE session_id = ?1 ORDER BY position",
    "SELECT line, host_mono_ns, offset_ns, uncertainty_ns, suspended_ns FROM clock_offset \
     WHERE session_id = ?1 ORDER BY line",
    "SELECT group_id, period_ns FROM channel_group WHERE session_id = ?1 ORDER BY group_id",
    "SELECT position, name, quantity, unit, scale, rule, group_id, source, missing_reason FROM channel \
     WHERE session_id = ?1 ORDER BY position",
    "SELECT c.position, m.seq, m.t_mono_ns, m.raw, m.reason FROM channel c JOIN sample m ON m.channel_id = c.id \
     WHERE c.session_id = ?1 ORDER BY c.position, m.seq",
    "SELECT seq, begin_mono_ns, phase FROM phase WHERE session_id = ?1 ORDER BY seq",
    "SELECT prompt, item, phase, submit_mono_ns, retrieve_ns, render_ns, prompt_sha256, prompt_bytes, \
     tokens_per_stamp, done_mono_ns, finish, prompt_tokens, decoded_tokens, engine_prefill_ns, \
     engine_decode_ns FROM prompt WHERE session_id = ?1 ORDER BY prompt",
    "SELECT prompt, token_index, t_mono_ns, tokens FROM token WHERE session_id = ?1 \
     ORDER BY prompt, token_index",
    "SELECT seq, started_mono_ns, pid, runtime, runtime_version, cpu_features_json, load_ns, threads, \
     context_tokens FROM runtime WHERE session_id = ?1 ORDER BY seq",
    "SELECT seq, at_mono_ns, exit_code, signal, last_rss_bytes, last_words FROM runtime_exit \
     WHERE session_id = ?1 ORDER BY seq",
    "SELECT seq, requested, unit, evidence, raw, confidence FROM placement WHERE session_id = ?1 ORDER BY seq",
    "SELECT seq, position, device, units, share_millionths FROM placed_share WHERE session_id = ?1 \
     ORDER BY seq, position",
    "SELECT seq, what, sha256, size_bytes FROM verified_file WHERE session_id = ?1 ORDER BY seq",
    "SELECT seq, t_mono_ns, group_id, missed_ticks FROM gap WHERE session_id = ?1 ORDER BY seq",
    "SELECT seq, t_mono_ns, cpu_ns, rss_bytes, missed_ticks, worst_jitter_ns, worst_sync_ns FROM overhead \
     WHERE session_id = ?1 ORDER BY seq",
    "SELECT seq, t_mono_ns, code, text FROM note WHERE session_id = ?1 ORDER BY seq",
    "SELECT seq, t_mono_ns, command, kind, text, printed_bytes, took_ns FROM raw_output WHERE session_id = ?1 \
     ORDER BY seq",
    "SELECT seq, t_mono_ns, setting, before, after FROM device_change WHERE session_id = ?1 ORDER BY seq",
    "SELECT meter, scope, gain_error_ppm FROM meter WHERE session_id = ?1 ORDER BY meter",
    "SELECT line, position, meter, opened_host_mono_ns, arrived_host_mono_ns, own_ns, microwatts, reason \
     FROM meter_sample WHERE session_id = ?1 ORDER BY line, position",
    "SELECT line, meter, opened_host_mono_ns, own_ns, host_mono_ns, drift_ppb, residual_ns FROM meter_clock \
     WHERE session_id = ?1 ORDER BY line",
    "SELECT line, probe, host_mono_ns, millicelsius, reason FROM ambient_sample WHERE session_id = ?1 \
     ORDER BY line",
    "SELECT format, file_name, file_sha256, file_bytes, line, zero_mono_ns, window_ns, is_timed, \
     energy_microjoules, energy_over_ns, energy_tokens, facts_json FROM import WHERE session_id = ?1",
];

/// What tells whether a page about a run is still what its rows say. Journals only grow and rows are made from them by one
/// code path, so that their lengths stand for what they hold; what is purged or damaged shows in the lengths, too.
const EDITION: &[&str] = &[
    "SELECT * FROM run WHERE run_id = ?1",
    "SELECT count(*), max(line), sum(length(json)) FROM host_entry WHERE run_id = ?1",
    "SELECT line, what FROM damaged_line WHERE run_id = ?1 ORDER BY line",
    "SELECT json FROM verdict WHERE run_id = ?1",
    "SELECT session, header_sha256, journal_bytes, last_seq, ending, ending_detail, finish_reason, finish_detail, \
     close_state, close_cause, close_detail, whose FROM session WHERE run_id = ?1 ORDER BY position",
];

impl Store {
    /// SHA-256, lower-case hex, over every row of a run in order. Two databases that agree on it hold the
    /// same rows of the run, whatever way they came in.
    pub fn fingerprint(&self, run: &str) -> Result<String, StoreError> {
        if !is_open(&self.connection, run)? {
            return Err(StoreError::UnknownRun { name: run.to_owned() });
        }
        let failed = StoreError::read("the rows of a run");
        fingerprint_run(&self.connection, run).map_err(failed)
    }

    /// A digest that is another one as soon as the rows of a run are: SHA-256, lower-case hex. Unlike
    /// [`Store::fingerprint`] it reads no sample.
    pub fn edition(&self, run: &str) -> Result<String, StoreError> {
        let mut hasher = Sha256::new();
        EDITION
            .iter()
            .try_for_each(|sql| digest_rows(&self.connection, sql, &run, &mut hasher))
            .map_err(StoreError::read("the rows of a run"))?;
        Ok(hex(&hasher.finalize()))
    }

    /// The same as [`Store::fingerprint`] over the rows of one session.
    pub fn fingerprint_session(&self, run: &str, session: &str) -> Result<String, StoreError> {
        let id = session_id(&self.connection, run, session)?;
        let mut hasher = Sha256::new();
        digest_session(&self.connection, id, &mut hasher)
            .map_err(StoreError::read("the rows of a session"))?;
        Ok(hex(&hasher.finalize()))
    }
}

fn fingerprint_run(connection: &Connection, run: &str) -> rusqlite::Result<String> {
    let mut hasher = Sha256::new();
    for sql in RUN {
        digest_rows(connection, sql, &run, &mut hasher)?;
    }
    let mut query =
        connection.prepare_cached("SELECT id FROM session WHERE run_id = ?1 ORDER BY position")?;
    let ids: Vec<i64> = query.query_map([run], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for id in ids {
        digest_session(connection, id, &mut hasher)?;
    }
    Ok(hex(&hasher.finalize()))
}

fn digest_session(connection: &Connection, id: i64, hasher: &mut Sha256) -> rusqlite::Result<()> {
    SESSION.iter().try_for_each(|sql| digest_rows(connection, sql, &id, hasher))
}

/// Every value with its type and length, so that no two different tables look alike.
fn digest_rows(
    connection: &Connection,
    sql: &str,
    key: &dyn rusqlite::ToSql,
    hasher: &mut Sha256,
) -> rusqlite::Result<()> {
    let mut query = connection.prepare_cached(sql)?;
    let columns = query.column_count();
    let mut rows = query.query(params![key])?;
    while let Some(row) = rows.next()? {
        hasher.update(b"r");
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Null => hasher.update(b"n"),
                ValueRef::Integer(number) => {
                    hasher.update(b"i");
                    hasher.update(number.to_le_bytes());
                }
                ValueRef::Real(number) => {
                    hasher.update(b"f");
                    hasher.update(number.to_le_bytes());
                }
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                    hasher.update(b"t");
                    hasher.update((bytes.len() as u64).to_le_bytes());
                    hasher.update(bytes);
                }
            }
        }
    }
    hasher.update(b"e");
    Ok(())
}
