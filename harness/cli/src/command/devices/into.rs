//! Puts entries at the end of a matrix: only what makes a good matrix of it, and nothing that stands there is changed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Appends the entries to the matrix at `path`, which is made if it is not there.
pub fn append(path: &Path, entries: &str) -> Result<(), Failure> {
    let writing = |error: &io::Error| {
        Failure::infrastructure(format!("cannot write {}", path.display())).because(error)
    };
    let before = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(Failure::config(format!("cannot read {}", path.display())).because(&error));
        }
    };
    let added = added(&before, entries);
    check(path, &format!("{before}{added}"))?;
    let mut file =
        OpenOptions::new().append(true).create(true).open(path).map_err(|error| writing(&error))?;
    if file.metadata().map_err(|error| writing(&error))?.len() != before.len() as u64 {
        return Err(Failure::infrastructure(format!("{} was just changed by somebody else", path.display()))
            .hint("nothing was written; try again"));
    }
    file.write_all(added.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        // A half of an entry would spoil the whole matrix.
        let _ = file.set_len(before.len() as u64);
        writing(&error)
    })
}

/// What comes behind the text that is there.
fn added(before: &str, entries: &str) -> String {
    let gap = match before {
        "" => "schema = 1\n\n",
        text if text.ends_with("\n\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{gap}{entries}")
}

/// Whether the whole would be a good matrix: tried beside it, so that what it includes is found.
fn check(path: &Path, whole: &str) -> Result<(), Failure> {
    let trial = Trial::write(path, whole).map_err(|error| {
        Failure::infrastructure(format!("cannot write beside {}", path.display())).because(&error)
    })?;
    edgesoak_matrix::load(&trial.0).map(drop).map_err(|errors| {
        let first = errors.to_string();
        Failure::config(format!("{} would be no good matrix with these entries: {first}", path.display()))
            .hint("nothing was written; without --into they are printed, to be put where they belong")
    })
}

/// A file that goes with this.
struct Trial(PathBuf);

impl Trial {
    fn write(path: &Path, text: &str) -> io::Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let trial = Self(path.with_file_name(format!(".{name}.trial-{}", std::process::id())));
        File::create_new(&trial.0)?.write_all(text.as_bytes())?;
        Ok(trial)
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        // It may not have been made.
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATRIX: &str = "# mine\nschema = 1\n\n[family.host]\ntitle = \"Hosts\"";
    const DEVICE: &str = "[[device]]\nid = \"d1\"\nfamily = \"host\"\ndriver = \"local\"\n";

    fn left(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).expect("a folder").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn entries_come_behind_what_is_there() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("matrix.toml");
        fs::write(&path, MATRIX).expect("room");
        append(&path, DEVICE).expect("a good matrix");
        let text = fs::read_to_string(&path).expect("it is there");
        assert_eq!(text, format!("{MATRIX}\n\n{DEVICE}"));
        assert_eq!(left(dir.path()), ["matrix.toml"]);
    }

    #[test]
    fn a_matrix_that_is_not_there_is_made() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("matrix.toml");
        append(&path, &format!("[family.host]\ntitle = \"Hosts\"\n\n{DEVICE}")).expect("a good matrix");
        assert_eq!(edgesoak_matrix::load(&path).expect("it parses").devices().len(), 1);
    }

    #[test]
    fn what_would_spoil_the_matrix_is_refused_and_nothing_is_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("matrix.toml");
        fs::write(&path, MATRIX).expect("room");
        let refused = append(&path, &DEVICE.replace("\"host\"", "\"nobody\"")).expect_err("no such family");
        assert!(refused.render().contains("no good matrix"), "{}", refused.render());
        assert_eq!(fs::read_to_string(&path).expect("it is there"), MATRIX);
        assert_eq!(left(dir.path()), ["matrix.toml"]);
    }
}
