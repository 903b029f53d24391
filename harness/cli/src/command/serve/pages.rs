//! Pages on demand. A request names a page of the site and nothing else: no path of the disk is made of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use edgesoak_record::fleet::Fleet;
use edgesoak_record::{PlannedSession, Run};
use edgesoak_reports::Site;
use edgesoak_store::{Store, StoreError};

use crate::args::Shared;
use crate::command::report::site;
use crate::failure::Failure;
use crate::stored;
use crate::terminal::{printable, tell};

/// Runs that are followed at once; a host drives one or two.
const FOLLOWED: usize = 4;

/// A page, and whether it changes while it is looked at.
pub struct Page {
    pub html: String,
    pub is_live: bool,
}

/// What makes pages.
pub struct Pages {
    shared: Shared,
    /// Opened once: whoever opens the file itself again drops the locks of those who read it.
    main: Mutex<Store>,
    /// Of runs that are not over, what their journals say: rows of a session come into the database when it ends. These stay
    /// in memory, so that no answer's text lies anywhere else than where it is purged.
    followed: Mutex<BTreeMap<String, Store>>,
}

impl Pages {
    /// Of a database that is there.
    pub fn open(shared: &Shared) -> Result<Self, Failure> {
        let main = Mutex::new(stored::open_for_reading(shared)?);
        Ok(Self { shared: shared.clone(), main, followed: Mutex::default() })
    }

    /// The page at a path of a request; `None` where there is none.
    pub fn page(&self, path: &str) -> Result<Option<Page>, Failure> {
        let shared = &self.shared;
        let store = self.main()?;
        let fleet = site::fleet(shared, &store)?;
        let site = Site::of(&fleet).live();
        locked(&self.followed)
            .retain(|followed, _| fleet.runs.iter().any(|run| !run.closed && run.run == *followed));
        let path = path.strip_prefix('/').map(|path| if path.is_empty() { "index.html" } else { path });
        let Some(path) = path else { return Ok(None) };
        if path == Site::RUNNING {
            let runs = self.running(&fleet)?;
            return Ok(Some(Page { html: site.running(&runs), is_live: true }));
        }
        if let Some(html) = site.page(path) {
            return Ok(Some(Page { html, is_live: false }));
        }
        let Some(run) = fleet.runs.iter().find(|run| Site::run_path(&run.run) == path) else {
            return Ok(None);
        };
        let made = if run.closed {
            site::report(shared, &store, &run.run)
        } else {
            self.with(&run.run, &store, |store| site::report(shared, store, &run.run))
        };
        let html = made.unwrap_or_else(|failure| {
            tell(&printable(&format!("warning: no report of {}\n{}", run.run, failure.render())));
            site.without_report(&run.run, site::WITHHELD)
        });
        Ok(Some(Page { html, is_live: !run.closed }))
    }

    /// Runs that are not over, whole.
    fn running(&self, fleet: &Fleet) -> Result<Vec<Run>, Failure> {
        let main = self.main()?;
        let open = fleet.runs.iter().filter(|run| !run.closed).take(FOLLOWED);
        open.map(|run| {
            self.with(&run.run, &main, |store| {
                let failed = |error| stored::unreadable(&self.shared, &error);
                let mut whole = store.load_outline(&run.run).map_err(failed)?;
                let planned: Vec<PlannedSession> = whole.plan.sessions.clone();
                let sessions = planned.iter().map(|planned| store.load_session(&run.run, planned));
                whole.sessions = sessions.collect::<Result<_, _>>().map_err(failed)?;
                Ok(whole)
            })
        })
        .collect()
    }

    /// Does something with the rows that the journals of a run give by now; with those of the database where there are none.
    fn with<T>(
        &self,
        run: &str,
        main: &Store,
        work: impl FnOnce(&Store) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let folder = self.shared.out.join("runs").join(run);
        let is_plain = !run.is_empty() && run != ".." && !run.contains(['/', '\\', '\0']);
        if !is_plain || !folder.join("host.journal").is_file() {
            return work(main);
        }
        let read = {
            let mut followed = locked(&self.followed);
            if !followed.contains_key(run) {
                while followed.len() >= FOLLOWED {
                    followed.pop_first();
                }
                let new = Store::in_memory().map_err(|error| unfollowed(&error))?;
                followed.insert(run.to_owned(), new);
            }
            let Some(store) = followed.get_mut(run) else { return work(main) };
            store.ingest_run(&folder).map_err(|error| unfollowed(&error))?;
            store.reader().map_err(|error| unfollowed(&error))?
        };
        work(&read)
    }

    /// The database, for one request.
    fn main(&self) -> Result<Store, Failure> {
        locked(&self.main).reader().map_err(|error| stored::unreadable(&self.shared, &error))
    }
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unfollowed(error: &StoreError) -> Failure {
    Failure::infrastructure("cannot follow a run that is not over").because(error).reason("store")
}
