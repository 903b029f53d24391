//! A run that another program did: its file is kept, its sessions get journals, and the run is closed at once.

use std::path::{Path, PathBuf};

use edgesoak_record::host_entry::{History, HostEntry, HostEvent};
use edgesoak_record::session::{CloseState, SessionClose};
use edgesoak_record::{Import, Plan};

use crate::context::DEVICE_JOURNAL;
use crate::error::ControllerError;
use crate::events::HOST_JOURNAL;
use crate::opening;
use crate::run_id::run_id;
use crate::world::{Disk, World};

/// Folder within the run that holds the file as it came.
const KEPT_IN: &str = "imported";
/// What the run is called, behind its time.
const NAME: &str = "import";

/// What is needed to keep an imported run.
#[derive(Debug)]
pub struct ImportRequest {
    /// What would have been planned.
    pub plan: Plan,
    /// History that intervals are pooled with.
    pub history: History,
    /// Output folder of the host.
    pub out: PathBuf,
    /// Version of EdgeSoak.
    pub version: String,
    /// The file as it was read: what the journals are made from is kept, whatever becomes of it meanwhile.
    pub bytes: Vec<u8>,
    /// Its name.
    pub name: String,
    /// Where each session comes from, in the order of the plan.
    pub imports: Vec<Import>,
}

/// An imported run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRun {
    /// Run id.
    pub run: String,
    /// Its folder.
    pub dir: PathBuf,
}

/// Keeps an imported run. `journal` gives the journal of a session, by its place in the plan, for the run of this id.
///
/// # Errors
/// If the run's folder cannot be written; nothing that looks like a run is left behind then.
pub fn keep_import(
    request: &ImportRequest,
    world: &World,
    journal: impl Fn(usize, &str) -> Vec<u8>,
) -> Result<ImportedRun, ControllerError> {
    let disk = world.disk.as_ref();
    let run = run_id(world.clock.wall(), NAME, world.randomness.suffix());
    let dir = request.out.join("runs").join(&run);
    let _lock = opening::claim(&dir, disk)?;
    opening::check_unused(&dir, disk)?;
    keep_file(request, &dir, disk)?;
    for (place, planned) in request.plan.sessions.iter().enumerate() {
        let folder = dir.join(&planned.session);
        let path = folder.join(DEVICE_JOURNAL);
        disk.create_dirs(&folder)
            .and_then(|()| disk.write_atomically(&path, &journal(place, &run)))
            .map_err(|source| ControllerError::OpeningRun { path, source })?;
    }
    let path = dir.join(HOST_JOURNAL);
    let at = world.clock.wall();
    let entries = events(request, &run).into_iter().map(|(session, event)| HostEntry { at, session, event });
    // The run exists from here on, whole.
    let written = lines(entries).and_then(|lines| {
        disk.append(&path, &lines)?;
        disk.sync(&path)
    });
    written.map_err(|source| ControllerError::KeepingJournal { path, source })?;
    Ok(ImportedRun { run, dir })
}

/// Everything that the host's journal says of such a run.
fn events(request: &ImportRequest, run: &str) -> Vec<(Option<String>, HostEvent)> {
    let opened = HostEvent::RunOpened {
        run: run.to_owned(),
        version: request.version.clone(),
        plan: Box::new(request.plan.clone()),
        history: request.history.clone(),
    };
    let mut events = vec![(None, opened)];
    for (planned, import) in request.plan.sessions.iter().zip(&request.imports) {
        let (cause, detail, whose) = (String::new(), String::new(), String::new());
        let close = SessionClose { state: CloseState::Completed, cause, detail, whose };
        let session = || Some(planned.session.clone());
        events.push((session(), HostEvent::Imported { import: Box::new(import.clone()) }));
        events.push((session(), HostEvent::SessionClosed { close }));
    }
    events.push((None, HostEvent::RunClosed { interrupted: None }));
    events
}

fn lines(entries: impl Iterator<Item = HostEntry>) -> std::io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, &entry)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// Puts the file beside the journals that were made from it.
fn keep_file(request: &ImportRequest, dir: &Path, disk: &dyn Disk) -> Result<(), ControllerError> {
    let folder = dir.join(KEPT_IN);
    let path = folder.join(kept_name(&request.name));
    disk.create_dirs(&folder)
        .and_then(|()| disk.write_atomically(&path, &request.bytes))
        .map_err(|source| ControllerError::CopyingInput { path, source })
}

/// The file's own name as far as it is plain.
fn kept_name(name: &str) -> String {
    let plain = |char: char| if char.is_ascii_alphanumeric() || "._-".contains(char) { char } else { '_' };
    let name: String = name.chars().take(100).map(plain).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::kept_name;

    #[test]
    fn a_kept_file_stays_in_its_folder() {
        for (name, kept) in
            [("a b.jsonl", "a_b.jsonl"), ("../../etc", "_.._etc"), ("..", "file"), (".x", "x")]
        {
            assert_eq!(kept_name(name), kept);
            assert!(!kept_name(name).contains('/'));
        }
    }
}
