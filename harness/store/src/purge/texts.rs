//! Texts of answers, taken out of a run's journal and out of its rows.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, BufWriter, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use edgesoak_record::host_entry::{HostEntry, HostEvent};
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::limits::HOST_LINE_BYTES;
use crate::load::document;
use crate::plan_rows::json;
use crate::run_folder::HOST_JOURNAL;

/// What stands in the line of every answer.
const ANSWERED: &[u8] = b"\"answered\"";

/// Texts that a journal holds; of one that is not there none.
pub(super) fn in_journal(dir: &Path) -> Result<u64, StoreError> {
    let mut texts = 0;
    each_line(dir, &mut |line| {
        texts += u64::from(without_text(line).is_some());
        Ok(())
    })?;
    Ok(texts)
}

/// Writes the journal anew without them; every other line stays as it is, byte for byte.
pub(super) fn out_of_journal(dir: &Path) -> Result<(), StoreError> {
    if in_journal(dir)? == 0 {
        return Ok(());
    }
    let (path, part) = (dir.join(HOST_JOURNAL), dir.join("host.journal.part"));
    let failed = |source| StoreError::RemoveTexts { path: path.clone(), source };
    let mut options = OpenOptions::new();
    let file = options.create(true).write(true).truncate(true).mode(0o600).open(&part).map_err(failed)?;
    let mut out = BufWriter::new(file);
    each_line(dir, &mut |line| {
        let written = match without_text(line) {
            None => out.write_all(line),
            Some(entry) => serde_json::to_writer(&mut out, &entry)
                .map_err(std::io::Error::from)
                .and_then(|()| out.write_all(b"\n")),
        };
        written.map_err(failed)
    })?;
    let synced =
        out.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|file| file.sync_all());
    synced.and_then(|()| fs::rename(&part, &path)).map_err(failed)
}

/// Texts that the rows of a run hold.
pub(super) fn in_rows(tx: &Connection, run: &str) -> Result<u64, StoreError> {
    Ok(rows(tx, run)?.len() as u64)
}

/// Takes them out of the rows; what is stored of a line is again what its journal says.
pub(super) fn out_of_rows(tx: &Connection, run: &str) -> Result<(), StoreError> {
    for (line, entry) in rows(tx, run)? {
        let text = json("host entry", &entry)?;
        tx.prepare_cached("UPDATE host_entry SET json = ?3 WHERE run_id = ?1 AND line = ?2")
            .and_then(|mut update| update.execute(params![run, line, text]))
            .map_err(StoreError::write("an answer"))?;
    }
    Ok(())
}

fn rows(tx: &Connection, run: &str) -> Result<Vec<(i64, HostEntry)>, StoreError> {
    let lines: Vec<(i64, String)> = tx
        .prepare_cached(
            "SELECT line, json FROM host_entry WHERE run_id = ?1 AND kind = 'answered' \
             AND json_extract(json, '$.event.answer.text') IS NOT NULL ORDER BY line",
        )
        .and_then(|mut query| query.query_map([run], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(StoreError::read("answers"))?;
    let entries = lines.into_iter().map(|(line, text)| {
        let mut entry: HostEntry = document("answer", run, &text)?;
        forget(&mut entry);
        Ok((line, entry))
    });
    entries.collect()
}

/// The entry of a line without its text, if it is an answer that has one.
fn without_text(line: &[u8]) -> Option<HostEntry> {
    // Nearly all lines are something else.
    if !line.windows(ANSWERED.len()).any(|part| part == ANSWERED) {
        return None;
    }
    let mut entry: HostEntry = serde_json::from_slice(line).ok()?;
    forget(&mut entry).then_some(entry)
}

/// Whether there was a text.
fn forget(entry: &mut HostEntry) -> bool {
    match &mut entry.event {
        HostEvent::Answered { answer } => answer.text.take().is_some(),
        _ => false,
    }
}

fn each_line(dir: &Path, line: &mut dyn FnMut(&[u8]) -> Result<(), StoreError>) -> Result<(), StoreError> {
    let path = dir.join(HOST_JOURNAL);
    let failed = |source| StoreError::ReadFile { path: path.clone(), source };
    let mut input = match File::open(&path) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let most = HOST_LINE_BYTES as u64 + 1;
        match input.by_ref().take(most).read_until(b'\n', &mut bytes).map_err(failed)? {
            0 => return Ok(()),
            _ => line(&bytes)?,
        }
    }
}
