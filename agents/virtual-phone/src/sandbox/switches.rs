//! The settings of a phone: programs that ask and turn, and what they answer, kept in the sandbox.
//!
//! They are those of a served phone, so that the agent's own code reads, turns and gives back. A setting that was turned
//! stays turned in the sandbox, whatever becomes of the session, until somebody gives it back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use edgesoak_sensors::Root;

use super::error::SandboxError;
use super::phone::SYSTEM;
use crate::face;
use crate::profile::Profile;

/// The folder of the programs, below that of the system.
const PROGRAMS: &str = "programs";

/// The system with its programs; a setting that was never turned is as it is on a new phone.
pub(super) fn of(home: &Path, profile: &Profile) -> Result<Root, SandboxError> {
    // Programs are looked for in folders that are named from the root.
    let home = std::path::absolute(home).map_err(SandboxError::file("finding", home))?;
    let system = home.join(SYSTEM);
    let programs = system.join(PROGRAMS);
    fs::create_dir_all(&programs).map_err(SandboxError::file("making", &programs))?;
    for page in face::settings(profile) {
        let path = system.join(&page.path);
        if !path.exists() {
            put(&path, &page.text, 0o600)?;
        }
    }
    // Boards have programs too, but none that turns anything.
    if face::is_android(profile) {
        for name in face::programs(profile) {
            let path = programs.join(name);
            if fs::read_to_string(&path).ok().as_deref() != Some(face::PROGRAM) {
                put(&path, face::PROGRAM, 0o700)?;
            }
        }
    }
    Ok(Root::live_at(system, programs))
}

/// Whole or not at all: two commands may look at once.
fn put(path: &Path, text: &str, mode: u32) -> Result<(), SandboxError> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(SandboxError::file("making", folder))?;
    let mut part = path.to_owned().into_os_string();
    part.push(format!(".part-{}", std::process::id()));
    fs::write(&part, text)
        .and_then(|()| fs::set_permissions(&part, fs::Permissions::from_mode(mode)))
        .and_then(|()| fs::rename(&part, path))
        .map_err(SandboxError::file("writing", path))
}
