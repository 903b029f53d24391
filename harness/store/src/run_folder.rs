//! A run's folder into the database: the host's journal, then the journal of every planned session.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior, params};

use crate::error::StoreError;
use crate::host_file::{HostFile, Line};
use crate::host_rows::{apply, is_open};
use crate::ingest::Ingested;
use crate::numbers::stored;
use crate::open::Store;

/// Name of the host's journal in a run's folder.
pub(crate) const HOST_JOURNAL: &str = "host.journal";
/// Name of a device journal in a session's folder.
pub(crate) const DEVICE_JOURNAL: &str = "device.journal";

/// What reading a run's folder brought.
#[derive(Debug)]
pub struct IngestedRun {
    /// Run id.
    pub run: String,
    /// Whole lines of the host's journal.
    pub lines: u64,
    /// The last line of the host's journal was cut; it is left out.
    pub torn: bool,
    /// Lines of the host's journal that could not be used, counted from 1; they are left out and kept in
    /// the table `damaged_line`.
    pub damaged_lines: Vec<u64>,
    /// One per session that has a journal, in plan order. A journal that cannot be used does not keep the
    /// others away.
    pub sessions: Vec<(String, Result<Ingested, StoreError>)>,
}

impl Store {
    /// Stores everything in `runs/<run>` that is not stored yet.
    ///
    /// # Errors
    /// If the folder has no host journal, if its first line is missing, and if the database fails.
    pub fn ingest_run(&mut self, run_dir: &Path) -> Result<IngestedRun, StoreError> {
        let run = folder_name(run_dir)?;
        let mut ingested = IngestedRun {
            run: run.clone(),
            lines: 0,
            torn: false,
            damaged_lines: Vec::new(),
            sessions: Vec::new(),
        };
        self.ingest_host(&run, run_dir, &mut ingested)?;
        for session in self.session_names(&run)? {
            let path = run_dir.join(&session).join(DEVICE_JOURNAL);
            if !path.exists() {
                continue;
            }
            let result = self.ingest_journal(&run, &session, &path);
            match result {
                Err(error) if !error.is_about_content() => return Err(error),
                result => ingested.sessions.push((session, result)),
            }
        }
        Ok(ingested)
    }

    fn ingest_host(
        &mut self,
        run: &str,
        run_dir: &Path,
        ingested: &mut IngestedRun,
    ) -> Result<(), StoreError> {
        let mut file = HostFile::open(&run_dir.join(HOST_JOURNAL))?;
        let mut tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::write("a host journal"))?;
        loop {
            let (line, what) = match file.next()? {
                Line::End => break,
                Line::Torn => {
                    ingested.torn = true;
                    break;
                }
                Line::Damaged(line, what) => {
                    ingested.lines = line;
                    (line, what)
                }
                Line::Entry(line, entry) => {
                    ingested.lines = line;
                    let step = tx.savepoint().map_err(StoreError::write("a host journal"))?;
                    match apply(&step, run, line, &entry) {
                        Ok(()) => {
                            step.commit().map_err(StoreError::write("a host journal"))?;
                            continue;
                        }
                        Err(error) if error.is_about_content() => (line, error.to_string()),
                        Err(error) => return Err(error),
                    }
                }
            };
            if !is_open(&tx, run)? {
                return Err(StoreError::NeverOpened { run: run.to_owned() });
            }
            note_damage(&tx, run, line, &what)?;
            ingested.damaged_lines.push(line);
        }
        if !is_open(&tx, run)? {
            return Err(StoreError::NeverOpened { run: run.to_owned() });
        }
        tx.commit().map_err(StoreError::write("a host journal"))
    }

    pub(crate) fn session_names(&self, run: &str) -> Result<Vec<String>, StoreError> {
        self.connection
            .prepare_cached("SELECT session FROM session WHERE run_id = ?1 ORDER BY position")
            .and_then(|mut query| query.query_map([run], |row| row.get(0))?.collect())
            .map_err(StoreError::read("the sessions of a run"))
    }
}

fn note_damage(tx: &Connection, run: &str, line: u64, what: &str) -> Result<(), StoreError> {
    let number = stored(line).unwrap_or(i64::MAX);
    tx.prepare_cached("INSERT OR REPLACE INTO damaged_line (run_id, line, what) VALUES (?1, ?2, ?3)")
        .and_then(|mut insert| insert.execute(params![run, number, what]))
        .map(drop)
        .map_err(StoreError::write("a host journal"))
}

/// The run that a folder is named after.
pub(crate) fn folder_name(run_dir: &Path) -> Result<String, StoreError> {
    let unnamed = || StoreError::ReadFile {
        path: run_dir.to_owned(),
        source: std::io::Error::new(std::io::ErrorKind::InvalidInput, "the folder's name is no run id"),
    };
    let name = match run_dir.file_name() {
        Some(name) => name.to_owned(),
        None => run_dir
            .canonicalize()
            .map_err(|source| StoreError::ReadFile { path: run_dir.to_owned(), source })?
            .file_name()
            .ok_or_else(unnamed)?
            .to_owned(),
    };
    name.into_string().map_err(|_| unnamed())
}
