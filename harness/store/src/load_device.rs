//! What a session's journal said, back from its rows.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::PlannedSession;
use edgesoak_record::session::{
    JournalEnding, JournalFacts, Note, Overhead, PhaseSpan, PlacedShare, Placement, RuntimeExit,
    RuntimeFacts, SessionRecord, VerifiedFile,
};
use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::load::word;
use crate::load_series;
use crate::numbers::unsigned;

/// The device's part of a record, with all samples and tokens if it is a `whole` one; the host's part is empty.
pub(crate) fn session(
    tx: &Connection,
    id: i64,
    planned: &PlannedSession,
    whole: bool,
) -> rusqlite::Result<SessionRecord> {
    let overheads = overheads(tx, id)?;
    // Two counts of the same thing: the gaps themselves and the sampler's own sum. Neither hides the other.
    let counted = overheads.iter().map(|overhead| u64::from(overhead.missed_ticks)).max().unwrap_or(0);
    Ok(SessionRecord {
        planned: planned.clone(),
        close: None,
        journal: journal(tx, id)?,
        phases: phases(tx, id)?,
        prompts: load_series::prompts(tx, id, whole)?,
        channels: load_series::channels(tx, id, whole)?,
        runtime: runtime(tx, id)?,
        placement: placement(tx, id)?,
        verified: verified(tx, id)?,
        missed_ticks: missed_in_gaps(tx, id)?.max(counted),
        overheads,
        notes: notes(tx, id)?,
        clock_offsets: Vec::new(),
        meters: Vec::new(),
        ambient: Vec::new(),
        os_build: None,
        imported: None,
        golden: None,
        leaks: None,
    })
}

pub(crate) fn nanos(row: &Row<'_>, column: usize) -> rusqlite::Result<Nanos> {
    unsigned(column, row.get(column)?).map(Nanos)
}

pub(crate) fn optional_nanos(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Nanos>> {
    row.get::<_, Option<i64>>(column)?.map(|number| unsigned(column, number).map(Nanos)).transpose()
}

fn journal(tx: &Connection, id: i64) -> rusqlite::Result<Option<JournalFacts>> {
    let group_period = tx
        .prepare_cached("SELECT period_ns FROM channel_group WHERE session_id = ?1 ORDER BY group_id")?
        .query_map([id], |row| nanos(row, 0))?
        .collect::<Result<_, _>>()?;
    tx.prepare_cached(
        "SELECT boot_id, agent_version, says_virtual, opened_mono_ns, opened_boottime_ns, opened_unix_ns, \
         coalesce(last_mono_ns, opened_mono_ns), ending, ending_detail, finish_reason, finish_detail \
         FROM session WHERE id = ?1 AND header_sha256 IS NOT NULL",
    )?
    .query_row([id], |row| {
        Ok(JournalFacts {
            boot_id: row.get(0)?,
            agent: row.get(1)?,
            is_virtual: row.get(2)?,
            mono: nanos(row, 3)?,
            boottime: nanos(row, 4)?,
            wall: nanos(row, 5)?,
            last: nanos(row, 6)?,
            ending: ending(row)?,
            group_period,
        })
    })
    .optional()
}

fn ending(row: &Row<'_>) -> rusqlite::Result<JournalEnding> {
    let detail: Option<String> = row.get(8)?;
    let reason: Option<String> = row.get(9)?;
    let words: Option<String> = row.get(10)?;
    word(row, 7, |word| match word {
        "finished" => Some(JournalEnding::Finished { reason: reason?, detail: words.unwrap_or_default() }),
        "open" => Some(JournalEnding::Open),
        "torn" => Some(JournalEnding::Torn),
        "corrupt" => Some(JournalEnding::Corrupt(detail.unwrap_or_default())),
        _ => None,
    })
}

fn phases(tx: &Connection, id: i64) -> rusqlite::Result<Vec<PhaseSpan>> {
    tx.prepare_cached("SELECT phase, begin_mono_ns FROM phase WHERE session_id = ?1 ORDER BY seq")?
        .query_map([id], |row| Ok(PhaseSpan { phase: row.get(0)?, begin: nanos(row, 1)? }))?
        .collect()
}

/// The runtime that was started last, with its own end.
fn runtime(tx: &Connection, id: i64) -> rusqlite::Result<Option<RuntimeFacts>> {
    let started: Option<(i64, RuntimeFacts)> = tx
        .prepare_cached(
            "SELECT seq, started_mono_ns, pid, runtime, runtime_version, cpu_features_json, load_ns, threads, \
             context_tokens FROM runtime WHERE session_id = ?1 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([id], |row| {
            let facts = RuntimeFacts {
                started: nanos(row, 1)?,
                pid: row.get(2)?,
                runtime: row.get(3)?,
                version: row.get(4)?,
                cpu_features: word(row, 5, |json| serde_json::from_str(json).ok())?,
                load: nanos(row, 6)?,
                threads: row.get(7)?,
                context: row.get(8)?,
                exit: None,
            };
            Ok((row.get(0)?, facts))
        })
        .optional()?;
    let Some((seq, mut facts)) = started else { return Ok(None) };
    facts.exit = tx
        .prepare_cached(
            "SELECT at_mono_ns, exit_code, signal, last_rss_bytes, last_words FROM runtime_exit \
             WHERE session_id = ?1 AND seq > ?2 ORDER BY seq LIMIT 1",
        )?
        .query_row([id, seq], |row| {
            Ok(RuntimeExit {
                at: nanos(row, 0)?,
                code: row.get(1)?,
                signal: row.get(2)?,
                last_rss_bytes: row.get::<_, Option<i64>>(3)?.map(|rss| unsigned(3, rss)).transpose()?,
                last_words: row.get(4)?,
            })
        })
        .optional()?;
    Ok(Some(facts))
}

