//! Opening a database: only ours, never a newer one, and nothing is touched before that is known.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use edgesoak_record::hex;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;
use crate::migrate::{APPLICATION_ID, CURRENT, Stamp, migrate};

/// How long a writer waits for another process.
const PATIENCE: Duration = Duration::from_secs(5);
/// The name of a database in memory is told by an address.
const MEMORY: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_URI);
/// First bytes of every SQLite file.
const SQLITE_MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// An open database.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    /// The path is the name of a database in this process's memory.
    is_in_memory: bool,
}

impl Store {
    /// Opens a database for writing; creates it, or brings an older one to the current schema in one
    /// transaction.
    ///
    /// A newer file, another program's database and a file that is no database are refused and stay as they
    /// are.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        check_bytes(path)?;
        create_private(path)?;
        let failed = |source| StoreError::Open { path: path.to_owned(), source };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        let stamp = Stamp::read(&connection).map_err(failed)?;
        if let Err(refusal) = check_stamp(path, &connection, stamp) {
            // The stamp came from a write-ahead log that closing would otherwise copy into the file.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(failed)?;
            return Err(refusal);
        }
        set_up_writing(&connection).map_err(failed)?;
        if stamp.version < CURRENT {
            migrate(&mut connection)?;
            // The next program to look may only read the file's own bytes.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failed)?;
        }
        Ok(Self { connection, path: path.to_owned(), is_in_memory: false })
    }

    /// An empty database that no disk ever holds. Its readers see it too, and with the last of them it is gone.
    pub fn in_memory() -> Result<Self, StoreError> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let name = format!("file:/edgesoak-{}?vfs=memdb", MADE.fetch_add(1, Ordering::Relaxed));
        let path = PathBuf::from(name);
        let failed = |source| StoreError::Open { path: path.clone(), source };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | MEMORY;
        let mut connection = Connection::open_with_flags(&path, flags).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        set_up_writing(&connection).map_err(failed)?;
        // What is too large for memory would be sorted in a file.
        connection.pragma_update(None, "temp_store", "MEMORY").map_err(failed)?;
        migrate(&mut connection)?;
        Ok(Self { connection, path, is_in_memory: true })
    }

    /// Opens a database for reading only, on a read-only disk too. Newer and older schemas are refused.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        check_bytes(path)?;
        Self::connect_read_only(path)
    }

    /// A further connection to the same database, for reading beside this one on another thread.
    pub fn reader(&self) -> Result<Self, StoreError> {
        // The file's own bytes are not looked at again: closing any descriptor of a file drops all locks that this
        // process has on it, those of this connection among them.
        if !self.is_in_memory {
            return Self::connect_read_only(&self.path);
        }
        let failed = |source| StoreError::Open { path: self.path.clone(), source };
        let connection = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY | MEMORY)
            .map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        connection.pragma_update(None, "temp_store", "MEMORY").map_err(failed)?;
        Ok(Self { connection, path: self.path.clone(), is_in_memory: true })
    }

    fn connect_read_only(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Open { path: path.to_owned(), source };
        let (connection, stamp) = match connect_to_read(path) {
            Ok(opened) => opened,
            Err(_) if !has_log(path) => connect_to_frozen(path).map_err(failed)?,
            Err(source) => return Err(failed(source)),
        };
        check_stamp(path, &connection, stamp)?;
        if stamp.version < CURRENT {
            return Err(StoreError::Older { path: path.to_owned(), found: stamp.version, current: CURRENT });
        }
        Ok(Self { connection, path: path.to_owned(), is_in_memory: false })
    }

    /// Where the database lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Foreign keys are checked; the log is synced at checkpoints only: a power cut may cost the last commits,
/// never the file's integrity, and what it costs is still in the journals and is ingested again, because
/// the place up to which they were read is part of the same commits.
fn set_up_writing(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode == "wal" {
        connection.pragma_update(None, "synchronous", "NORMAL")?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn connect_to_read(path: &Path) -> rusqlite::Result<(Connection, Stamp)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    let stamp = Stamp::read(&connection)?;
    Ok((connection, stamp))
}

/// Without a log and without a right to create one, nobody else can be writing: the file stands still.
pub(crate) fn connect_to_frozen(path: &Path) -> rusqlite::Result<(Connection, Stamp)> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(frozen_uri(path), flags)?;
    let stamp = Stamp::read(&connection)?;
    Ok((connection, stamp))
}

fn frozen_uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(*byte));
            }
            other => {
                uri.push('%');
                uri.push_str(&hex(&[*other]));
            }
        }
    }
    uri.push_str("?immutable=1");
    uri
}

fn has_log(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// The file that SQLite keeps beside a database.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Looks at the file's own bytes, without SQLite: even opening a database may change it.
pub(crate) fn check_bytes(path: &Path) -> Result<(), StoreError> {
    let mut head = Vec::with_capacity(100);
    match fs::File::open(path).and_then(|file| file.take(100).read_to_end(&mut head)) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(StoreError::ReadFile { path: path.to_owned(), source }),
    }
    if head.is_empty() {
        return Ok(());
    }
    if head.len() < 100 || !head.starts_with(SQLITE_MAGIC) {
        return Err(StoreError::NotADatabase { path: path.to_owned() });
    }
    let number =
        |at: usize| i64::from(i32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]));
    let stamp = Stamp { application_id: number(68), version: number(60) };
    if stamp.application_id == APPLICATION_ID && stamp.version > CURRENT {
        return Err(StoreError::Newer { path: path.to_owned(), found: stamp.version, current: CURRENT });
    }
    if stamp.application_id != APPLICATION_ID && stamp != (Stamp { application_id: 0, version: 0 }) {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    Ok(())
}

fn check_stamp(path: &Path, connection: &Connection, stamp: Stamp) -> Result<(), StoreError> {
    if stamp.application_id != APPLICATION_ID {
        let empty = connection
            .query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get::<_, bool>(0))
            .map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
        if !empty || stamp.application_id != 0 || stamp.version != 0 {
            return Err(StoreError::Foreign { path: path.to_owned() });
        }
    }
    if stamp.version > CURRENT {
        return Err(StoreError::Newer { path: path.to_owned(), found: stamp.version, current: CURRENT });
    }
    Ok(())
}

/// An empty file that only its owner can read; SQLite gives its log the same rights.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(StoreError::ReadFile { path: path.to_owned(), source }),
    }
}
