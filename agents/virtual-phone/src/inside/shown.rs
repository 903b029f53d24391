//! What `/proc` and `/sys` show inside: the files of the body over those of the kernel.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::error::InsideError;
use super::mounts;
use crate::serve;

/// Files of the kernel through which an administrator of this machine could change it.
const GUARDED: [&str; 5] = ["bus", "fs", "irq", "sys", "sysrq-trigger"];
/// Files that are those of the process that looks: there is nothing to lay over.
const OWN: [&str; 2] = ["net", "self"];
/// What is simulated of a runtime's process: memory, time, and the sockets that it has open. The folder of its network as a
/// whole: the kernel forgets what is laid over single files in there.
const OF_RUNTIME: [&str; 4] = ["status", "stat", "fd", "net"];
/// Most files of a simulated system.
const MOST: usize = 1_000;
/// Nodes of sensors, which a strict policy keeps to itself.
const DENIED: [&str; 2] = ["class/thermal", "class/power_supply"];

/// Lays the files of the body over a `/proc`, and guards what is left of it.
pub(super) fn system(proc: &Path, of_body: &Path) -> Result<(), InsideError> {
    for name in GUARDED {
        let place = proc.join(name);
        if place.exists() {
            mounts::bind_unwritable(&place, &place)?;
        }
    }
    for file in files(of_body)? {
        let Ok(below) = file.strip_prefix(of_body) else { continue };
        let first = below.iter().next().and_then(|name| name.to_str()).unwrap_or_default();
        let place = proc.join(below);
        // A kernel without a feature has no place for its file.
        if !OWN.contains(&first) && first.parse::<u32>().is_err() && place.is_file() {
            mounts::bind_unwritable(&file, &place)?;
        }
    }
    Ok(())
}

/// Forbids the nodes of sensors.
pub(super) fn deny(sys: &Path) -> Result<(), InsideError> {
    for part in DENIED {
        for file in files(&sys.join(part))? {
            if file.file_name().is_some_and(|name| name != "type") {
                fs::set_permissions(&file, fs::Permissions::from_mode(0o000))
                    .map_err(InsideError::file("forbidding", &file))?;
            }
        }
    }
    Ok(())
}

/// The processes whose memory and time are those of simulated runtimes.
#[derive(Debug)]
pub(super) struct Runtimes {
    of_body: PathBuf,
    mark: PathBuf,
    shown: HashSet<String>,
}

impl Runtimes {
    /// Those of the engine in this folder.
    pub(super) fn of(engine: &Path) -> Self {
        Self { of_body: engine.join("proc"), mark: engine.join(serve::SHOWN), shown: HashSet::new() }
    }

    /// Lays the files of a runtime that came over those of its process; they go with the process.
    pub(super) fn follow(&mut self) {
        let entries = fs::read_dir(&self.of_body).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let present: HashSet<String> = names.filter(|name| name.parse::<u32>().is_ok()).collect();
        self.shown.retain(|name| present.contains(name));
        for name in present {
            let (from, place) = (self.of_body.join(&name), Path::new("/proc").join(&name));
            let is_whole = OF_RUNTIME.iter().all(|part| from.join(part).exists());
            if self.shown.contains(&name) || !is_whole {
                continue;
            }
            for part in OF_RUNTIME {
                // A process may be gone before its files are.
                let _ = mounts::bind_unwritable(&from.join(part), &place.join(part));
            }
            // The phone waits for this, but not for long.
            let _ = fs::write(&self.mark, &name);
            self.shown.insert(name);
        }
    }
}

fn files(dir: &Path) -> Result<Vec<PathBuf>, InsideError> {
    let (mut found, mut left) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(dir) = left.pop().filter(|_| found.len() < MOST) {
        for entry in fs::read_dir(&dir).map_err(InsideError::file("listing", &dir))? {
            let path = entry.map_err(InsideError::file("listing", &dir))?.path();
            if path.is_dir() && !path.is_symlink() {
                left.push(path);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
