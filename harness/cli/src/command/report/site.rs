//! `edgesoak report --site`: everything that is stored as a folder of pages.

mod folder;

use std::path::Path;

use edgesoak_controller::Ward;
use edgesoak_record::fleet::Fleet;
use edgesoak_reports::Site;
use edgesoak_store::{Baselines, Store};

use self::folder::Folder;
use super::Told;
use crate::args::{ReportKind, Shared};
use crate::command::quarantine;
use crate::failure::Failure;
use crate::places::Places;
use crate::stored::{self, JudgedRun};
use crate::terminal::{printable, say, tell};

/// What readers are told of a report that could not be made: the cause may name places of this host, and is told there.
pub const WITHHELD: &str = "the host's terminal says why";

/// Brings the site in a folder up to date and says where it is.
pub fn write(shared: &Shared, dir: &Path) -> Result<u8, Failure> {
    let store = stored::open_for_reading(shared)?;
    let fleet = fleet(shared, &store)?;
    let site = Site::of(&fleet);
    let runs: Vec<(&str, String)> =
        fleet.runs.iter().map(|run| (run.run.as_str(), Site::run_path(&run.run))).collect();
    let wanted = site.paths().chain(runs.iter().map(|(_, path)| path.as_str()));
    let mut folder = Folder::open(dir, wanted.map(str::to_owned).collect())?;
    let (mut made, mut kept) = (0_usize, 0_usize);
    for (run, path) in &runs {
        let edition = store.edition(run).map_err(|error| stored::unreadable(shared, &error))?;
        if folder.has(path, &edition) {
            kept += 1;
            continue;
        }
        match report(shared, &store, run) {
            Ok(text) => folder.put(path, &text, Some(edition))?,
            Err(failure) => {
                tell(&printable(&format!("warning: no report of {run}\n{}", failure.render())));
                folder.put(path, &site.without_report(run, WITHHELD), None)?;
            }
        }
        made += 1;
    }
    // The lists come last: at every moment each of their links leads to a page.
    for path in site.paths() {
        folder.put(path, &site.page(path).unwrap_or_default(), None)?;
    }
    let removed = folder.close()?;
    say(&format!(
        "Site: {} ({} runs: {made} reports made, {kept} kept; {removed} pages removed)\n",
        dir.join("index.html").display(),
        runs.len()
    ))?;
    Ok(0)
}

/// What this host knows of its runs, devices and releases.
pub fn fleet(shared: &Shared, store: &Store) -> Result<Fleet, Failure> {
    let failed = |error| stored::unreadable(shared, &error);
    let places = Places::find()?;
    let promoted = Baselines::of(&shared.out).all().map_err(failed)?;
    Ok(Fleet {
        runs: store.fleet().map_err(failed)?,
        quarantines: Ward::spells(&places.state).map_err(|error| quarantine::unreadable(&error))?,
        releases: promoted.into_iter().map(|promoted| promoted.baseline).collect(),
    })
}

/// The report of a run as a page.
pub fn report(shared: &Shared, store: &Store, run: &str) -> Result<String, Failure> {
    let JudgedRun { run, verdict, .. } =
        stored::judge(store, run).map_err(|error| stored::unreadable(shared, &error))?;
    Told::run(store, &run, &verdict).rendered(shared, ReportKind::Html)
}
