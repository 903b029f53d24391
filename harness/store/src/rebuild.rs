//! The database made again from the journals.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::check::{Problem, chain};
use crate::error::StoreError;
use crate::open::{Store, beside, check_bytes};
use crate::run_folder::{HOST_JOURNAL, folder_name};

/// What a rebuild found.
#[derive(Debug)]
pub struct Rebuilt {
    /// Runs in the new database.
    pub runs: Vec<String>,
    /// What could not be taken over.
    pub problems: Vec<Problem>,
}

/// Makes `db` again from every run in `runs_dir`. The new database is built beside the old one and takes its
/// place in one step; on any failure the old one stays.
///
/// # Errors
/// If the old database is newer, another program's or in use, if the folder cannot be read, or if the disk
/// fails. A run or a session whose journal is unusable is told in [`Rebuilt::problems`] instead.
pub fn rebuild(runs_dir: &Path, db: &Path) -> Result<Rebuilt, StoreError> {
    check_bytes(db)?;
    let failed = |source| StoreError::Replace { path: db.to_owned(), source };
    let folder = db.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let workshop =
        tempfile::Builder::new().prefix(".edgesoak-rebuild-").tempdir_in(folder).map_err(failed)?;
    let fresh = workshop.path().join("edgesoak.db");
    let mut rebuilt = Rebuilt { runs: Vec::new(), problems: Vec::new() };
    let mut store = Store::open(&fresh)?;
    for run_dir in run_folders(runs_dir)? {
        take_over(&mut store, &run_dir, &mut rebuilt)?;
    }
    leave_wal(&store.connection)
        .map_err(|source| StoreError::Write { what: "the rebuilt database", source })?;
    drop(store);
    release_old(db)?;
    File::open(&fresh)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&fresh, db))
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(failed)?;
    Ok(rebuilt)
}

fn take_over(store: &mut Store, run_dir: &Path, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    let run = folder_name(run_dir)?;
    match store.ingest_run(run_dir) {
        Ok(ingested) => {
            rebuilt.problems.extend(Problem::in_run(&ingested));
            rebuilt.runs.push(run);
            Ok(())
        }
        Err(error) if error.is_about_content() => {
            rebuilt.problems.push(Problem::about_run(&run, &chain(&error)));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// The folders that hold a host journal, by name.
pub(crate) fn run_folders(runs_dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let unread = |source| StoreError::ReadFile { path: runs_dir.to_owned(), source };
    let mut folders = Vec::new();
    for entry in fs::read_dir(runs_dir).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.join(HOST_JOURNAL).is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// Everything into the file itself; succeeds only when nobody else has the database open.
fn leave_wal(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String = connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode == "delete" {
        return Ok(());
    }
    let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    Err(rusqlite::Error::SqliteFailure(busy, Some("the database is in use".to_owned())))
}

/// Takes the write-ahead log away from the old database: left behind, it would be replayed into the new one.
fn release_old(db: &Path) -> Result<(), StoreError> {
    if !db.exists() {
        return remove_log(db);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let released = Connection::open_with_flags(db, flags).and_then(|old| {
        // Whoever has it open keeps it open: waiting would not help.
        old.busy_timeout(Duration::ZERO)?;
        leave_wal(&old)
    });
    match released {
        Ok(()) => remove_log(db),
        Err(source) if is_damage(&source) => remove_log(db),
        Err(source) => Err(StoreError::Open { path: db.to_owned(), source }),
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

fn remove_log(db: &Path) -> Result<(), StoreError> {
    for suffix in ["-wal", "-shm"] {
        match fs::remove_file(beside(db, suffix)) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Replace { path: db.to_owned(), source });
            }
            _ => {}
        }
    }
    Ok(())
}
