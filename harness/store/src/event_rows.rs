//! The rarer frames as rows: phases, the runtime, placement, digests, gaps, costs and notes.

use edgesoak_protocol::journal::{Frame, RuntimeEnd};
use rusqlite::{Connection, params};

use crate::frames::Stand;
use crate::numbers::{Damage, Refusal, bounded, stored};

/// Stores one frame and says how many rows that took.
pub(crate) fn insert(tx: &Connection, at: Stand, frame: &Frame) -> Result<u64, Refusal> {
    match frame {
        Frame::PhaseBegan { phase } => one(
            tx,
            "INSERT INTO phase (session_id, seq, begin_mono_ns, phase) VALUES (?1, ?2, ?3, ?4)",
            params![at.session, at.seq, at.t_ns, phase.word()],
        ),
        Frame::RuntimeStarted { .. } => runtime(tx, at, frame),
        Frame::RuntimeExited { end, last_rss_bytes, last_words } => {
            let (code, signal) = match end {
                RuntimeEnd::Exited(code) => (Some(code), None),
                RuntimeEnd::Signalled(signal) => (None, Some(signal)),
            };
            let rss = last_rss_bytes.map(stored).transpose()?;
            one(
                tx,
                "INSERT INTO runtime_exit (session_id, seq, at_mono_ns, exit_code, signal, last_rss_bytes, \
                 last_words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![at.session, at.seq, at.t_ns, code, signal, rss, bounded(last_words)?],
            )
        }
        Frame::Placement { .. } => placement(tx, at, frame),
        Frame::Gap { group, missed_ticks } => one(
            tx,
            "INSERT INTO gap (session_id, seq, t_mono_ns, group_id, missed_ticks) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![at.session, at.seq, at.t_ns, group, missed_ticks],
        ),
        Frame::Overhead { cpu_ns, rss_bytes, missed_ticks, worst_jitter_ns, worst_sync_ns } => one(
            tx,
            "INSERT INTO overhead (session_id, seq, t_mono_ns, cpu_ns, rss_bytes, missed_ticks, \
             worst_jitter_ns, worst_sync_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                at.session,
                at.seq,
                at.t_ns,
                stored(*cpu_ns)?,
                stored(*rss_bytes)?,
                missed_ticks,
                stored(*worst_jitter_ns)?,
                stored(*worst_sync_ns)?,
            ],
        ),
        Frame::Note { code, text } => note(tx, at, code, text),
        Frame::Egress { attempt } => note(tx, at, "egress-attempt", &attempt.to_string()),
        Frame::Verified { what, sha256, bytes } => one(
            tx,
            "INSERT INTO verified_file (session_id, seq, what, sha256, size_bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![at.session, at.seq, bounded(what)?, bounded(sha256)?, stored(*bytes)?],
        ),
        Frame::Raw { source, kind, text, bytes, took_ns } => one(
            tx,
            "INSERT INTO raw_output (session_id, seq, t_mono_ns, command, kind, text, printed_bytes, took_ns) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                at.session,
                at.seq,
                at.t_ns,
                bounded(source)?,
                bounded(kind)?,
                bounded(text)?,
                stored(*bytes)?,
                stored(*took_ns)?,
            ],
        ),
        Frame::Changing { setting, before, after } => change(tx, at, setting, Some(before.as_str()), after),
        Frame::Restored { setting, value } => change(tx, at, setting, None, value),
        Frame::Heartbeat { .. } => Err(Damage("it is a heartbeat, which is never journaled").into()),
        Frame::Tick { .. }
        | Frame::PromptSubmitted { .. }
        | Frame::TokenBatch { .. }
        | Frame::PromptDone { .. }
        | Frame::Answered { .. }
        | Frame::Finished { .. } => Ok(0),
    }
}

fn note(tx: &Connection, at: Stand, code: &str, text: &str) -> Result<u64, Refusal> {
    one(
        tx,
        "INSERT INTO note (session_id, seq, t_mono_ns, code, text) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![at.session, at.seq, at.t_ns, bounded(code)?, bounded(text)?],
    )
}

fn change(
    tx: &Connection,
    at: Stand,
    setting: &str,
    before: Option<&str>,
    after: &str,
) -> Result<u64, Refusal> {
    let before = before.map(bounded).transpose()?;
    one(
        tx,
        "INSERT INTO device_change (session_id, seq, t_mono_ns, setting, before, after) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![at.session, at.seq, at.t_ns, bounded(setting)?, before, bounded(after)?],
    )
}

fn one(tx: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<u64, Refusal> {
    tx.prepare_cached(sql)?.execute(values)?;
    Ok(1)
}

fn runtime(tx: &Connection, at: Stand, frame: &Frame) -> Result<u64, Refusal> {
    let Frame::RuntimeStarted { pid, runtime, runtime_version, cpu_features, load_ns, threads, ctx } = frame
    else {
        return Ok(0);
    };
    let features = serde_json::to_string(cpu_features).map_err(|_| Damage("its texts are no texts"))?;
    one(
        tx,
        "INSERT INTO runtime (session_id, seq, started_mono_ns, pid, runtime, runtime_version, \
         cpu_features_json, load_ns, threads, context_tokens) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            at.session,
            at.seq,
            at.t_ns,
            pid,
            bounded(runtime)?,
            bounded(runtime_version)?,
            bounded(&features)?,
            stored(*load_ns)?,
            threads,
            ctx,
        ],
    )
}

fn placement(tx: &Connection, at: Stand, frame: &Frame) -> Result<u64, Refusal> {
    let Frame::Placement { requested, actual, unit, evidence, raw, confidence } = frame else {
        return Ok(0);
    };
    for (device, _, _) in actual {
        bounded(device)?;
    }
    let mut rows = one(
        tx,
        "INSERT INTO placement (session_id, seq, requested, unit, evidence, raw, confidence) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            at.session,
            at.seq,
            bounded(requested)?,
            bounded(unit)?,
            bounded(evidence)?,
            bounded(raw)?,
            bounded(confidence)?,
        ],
    )?;
    for ((device, units, share), position) in actual.iter().zip(0_i64..) {
        rows += one(
            tx,
            "INSERT INTO placed_share (session_id, seq, position, device, units, share_millionths) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![at.session, at.seq, position, device, units, share],
        )?;
    }
    Ok(rows)
}
