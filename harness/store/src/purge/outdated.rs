//! Which runs are old enough to be removed.

use std::path::Path;

use edgesoak_protocol::units::Nanos;
use edgesoak_record::host_entry::HostEvent;

use super::folder;
use crate::baselines::Baselines;
use crate::error::StoreError;
use crate::host_file::{HostFile, Line};
use crate::open::Store;
use crate::rebuild::run_folders;
use crate::run_folder::{HOST_JOURNAL, folder_name};

impl Store {
    /// Runs that were opened before a moment and that nobody works on, the oldest first; not those that a baseline was
    /// made from. One that was killed is among them, and one that was never stored.
    ///
    /// # Errors
    /// If the database, the folder of runs or the book of baselines cannot be read.
    pub fn outdated(
        &self,
        runs_dir: &Path,
        before: Nanos,
        baselines: &Baselines,
    ) -> Result<Vec<String>, StoreError> {
        let promoted: Vec<String> =
            baselines.all()?.into_iter().flat_map(|promoted| promoted.baseline.runs).collect();
        let mut runs: Vec<(Nanos, String)> =
            self.runs()?.into_iter().map(|run| (run.opened, run.run)).collect();
        for dir in if runs_dir.is_dir() { run_folders(runs_dir)? } else { Vec::new() } {
            let run = folder_name(&dir)?;
            if !runs.iter().any(|(_, known)| *known == run) {
                runs.extend(opened(&dir)?.map(|opened| (opened, run)));
            }
        }
        runs.sort();
        let mut old = Vec::new();
        for (opened, run) in runs {
            if opened.0 < before.0 && !promoted.contains(&run) && !folder::is_in_use(&runs_dir.join(&run))? {
                old.push(run);
            }
        }
        Ok(old)
    }
}

/// When a run was opened that no row tells of; `None` where its journal does not begin with that.
fn opened(dir: &Path) -> Result<Option<Nanos>, StoreError> {
    let first = HostFile::open(&dir.join(HOST_JOURNAL))?.next()?;
    Ok(match first {
        Line::Entry(_, entry) if matches!(entry.event, HostEvent::RunOpened { .. }) => Some(entry.at),
        _ => None,
    })
}
