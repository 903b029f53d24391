//! A folder of pages that is brought up to date: what is current is not made again, and nothing is touched that was not
//! made here.
//!
//! ```text
//! site.json    every page with its digest, and what the report of a run was made from
//! ```
//!
//! Names are kept before the pages are written: what a killed program left is known to the next one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use edgesoak_record::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::{is_unfinished, write_whole};
use crate::failure::Failure;

const BOOK: &str = "site.json";
const LOCK: &str = ".site.lock";
const SCHEMA: &str = "edgesoak-site/1";
/// Largest book that is read, bytes.
const MAX_BOOK: u64 = 64 << 20;

/// What is known of the pages.
#[derive(Debug, Serialize, Deserialize)]
struct Book {
    schema: String,
    /// Version of the program that made them.
    program: String,
    pages: BTreeMap<String, Page>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Page {
    /// Of its bytes; empty before it is written.
    sha256: String,
    bytes: u64,
    /// Edition of the run that it is the report of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<String>,
}

/// An open site.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    wanted: BTreeSet<String>,
    book: Book,
    /// The pages were made by this version of the program.
    is_current: bool,
    /// Held while the site is written.
    _lock: Option<File>,
}

impl Folder {
    /// Opens a folder for these pages and makes it if it is not there. A folder with other things in it and no site is
    /// refused, and so is one in which a page would take the place of a file that is not of the site.
    pub fn open(dir: &Path, wanted: BTreeSet<String>) -> Result<Self, Failure> {
        fs::create_dir_all(dir).map_err(|error| cannot("make the folder", dir, &error))?;
        let is_site = fs::symlink_metadata(dir.join(BOOK)).is_ok();
        if !is_site && !is_empty(dir).map_err(|error| cannot("read", dir, &error))? {
            let message = format!("{} is not empty and holds no site", dir.display());
            return Err(Failure::config(message).hint("name an empty folder, or one that does not exist yet"));
        }
        let lock = lock(dir)?;
        let known = read(dir)?;
        let is_current = known.as_ref().is_some_and(|book| book.program == version());
        let pages = known.map_or_else(BTreeMap::new, |book| book.pages);
        let book = Book { schema: SCHEMA.to_owned(), program: version(), pages };
        let mut folder = Self { dir: dir.to_owned(), wanted, book, is_current, _lock: lock };
        folder.announce()?;
        Ok(folder)
    }

    /// Whether the report that lies there is of this edition of its run, whole, and by this program.
    pub fn has(&self, path: &str, edition: &str) -> bool {
        self.is_current
            && self
                .book
                .pages
                .get(path)
                .is_some_and(|page| page.of.as_deref() == Some(edition) && self.lies(path, page))
    }

    /// Puts a page in its place, whole or not at all; one that lies there with the same bytes is left alone.
    pub fn put(&mut self, path: &str, text: &str, of: Option<String>) -> Result<(), Failure> {
        let page = Page { sha256: hex(&Sha256::digest(text)), bytes: text.len() as u64, of };
        let known = self.book.pages.get(path);
        if known.is_none_or(|known| known.sha256 != page.sha256 || !self.lies(path, known)) {
            let place = self.dir.join(path);
            write_whole(&place, text).map_err(|error| cannot("write", &place, &error))?;
        }
        self.book.pages.insert(path.to_owned(), page);
        Ok(())
    }

    /// Removes the pages that nobody asks for any more; how many there were.
    pub fn close(mut self) -> Result<usize, Failure> {
        let outdated: Vec<String> =
            self.book.pages.keys().filter(|path| !self.wanted.contains(*path)).cloned().collect();
        for path in &outdated {
            let place = self.dir.join(path);
            match fs::remove_file(&place) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(cannot("remove", &place, &error));
                }
                _ => {}
            }
            self.book.pages.remove(path);
        }
        self.keep()?;
        Ok(outdated.len())
    }

    fn lies(&self, path: &str, page: &Page) -> bool {
        fs::symlink_metadata(self.dir.join(path)).is_ok_and(|file| file.is_file() && file.len() == page.bytes)
    }

    /// Keeps the names of what will be written.
    fn announce(&mut self) -> Result<(), Failure> {
        for path in &self.wanted {
            let place = self.dir.join(path);
            let parent = place.parent().filter(|parent| *parent != self.dir);
            if parent.is_some_and(|parent| fs::symlink_metadata(parent).is_ok_and(|kind| !kind.is_dir())) {
                return Err(foreign(parent.unwrap_or(&place)));
            }
            if !self.book.pages.contains_key(path) {
                if fs::symlink_metadata(&place).is_ok() {
                    return Err(foreign(&place));
                }
                self.book.pages.insert(path.clone(), Page::default());
            }
        }
        self.keep()
    }

    fn keep(&self) -> Result<(), Failure> {
        let place = self.dir.join(BOOK);
        let text = serde_json::to_string_pretty(&self.book).map_err(io::Error::from);
        text.and_then(|text| write_whole(&place, &(text + "\n")))
            .map_err(|error| cannot("write", &place, &error))
    }
}

fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// What is known of the pages of a folder; `None` where it holds no site.
fn read(dir: &Path) -> Result<Option<Book>, Failure> {
    let place = dir.join(BOOK);
    let mut text = String::new();
    let file = match File::open(&place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file,
    };
    file.and_then(|file| file.take(MAX_BOOK).read_to_string(&mut text))
        .map_err(|error| cannot("read", &place, &error))?;
    let book = serde_json::from_str(&text)
        .ok()
        .filter(|book: &Book| book.schema == SCHEMA && book.pages.keys().all(|path| is_page(path)));
    book.map(Some).ok_or_else(|| {
        Failure::config(format!("{} is not what a site of this version keeps", place.display()))
            .hint("name another folder, or remove this one with all that is in it")
    })
}

/// Whether a path may be that of a page: whoever wrote the book, nothing outside the site is removed.
fn is_page(path: &str) -> bool {
    let name = ["runs/", "devices/", "candidates/", "releases/"]
        .into_iter()
        .find_map(|folder| path.strip_prefix(folder))
        .unwrap_or(path);
    name.strip_suffix(".html").is_some_and(|stem| {
        !stem.is_empty() && stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    })
}

/// A folder in which a program was killed at once may have a lock and half a book.
fn is_empty(dir: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        if name != LOCK && !is_unfinished(&name) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Held until the site is written; a share that knows no locks has none.
fn lock(dir: &Path) -> Result<Option<File>, Failure> {
    let place = dir.join(LOCK);
    let file = File::options().create(true).append(true).open(&place);
    let file = file.map_err(|error| cannot("write", &place, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            Err(Failure::infrastructure(format!("another edgesoak writes the site in {}", dir.display()))
                .hint("try again when it has ended"))
        }
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

fn foreign(place: &Path) -> Failure {
    Failure::config(format!("{} is not of the site that lies there", place.display()))
        .hint("move it away, or name another folder")
}

fn cannot(what: &str, place: &Path, error: &io::Error) -> Failure {
    Failure::infrastructure(format!("cannot {what} {}", place.display())).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(paths: &[&str]) -> BTreeSet<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    fn opened(dir: &Path, paths: &[&str]) -> Folder {
        Folder::open(dir, wanted(paths)).expect("a folder for pages")
    }

    #[test]
    fn a_current_report_is_kept_and_an_unwanted_page_goes() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut folder = opened(dir.path(), &["index.html", "runs/a.html", "runs/b.html"]);
        assert!(!folder.has("runs/a.html", "e1"));
        for path in ["index.html", "runs/a.html", "runs/b.html"] {
            folder.put(path, path, path.starts_with("runs").then(|| "e1".to_owned())).expect("room");
        }
        assert_eq!(folder.close().expect("room"), 0);
        let book = fs::read(dir.path().join(BOOK)).expect("a book");

        let folder = opened(dir.path(), &["index.html", "runs/a.html"]);
        assert!(folder.has("runs/a.html", "e1") && !folder.has("runs/a.html", "e2"));
        fs::write(dir.path().join("mine.txt"), "mine").expect("room");
        assert_eq!(folder.close().expect("room"), 1);
        assert!(!dir.path().join("runs/b.html").exists() && dir.path().join("mine.txt").exists());
        assert_ne!(fs::read(dir.path().join(BOOK)).expect("a book"), book);

        fs::write(dir.path().join("runs/a.html"), "cut").expect("room");
        assert!(!opened(dir.path(), &["runs/a.html"]).has("runs/a.html", "e1"));
    }

    #[test]
    fn what_is_not_of_the_site_is_not_touched() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("index.html"), "mine").expect("room");
        assert!(Folder::open(dir.path(), wanted(&["index.html"])).is_err());
        assert_eq!(fs::read_to_string(dir.path().join("index.html")).expect("still there"), "mine");

        let dir = tempfile::tempdir().expect("a folder");
        opened(dir.path(), &["index.html"]).close().expect("room");
        fs::write(dir.path().join("devices.html"), "mine").expect("room");
        assert!(Folder::open(dir.path(), wanted(&["devices.html"])).is_err());
        let elsewhere = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("runs")).expect("room");
        assert!(Folder::open(dir.path(), wanted(&["runs/a.html"])).is_err());
    }

    #[test]
    fn a_book_cannot_have_other_files_removed() {
        for bad in
            ["../x.html", "/etc/passwd.html", "runs/../../x.html", "runs/.html", "site.json", "a/b.html"]
        {
            assert!(!is_page(bad), "{bad}");
            let dir = tempfile::tempdir().expect("a folder");
            let text = format!(
                r#"{{"schema":"{SCHEMA}","program":"0","pages":{{"{bad}":{{"sha256":"","bytes":0}}}}}}"#
            );
            fs::write(dir.path().join(BOOK), text).expect("room");
            assert!(Folder::open(dir.path(), wanted(&[])).is_err(), "{bad}");
        }
        assert!(is_page("index.html") && is_page("runs-2.html") && is_page("devices/a-0f.html"));
    }

    #[test]
    fn two_do_not_write_at_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let first = opened(dir.path(), &["index.html"]);
        let failure = Folder::open(dir.path(), wanted(&["index.html"])).expect_err("it is being written");
        assert_eq!(failure.exit(), crate::failure::INFRASTRUCTURE);
        drop(first);
        opened(dir.path(), &["index.html"]);
    }
}
