//! Where an imported session comes from: a line of the host's journal as a row, and back.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::Import;
use edgesoak_record::import::{EnergySum, RateWindows};
use edgesoak_record::plan::SourceFile;
use edgesoak_record::session::Prompt;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::load::word;
use crate::load_device::{nanos, optional_nanos};
use crate::numbers::{Damage, Refusal, bounded, stored, unsigned};

/// Stores it.
pub(crate) fn insert(tx: &Connection, session: i64, import: &Import) -> Result<(), Refusal> {
    let facts = serde_json::to_string(&import.facts)
        .map_err(|_| Damage("what its file says cannot be written as JSON"))?;
    let energy = import.energy.as_ref();
    let number = |value: Option<u64>| value.map(stored).transpose();
    tx.prepare_cached(
        "INSERT OR REPLACE INTO import (session_id, format, file_name, file_sha256, file_bytes, line, zero_mono_ns, \
         window_ns, is_timed, energy_microjoules, energy_over_ns, energy_tokens, facts_json) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        session,
        bounded(&import.format)?,
        bounded(&import.file.path)?,
        bounded(&import.file.sha256)?,
        stored(import.file.bytes)?,
        stored(import.line)?,
        stored(import.zero.0)?,
        number(import.rates.and_then(|rates| rates.length).map(|length| length.0))?,
        import.rates.map(|rates| rates.is_timed),
        number(energy.map(|energy| energy.microjoules))?,
        number(energy.and_then(|energy| energy.over).map(|over| over.0))?,
        number(energy.and_then(|energy| energy.tokens))?,
        bounded(&facts)?,
    ])?;
    Ok(())
}

/// Zero of an imported session: where it has no prompts, its times count from here.
pub(crate) fn zero(tx: &Connection, session: i64) -> rusqlite::Result<Option<i64>> {
    tx.prepare_cached("SELECT zero_mono_ns FROM import WHERE session_id = ?1")?
        .query_row([session], |row| row.get(0))
        .optional()
}

/// What was stored; `None` for a session of our own.
pub(crate) fn load(tx: &Connection, session: i64) -> rusqlite::Result<Option<Import>> {
    tx.prepare_cached(
        "SELECT format, file_name, file_sha256, file_bytes, line, zero_mono_ns, window_ns, is_timed, \
         energy_microjoules, energy_over_ns, energy_tokens, facts_json FROM import WHERE session_id = ?1",
    )?
    .query_row([session], import)
    .optional()
}

/// A file has no times of an engine, and may not know how long a prompt was: journals have a zero there.
pub(crate) fn without_engine_times(prompts: &mut [Prompt]) {
    for prompt in prompts {
        (prompt.engine_prefill, prompt.engine_decode) = (None, None);
        prompt.prompt_tokens = prompt.prompt_tokens.filter(|tokens| *tokens > 0);
    }
}

fn import(row: &Row<'_>) -> rusqlite::Result<Import> {
    let count = |column| row.get::<_, Option<i64>>(column)?.map(|count| unsigned(column, count)).transpose();
    let length: Option<Nanos> = optional_nanos(row, 6)?;
    let (over, tokens) = (optional_nanos(row, 9)?, count(10)?);
    Ok(Import {
        format: row.get(0)?,
        file: SourceFile { path: row.get(1)?, sha256: row.get(2)?, bytes: unsigned(3, row.get(3)?)? },
        line: unsigned(4, row.get(4)?)?,
        zero: nanos(row, 5)?,
        rates: row.get::<_, Option<bool>>(7)?.map(|is_timed| RateWindows { length, is_timed }),
        energy: count(8)?.map(|microjoules| EnergySum { microjoules, over, tokens }),
        facts: word(row, 11, |json| serde_json::from_str(json).ok())?,
    })
}
