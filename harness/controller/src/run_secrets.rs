//! The secrets of a whole run, made again so that files of this host can be searched for them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use edgesoak_golden::leak::{Canary, Search};
use edgesoak_record::Run;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::leaks::{PlantedIn, Searched, SearchedPlace, Side};

use crate::canaries;
use crate::conduct::record;
use crate::error::ControllerError;
use crate::searching::Seeker;
use crate::world::SystemDisk;

/// Bytes of a file that are read at once.
const AT_ONCE: usize = 256 << 10;
/// Sessions whose secrets are searched for together.
const TOGETHER: usize = 256;
/// Folders within folders.
const DEEPEST: usize = 16;

/// Which secret of which session.
type Whose = (String, PlantedIn);

/// The secrets of a run. They can be searched for, and are told to nobody.
#[derive(Debug)]
pub struct RunSecrets {
    run: String,
    key: String,
    searches: Vec<(Search, Vec<Whose>)>,
}

impl RunSecrets {
    /// Makes the secrets of a run again; `None` where it was given none.
    ///
    /// # Errors
    /// If the host's key cannot be read, or is not the one that they were made with.
    pub fn of(run: &Run, state_dir: &Path) -> Result<Option<Self>, ControllerError> {
        let planted: Vec<_> = run
            .sessions
            .iter()
            .filter_map(|session| Some((&session.planned.session, &session.leaks.as_ref()?.planted)))
            .collect();
        if planted.is_empty() {
            return Ok(None);
        }
        let path = canaries::key_file(state_dir);
        let key = canaries::known_key(&SystemDisk::default(), state_dir)
            .map_err(|source| ControllerError::KeepingKey { path: path.clone(), source })?;
        let name = key.name();
        if planted.iter().any(|(_, planted)| planted.key != name) {
            return Err(ControllerError::OtherKey { path, run: run.id.clone() });
        }
        let search = |together: &[(&String, &edgesoak_record::leaks::Planted)]| {
            let secrets: Vec<(Whose, Canary)> = together
                .iter()
                .flat_map(|(session, planted)| planted.secrets.iter().map(move |place| (*session, *place)))
                .map(|(session, place)| {
                    ((session.clone(), place), key.canary(&[&run.id, session, place.word()]))
                })
                .collect();
            let (whose, secrets): (Vec<_>, Vec<_>) = secrets.into_iter().unzip();
            Some((Search::new(&secrets).ok()?, whose))
        };
        // Every canary is fit to be searched for, and a session without one is no part of a search.
        let searches = planted.chunks(TOGETHER).filter_map(search).collect();
        Ok(Some(Self { run: run.id.clone(), key: name, searches }))
    }

    /// The run.
    #[must_use]
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Begins a search.
    #[must_use]
    pub fn hunt(&self, side: Side) -> Hunt<'_> {
        let places = self.searches.iter().map(|(search, _)| Seeker::of(search)).collect();
        Hunt { secrets: self, side, places }
    }
}

/// A search of what this host keeps.
pub struct Hunt<'s> {
    secrets: &'s RunSecrets,
    side: Side,
    /// For each of the searches the same places.
    places: Vec<Seeker<'s>>,
}

impl Hunt<'_> {
    /// A place begins.
    pub fn begin(&mut self, place: &str) {
        self.places.iter_mut().for_each(|places| places.begin(place));
    }

    /// Searches a text that is no file yet.
    pub fn text(&mut self, name: &str, text: &[u8]) {
        for places in &mut self.places {
            places.file(name);
            places.bytes(text);
        }
    }

    /// Searches a file, or a folder with all that is in it; one that is not there holds nothing. Names are told from
    /// `base` on. A link is not followed: what it leads to counts as not read.
    pub fn path(&mut self, path: &Path, base: &Path) {
        let mut waiting = vec![(path.to_owned(), 0)];
        while let Some((path, depth)) = waiting.pop() {
            let looked = match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() && depth < DEEPEST => entries(&path).map(|entries| {
                    waiting.extend(entries.into_iter().map(|entry| (entry, depth + 1)));
                }),
                Ok(found) if found.is_dir() => Err(io::Error::other("it lies too deep")),
                Ok(found) if found.is_file() => self.file(&path, base),
                Ok(found) if found.is_symlink() => Err(io::Error::other("a link, which is not followed")),
                Ok(_) => Err(io::Error::other("no file and no folder")),
                Err(error) => Err(error),
            };
            match looked {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    self.unread(&path, base, &error);
                }
                _ => {}
            }
        }
    }

    /// Searches what a person named: a link is followed, and a pipe is read to its end.
    pub fn given(&mut self, path: &Path) {
        let looked = fs::metadata(path).and_then(|found| {
            if found.is_dir() {
                // A slash behind it leads through a link.
                self.path(&path.join(""), Path::new(""));
                Ok(())
            } else if found.is_file() || found.file_type().is_fifo() {
                self.file(path, Path::new(""))
            } else {
                Err(io::Error::other("no file, no folder and no pipe"))
            }
        });
        if let Err(error) = looked {
            self.unread(path, Path::new(""), &error);
        }
    }

    fn unread(&mut self, path: &Path, base: &Path, error: &io::Error) {
        let why = format!("{}: {error}", named(path, base));
        self.places.iter_mut().for_each(|places| places.unread(&why));
    }

    fn file(&mut self, path: &Path, base: &Path) -> io::Result<()> {
        let mut file = File::open(path)?;
        let name = named(path, base);
        self.places.iter_mut().for_each(|places| places.file(&name));
        let mut buffer = vec![0; AT_ONCE];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(()),
                read => self.places.iter_mut().for_each(|places| places.bytes(&buffer[..read])),
            }
        }
    }

    /// What was found, session by session.
    #[must_use]
    pub fn end(mut self) -> BTreeMap<String, Vec<SearchedPlace>> {
        let mut sessions = BTreeMap::new();
        for (places, (_, whose)) in self.places.iter_mut().zip(&self.secrets.searches) {
            places.end_file();
            for (session, _) in whose {
                sessions.entry(session.clone()).or_insert_with(|| {
                    places.of_some(&|number| {
                        whose.get(number).filter(|(of, _)| of == session).map(|(_, place)| *place)
                    })
                });
            }
        }
        sessions
    }

    /// Writes what was found into the journal of the run, whose process is over.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn record(self, run_dir: &Path) -> Result<(), ControllerError> {
        let (side, key) = (self.side, self.secrets.key.clone());
        for (session, places) in self.end() {
            let searched = Box::new(Searched { side, key: key.clone(), places });
            record(run_dir, Some(session), HostEvent::Searched { searched })?;
        }
        Ok(())
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

fn named(path: &Path, base: &Path) -> String {
    path.strip_prefix(base).unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
