//! Texts of answers, taken out of a run's journal and out of its rows.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, BufWriter, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use edgesoak_record::host_entry::{HostEntry, HostEvent};
use rusqlite::{Connection, params};
use serde::de::IgnoredAny;

use crate::error::StoreError;
use crate::limits::HOST_LINE_BYTES;
use crate::load::document;
use crate::plan_rows::json;
use crate::run_folder::HOST_JOURNAL;

/// What stands in the line of every answer.
const ANSWERED: &[u8] = b"\"answered\"";

/// Texts that a journal holds; of one that is not there none. A line that nobody can read counts as one.
pub(super) fn in_journal(dir: &Path) -> Result<u64, StoreError> {
    let mut texts = 0;
    each_line(dir, &mut |line| {
        texts += u64::from(!matches!(rest(line), Rest::Whole));
        Ok(())
    })?;
    Ok(texts)
}

/// Writes the journal anew without them; every other line stays as it is, byte for byte, and where it is.
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
        let written = match rest(line) {
            Rest::Whole => out.write_all(line),
            Rest::End if line.ends_with(b"\n") => out.write_all(b"\n"),
            Rest::End => Ok(()),
            Rest::Entry(entry) => serde_json::to_writer(&mut out, &entry)
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

/// Takes them out of the rows; what is stored of a line is again what the journal in `dir` says.
pub(super) fn out_of_rows(tx: &Connection, run: &str, dir: &Path) -> Result<(), StoreError> {
    for (line, entry) in rows(tx, run)? {
        let text = json("host entry", &entry)?;
        tx.prepare_cached("UPDATE host_entry SET json = ?3 WHERE run_id = ?1 AND line = ?2")
            .and_then(|mut update| update.execute(params![run, line, text]))
            .map_err(StoreError::write("an answer"))?;
    }
    // Why a line could not be read may quote it.
    let mut number: i64 = 0;
    each_line(dir, &mut |line| {
        number += 1;
        if line != b"\n" {
            return Ok(());
        }
        tx.prepare_cached("DELETE FROM damaged_line WHERE run_id = ?1 AND line = ?2")
            .and_then(|mut delete| delete.execute(params![run, number]))
            .map(drop)
            .map_err(StoreError::write("a damaged line"))
    })
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

/// What stays of a line.
enum Rest {
    /// All of it.
    Whole,
    /// The entry without its text.
    Entry(Box<HostEntry>),
    /// Its end, if it has one, so that the lines behind it keep their numbers: it is torn or damaged, and could hold a text.
    End,
}

fn rest(line: &[u8]) -> Rest {
    // Nearly all lines are something else.
    if !line.windows(ANSWERED.len()).any(|part| part == ANSWERED) {
        let is_blank = line.trim_ascii().is_empty();
        let is_json = is_blank || serde_json::from_slice::<IgnoredAny>(line).is_ok();
        return if is_json { Rest::Whole } else { Rest::End };
    }
    match serde_json::from_slice::<HostEntry>(line) {
        Ok(mut entry) => {
            if forget(&mut entry) {
                Rest::Entry(Box::new(entry))
            } else {
                Rest::Whole
            }
        }
        Err(_) => Rest::End,
    }
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
