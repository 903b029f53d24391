//! Files of other programs that a run keeps beside the journals that were made from them.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use edgesoak_record::hex;
use sha2::{Digest as _, Sha256};

use crate::check::Problem;
use crate::error::StoreError;
use crate::limits::READ_BYTES;
use crate::open::Store;

/// Folder of a run that holds them.
const KEPT_IN: &str = "imported";
/// Most files that are looked at: an import keeps one.
const MOST_FILES: usize = 64;

impl Store {
    /// Sessions whose imported file is not in the run's folder any more as it came.
    pub(crate) fn lost_files(&self, run: &str, run_dir: &Path) -> Result<Vec<Problem>, StoreError> {
        let imports: Vec<(String, String)> = self
            .connection
            .prepare_cached(
                "SELECT s.session, i.file_sha256 FROM session s JOIN import i ON i.session_id = s.id \
                 WHERE s.run_id = ?1 ORDER BY s.position",
            )
            .and_then(|mut query| query.query_map([run], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(StoreError::read("imports"))?;
        if imports.is_empty() {
            return Ok(Vec::new());
        }
        let kept = digests(&run_dir.join(KEPT_IN));
        let lost = imports.into_iter().filter(|(_, sha256)| !kept.contains(sha256));
        let what = "the file that it was imported from is gone, or not what it was";
        Ok(lost.map(|(session, _)| Problem::about_session(run, &session, what)).collect())
    }
}

/// Digests of the files in a folder; one that cannot be read is not there, and a pipe is none.
fn digests(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(MOST_FILES);
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    files.filter_map(|entry| digest(&entry.path()).ok()).collect()
}

fn digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; READ_BYTES]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&buffer[..read]),
        }
    }
}
