//! The folder of a served phone: made in an empty place, written so that nobody reads half a text, and taken away.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::error::ServeError;
use crate::face::{PROGRAM, Page};

/// What is made at the top, and taken away in the end.
const PARTS: [&str; 7] = ["proc", "sys", "etc", "programs", "answers", "run", "data"];
/// Where answers of programs lie.
const ANSWERS: &str = "answers/";

/// A folder with what stands in it.
#[derive(Debug)]
pub(super) struct Tree {
    dir: PathBuf,
    /// Whether the folder itself is ours.
    is_made: bool,
    kept: HashMap<String, Kept>,
}

/// A text on the disk.
#[derive(Debug)]
struct Kept {
    /// Open where it is written in place.
    file: Option<File>,
    text: String,
}

impl Tree {
    /// Takes a folder that is empty, or not there yet.
    pub(super) fn take(dir: &Path) -> Result<Self, ServeError> {
        let is_made = !dir.exists();
        if is_made {
            make(dir)?;
        }
        let mut entries = fs::read_dir(dir).map_err(ServeError::file("listing", dir))?;
        if entries.next().is_some() {
            return Err(ServeError::TakingFolder(dir.to_owned()));
        }
        // Whoever reads it may stand elsewhere.
        let dir = fs::canonicalize(dir).map_err(ServeError::file("finding", dir))?;
        let tree = Self { dir, is_made, kept: HashMap::new() };
        for part in PARTS {
            make(&tree.dir.join(part))?;
        }
        Ok(tree)
    }

    /// The folder itself.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn path(&self, below: &str) -> PathBuf {
        self.dir.join(below)
    }

    /// Puts a program in its place.
    pub(super) fn put_program(&self, name: &str) -> Result<(), ServeError> {
        let path = self.dir.join("programs").join(name);
        fs::write(&path, PROGRAM)
            .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o700)))
            .map_err(ServeError::file("writing", &path))
    }

    /// Writes what is new in a page.
    pub(super) fn write(&mut self, page: Page) -> Result<(), ServeError> {
        let Page { path, text } = page;
        if let Some(kept) = self.kept.get_mut(&path) {
            return kept.update(&self.dir, &path, text);
        }
        let kept = self.create(&path, text)?;
        self.kept.insert(path, kept);
        Ok(())
    }

    /// Puts a link in its place, such as a descriptor of a process.
    pub(super) fn link(&self, path: &str, target: &str) -> Result<(), ServeError> {
        let at = self.dir.join(path);
        at.parent().map_or(Ok(()), make)?;
        match symlink(target, &at) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Err(ServeError::file("linking", &at)(error))
            }
            _ => Ok(()),
        }
    }

    /// Takes the files of a process away.
    pub(super) fn forget_process(&mut self, pid: u32) {
        let prefix = format!("proc/{pid}/");
        self.kept.retain(|path, _| !path.starts_with(&prefix));
        // What is left of it goes with the rest.
        let _ = fs::remove_dir_all(self.dir.join(prefix));
    }

    fn create(&self, path: &str, text: String) -> Result<Kept, ServeError> {
        let at = self.dir.join(path);
        if let Some(parent) = at.parent() {
            make(parent)?;
        }
        if path.starts_with(ANSWERS) {
            exchange(&self.dir, path, &text)?;
            return Ok(Kept { file: None, text });
        }
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&at);
        let file = opened.map_err(ServeError::file("creating", &at))?;
        file.write_all_at(text.as_bytes(), 0).map_err(ServeError::file("writing", &at))?;
        Ok(Kept { file: Some(file), text })
    }
}

impl Kept {
    fn update(&mut self, dir: &Path, path: &str, mut text: String) -> Result<(), ServeError> {
        if let Some(file) = &self.file {
            // A file never becomes shorter: who reads it meanwhile finds blanks behind the text, not an end of the one
            // before.
            while text.len() < self.text.len() {
                text.push('\n');
            }
            if text != self.text {
                let at = dir.join(path);
                file.write_all_at(text.as_bytes(), 0).map_err(ServeError::file("writing", &at))?;
            }
        } else if text != self.text {
            exchange(dir, path, &text)?;
        }
        self.text = text;
        Ok(())
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // There is nobody left to tell.
        for part in PARTS {
            let _ = fs::remove_dir_all(self.dir.join(part));
        }
        if self.is_made {
            let _ = fs::remove_dir(&self.dir);
        }
    }
}

/// Renames a new text into its place: a program that prints the old one goes on with it.
fn exchange(dir: &Path, path: &str, text: &str) -> Result<(), ServeError> {
    let new = dir.join("run/new");
    let at = dir.join(path);
    fs::write(&new, text).and_then(|()| fs::rename(&new, &at)).map_err(ServeError::file("writing", &at))
}

fn make(dir: &Path) -> Result<(), ServeError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(ServeError::file("creating", dir))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn page(path: &str, text: &str) -> Page {
        Page { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn an_open_file_shows_new_texts_and_never_an_end_of_an_old_one() {
        let outside = tempfile::tempdir().expect("a folder");
        let dir = outside.path().join("phone");
        let mut tree = Tree::take(&dir).expect("taken");
        let path = "sys/class/thermal/thermal_zone0/temp";
        tree.write(page(path, "101000\n")).expect("written");
        let open = File::open(dir.join(path)).expect("there");
        tree.write(page(path, "9900\n")).expect("written");
        let mut bytes = [0; 64];
        let length = open.read_at(&mut bytes, 0).expect("read");
        assert_eq!(&bytes[..length], b"9900\n\n\n");
        tree.write(page(path, "-101000\n")).expect("written");
        let length = open.read_at(&mut bytes, 0).expect("read");
        assert_eq!(&bytes[..length], b"-101000\n");
    }

    #[test]
    fn an_answer_that_is_being_printed_stays_whole() {
        let outside = tempfile::tempdir().expect("a folder");
        let mut tree = Tree::take(outside.path()).expect("taken");
        tree.write(page("answers/id.txt", "long and old\n")).expect("written");
        let mut old = File::open(tree.path("answers/id.txt")).expect("there");
        tree.write(page("answers/id.txt", "new\n")).expect("written");
        let mut text = String::new();
        old.read_to_string(&mut text).expect("read");
        assert_eq!(text, "long and old\n");
        assert_eq!(fs::read_to_string(tree.path("answers/id.txt")).expect("there"), "new\n");
    }

    #[test]
    fn nothing_is_left_behind_and_nothing_of_others_taken() {
        let outside = tempfile::tempdir().expect("a folder");
        let dir = outside.path().join("phone");
        let mut tree = Tree::take(&dir).expect("taken");
        tree.write(page("proc/7/status", "x\n")).expect("written");
        tree.forget_process(7);
        assert!(!dir.join("proc/7").exists());
        drop(tree);
        assert!(!dir.exists());
        fs::write(outside.path().join("mine"), "").expect("written");
        assert!(matches!(Tree::take(outside.path()), Err(ServeError::TakingFolder(_))));
        assert!(outside.path().join("mine").exists());
    }
}