/// The placement that was reported last.
fn placement(tx: &Connection, id: i64) -> rusqlite::Result<Option<Placement>> {
    let found: Option<(i64, Placement)> = tx
        .prepare_cached(
            "SELECT seq, requested, unit, evidence, raw, confidence FROM placement \
             WHERE session_id = ?1 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([id], |row| {
            let placement = Placement {
                requested: row.get(1)?,
                actual: Vec::new(),
                unit: row.get(2)?,
                evidence: row.get(3)?,
                raw: row.get(4)?,
                confidence: row.get(5)?,
            };
            Ok((row.get(0)?, placement))
        })
        .optional()?;
    let Some((seq, mut placement)) = found else { return Ok(None) };
    placement.actual = tx
        .prepare_cached(
            "SELECT device, units, share_millionths FROM placed_share \
             WHERE session_id = ?1 AND seq = ?2 ORDER BY position",
        )?
        .query_map([id, seq], |row| {
            let millionths: u32 = row.get(2)?;
            let share = f64::from(millionths) / 1e6;
            Ok(PlacedShare { device: row.get(0)?, units: row.get(1)?, share })
        })?
        .collect::<Result<_, _>>()?;
    Ok(Some(placement))
}

fn verified(tx: &Connection, id: i64) -> rusqlite::Result<Vec<VerifiedFile>> {
    tx.prepare_cached(
        "SELECT what, sha256, size_bytes FROM verified_file WHERE session_id = ?1 ORDER BY seq",
    )?
    .query_map([id], |row| {
        let bytes = unsigned(2, row.get(2)?)?;
        Ok(VerifiedFile { what: row.get(0)?, sha256: row.get(1)?, bytes })
    })?
    .collect()
}

fn missed_in_gaps(tx: &Connection, id: i64) -> rusqlite::Result<u64> {
    // A journal has fewer frames than 2^32, each with fewer than 2^32 ticks: the sum fits.
    tx.prepare_cached("SELECT coalesce(sum(missed_ticks), 0) FROM gap WHERE session_id = ?1")?
        .query_row([id], |row| unsigned(0, row.get(0)?))
}

fn overheads(tx: &Connection, id: i64) -> rusqlite::Result<Vec<Overhead>> {
    tx.prepare_cached(
        "SELECT t_mono_ns, cpu_ns, rss_bytes, missed_ticks, worst_jitter_ns, worst_sync_ns FROM overhead \
         WHERE session_id = ?1 ORDER BY seq",
    )?
    .query_map([id], |row| {
        Ok(Overhead {
            t: nanos(row, 0)?,
            cpu: nanos(row, 1)?,
            rss_bytes: unsigned(2, row.get(2)?)?,
            missed_ticks: row.get(3)?,
            worst_jitter: nanos(row, 4)?,
            worst_sync: nanos(row, 5)?,
        })
    })?
    .collect()
}

fn notes(tx: &Connection, id: i64) -> rusqlite::Result<Vec<Note>> {
    tx.prepare_cached("SELECT t_mono_ns, code, text FROM note WHERE session_id = ?1 ORDER BY seq")?
        .query_map([id], |row| Ok(Note { t: nanos(row, 0)?, code: row.get(1)?, text: row.get(2)? }))?
        .collect()
}
