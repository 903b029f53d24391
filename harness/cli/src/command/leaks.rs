//! The search for planted secrets in what this host keeps of a run, before it is judged.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use edgesoak_controller::{ControllerError, Hunt, RunSecrets};
use edgesoak_record::leaks::Side;
use edgesoak_store::Store;

use crate::args::{ReportKind, Shared};
use crate::command::report::{self, Told};
use crate::failure::Failure;
use crate::places::Places;
use crate::stored;
use crate::terminal::{printable, tell};

/// Stores the run, and searches what is kept of it and what would be reported; nothing where no secret was planted. What
/// was found is stored for whoever judges.
pub fn search(shared: &Shared, id: &str, dir: &Path) -> Result<(), Failure> {
    let unreadable = |error: &_| stored::unreadable(shared, error);
    let run = {
        let mut store = stored::open_for_writing(shared)?;
        store.ingest_run(dir).map_err(|error| unreadable(&error))?;
        store.load_outline(id).map_err(|error| unreadable(&error))?
    };
    let state = Places::find()?.state;
    let secrets = match RunSecrets::of(&run, &state) {
        Ok(None) => return Ok(()),
        Ok(Some(secrets)) => secrets,
        Err(error) => {
            // The gate says that nobody searched.
            let causes = no_secrets(&error).causes().join(": ");
            tell(&printable(&format!("warning: planted secrets are not searched for: {causes}")));
            return Ok(());
        }
    };
    let mut hunt = secrets.hunt(Side::Host);
    kept(shared, id, &mut hunt)?;
    hunt.record(dir).map_err(|error| not_kept(&error))?;
    let mut store = stored::open_for_writing(shared)?;
    store.ingest_run(dir).map_err(|error| unreadable(&error))?;
    reports(shared, &store, &secrets, dir)?;
    store.ingest_run(dir).map_err(|error| unreadable(&error)).map(drop)
}

/// Searches what this host keeps of a run. Nobody in this process may have the database open: closing a file drops every
/// lock on it.
pub fn kept(shared: &Shared, id: &str, hunt: &mut Hunt<'_>) -> Result<(), Failure> {
    let (dir, state) = (shared.out.join("runs").join(id), Places::find()?.state);
    hunt.begin("run-folder");
    hunt.path(&dir, &dir);
    hunt.begin("host-state");
    hunt.path(&state.join("planted"), &state);
    hunt.begin("database");
    for file in files_of(&shared.database()) {
        hunt.path(&file, &shared.out);
    }
    Ok(())
}

/// Why the secrets of a run cannot be made again.
pub fn no_secrets(error: &ControllerError) -> Failure {
    let failure = Failure::config("the planted secrets cannot be searched for").because(error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Renders everything that can be written of the run, and searches it before any of it is.
fn reports(shared: &Shared, store: &Store, secrets: &RunSecrets, dir: &Path) -> Result<(), Failure> {
    let judged = stored::judge(store, secrets.run()).map_err(|error| stored::unreadable(shared, &error))?;
    let mut hunt = secrets.hunt(Side::Reports);
    for kind in ReportKind::value_variants() {
        let text = Told::run(store, &judged.run, &judged.verdict).rendered(shared, *kind)?;
        let name = report::file_name(*kind);
        hunt.begin(name);
        hunt.text(name, text.as_bytes());
    }
    let json = serde_json::to_vec(&judged.verdict)
        .map_err(|error| Failure::infrastructure("cannot write the verdict as JSON").because(&error))?;
    hunt.begin("json");
    hunt.text("verdict", &json);
    hunt.record(dir).map_err(|error| not_kept(&error))
}

/// The database with what SQLite keeps beside it.
fn files_of(database: &Path) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|suffix| {
        let mut name = OsString::from(database);
        name.push(suffix);
        PathBuf::from(name)
    })
}

fn not_kept(error: &ControllerError) -> Failure {
    Failure::infrastructure("cannot keep beside the journals what was searched").because(error)
}
