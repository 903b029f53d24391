//! Retention: a run is removed with its folder, its journals and its rows, or only the texts of its answers are.
//!
//! The folder goes first and its host journal before all: a database without journals can be purged again, while
//! journals without rows would come back with the next rebuild.

mod folder;
mod outdated;
mod texts;

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;
use crate::open::Store;
use folder::Held;

/// What is removed of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purged {
    /// Run id.
    pub run: String,
    /// Files of its folder, journals and reports among them.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
    /// Texts of answers in its journal, lines that nobody can read among them.
    pub texts: u64,
}

/// What is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole run.
    Run,
    /// The texts of its answers.
    Texts,
}

impl Store {
    /// What would be removed of a run; nothing is.
    ///
    /// # Errors
    /// If its folder cannot be read.
    pub fn weigh(&self, runs_dir: &Path, run: &str, scope: Scope) -> Result<Purged, StoreError> {
        let dir = runs_dir.join(run);
        let (files, bytes) = if scope == Scope::Run { folder::weigh(&dir)? } else { (0, 0) };
        let texts = texts::in_journal(&dir)?.max(texts::in_rows(&self.connection, run)?);
        Ok(Purged { run: run.to_owned(), files, bytes, texts })
    }

    /// Removes it. [`Store::overwrite_freed`] afterwards leaves nothing of it in the database's file.
    ///
    /// # Errors
    /// If another process works on the run, or the disk or the database fails; doing it again goes on.
    pub fn purge(&mut self, runs_dir: &Path, run: &str, scope: Scope) -> Result<Purged, StoreError> {
        let dir = runs_dir.join(run);
        let held = Held::take(&dir)?;
        let purged = self.weigh(runs_dir, run, scope)?;
        match scope {
            Scope::Run => held.remove(&dir)?,
            Scope::Texts => texts::out_of_journal(&dir)?,
        }
        self.connection.pragma_update(None, "secure_delete", true).map_err(StoreError::write("a run"))?;
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::write("a run"))?;
        match scope {
            Scope::Run => forget(&tx, run).map_err(StoreError::write("a run"))?,
            Scope::Texts => texts::out_of_rows(&tx, run, &dir)?,
        }
        tx.commit().map_err(StoreError::write("a run"))?;
        Ok(purged)
    }

    /// Writes the database anew, so that its file and its log hold nothing that was removed.
    ///
    /// # Errors
    /// If another process uses the database, or there is no room for a second one.
    pub fn overwrite_freed(&mut self) -> Result<(), StoreError> {
        self.connection.execute_batch("VACUUM").map_err(StoreError::write("the database anew"))?;
        self.cut_log()
    }

    /// Takes everything out of the write-ahead log, where what was removed stands until nobody reads it any more.
    ///
    /// # Errors
    /// If another process reads what the log holds; doing it again goes on.
    pub fn cut_log(&mut self) -> Result<(), StoreError> {
        let is_busy: bool = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(StoreError::write("the database anew"))?;
        if !is_busy {
            return Ok(());
        }
        let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        let why = Some("its log is being read, and still holds what was removed".to_owned());
        Err(StoreError::write("the database anew")(rusqlite::Error::SqliteFailure(busy, why)))
    }
}

/// Deletes the rows of a run from every table, whatever tables there are: those that name the run, those that name its
/// sessions, and those that name something of its sessions.
fn forget(tx: &Connection, run: &str) -> rusqlite::Result<()> {
    tx.pragma_update(None, "defer_foreign_keys", true)?;
    let tables: Vec<String> = tx
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let has = |table: &str, column: &str| -> rusqlite::Result<bool> {
        tx.query_row(
            "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2)",
            (table, column),
            |row| row.get(0),
        )
    };
    let sessions = "SELECT id FROM session WHERE run_id = ?1";
    let below = [("prompt_id", "prompt"), ("channel_id", "channel")];
    for (column, of) in below {
        for table in &tables {
            if has(table, column)? && has(of, "session_id")? {
                let ids = format!("SELECT id FROM {of} WHERE session_id IN ({sessions})");
                tx.execute(&format!("DELETE FROM {table} WHERE {column} IN ({ids})"), [run])?;
            }
        }
    }
    for table in &tables {
        if has(table, "session_id")? {
            tx.execute(&format!("DELETE FROM {table} WHERE session_id IN ({sessions})"), [run])?;
        }
    }
    // The sessions themselves are among these, and the run is the last.
    for table in tables.iter().filter(|table| *table != "run") {
        if has(table, "run_id")? {
            tx.execute(&format!("DELETE FROM {table} WHERE run_id = ?1"), [run])?;
        }
    }
    tx.execute("DELETE FROM run WHERE run_id = ?1", [run]).map(drop)
}
