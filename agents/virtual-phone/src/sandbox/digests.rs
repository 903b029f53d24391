//! Digests of large files that many phones share: hashed once per file as it is, not once per phone.
//!
//! A digest is kept under the file's device and inode together with its size and time of change of content. The files
//! are links into a folder that only this user can write, so that nobody changes one behind its time.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use edgesoak_agent::{Fingerprint, fingerprint};

/// Files from this size on are remembered, bytes; smaller ones are hashed each time.
const LARGE_FROM: u64 = 1 << 20;
/// Longest note.
const MOST_BYTES: usize = 200;

/// Fingerprint of a file, remembered in `folder` where it is large.
pub(super) fn look(
    folder: Option<&Path>,
    file: &Path,
    go_on: &mut dyn FnMut() -> bool,
) -> io::Result<Fingerprint> {
    let found = fs::metadata(file)?;
    let Some(folder) = folder.filter(|_| found.is_file() && found.nlink() > 1 && found.len() >= LARGE_FROM)
    else {
        return fingerprint(file, go_on);
    };
    let note = folder.join(format!("{:x}-{:x}", found.dev(), found.ino()));
    let state = format!("{}.{:09} {}", found.mtime(), found.mtime_nsec(), found.len());
    if let Some(sha256) = read(&note, &state) {
        return Ok(Fingerprint { sha256, bytes: found.len(), mode: found.mode() & 0o7777 });
    }
    let fresh = fingerprint(file, go_on)?;
    // Without the note the next phone hashes the file again.
    let _ = write(&note, &format!("{state} {}\n", fresh.sha256));
    Ok(fresh)
}

/// The digest on a note, if the file is still in that state.
fn read(note: &Path, state: &str) -> Option<String> {
    let text = fs::read_to_string(note).ok().filter(|text| text.len() <= MOST_BYTES)?;
    let sha256 = text.strip_prefix(state)?.strip_prefix(' ')?.strip_suffix('\n')?;
    let whole = sha256.len() == 64 && sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    whole.then(|| sha256.to_owned())
}

/// Whole or not at all: phones look side by side.
fn write(note: &Path, text: &str) -> io::Result<()> {
    let mut part = PathBuf::from(note).into_os_string();
    part.push(format!(".part-{}", std::process::id()));
    fs::write(&part, text)?;
    fs::rename(&part, note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_hashed_once_and_again_when_it_changed() {
        let dir = tempfile::tempdir().expect("a folder");
        let (file, notes) = (dir.path().join("model"), dir.path().join("digests"));
        fs::create_dir(&notes).expect("made");
        let look = || look(Some(&notes), &file, &mut || true).expect("readable");
        fs::write(&file, vec![1; 1 << 20]).expect("room");
        look();
        assert_eq!(fs::read_dir(&notes).expect("listed").count(), 0, "nobody shares it yet");
        fs::hard_link(&file, dir.path().join("another phone's")).expect("linked");
        let first = look();
        let note = fs::read_dir(&notes).expect("listed").next().expect("one note").expect("readable").path();
        let kept = fs::read_to_string(&note).expect("readable");
        assert!(kept.contains(&first.sha256));
        let other = "0".repeat(64);
        fs::write(&note, kept.replace(&first.sha256, &other)).expect("room");
        assert_eq!(look().sha256, other, "the note is believed while the file is as it was");
        fs::write(&file, vec![1; (1 << 20) + 1]).expect("room");
        assert_ne!(look().sha256, other);
        fs::write(&note, "nonsense").expect("room");
        assert_ne!(look().sha256, first.sha256);
    }

    #[test]
    fn small_files_and_phones_without_a_folder_leave_no_note() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("job");
        fs::write(&file, "{}").expect("room");
        let notes = dir.path().join("digests");
        fs::create_dir(&notes).expect("made");
        let known = fingerprint(&file, &mut || true).expect("readable");
        assert_eq!(look(Some(&notes), &file, &mut || true).expect("readable"), known);
        assert_eq!(look(None, &file, &mut || true).expect("readable"), known);
        assert_eq!(fs::read_dir(&notes).expect("listed").count(), 0);
    }
}
