//! The search for planted secrets in what this host keeps of a run, before it is judged.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use edgesoak_controller::{ControllerError, RunSecrets};
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
            tell(&printable(&format!("warning: {}", in_words(&error))));
            return Ok(());
        }
    };
    // Nobody in this process may have the database open: closing a file drops every lock on it.
    let mut hunt = secrets.hunt(Side::Host);
    hunt.begin("run-folder");
    hunt.path(dir, dir);
    hunt.begin("host-state");
    hunt.path(&state.join("planted"), &state);
    hunt.begin("database");
    for file in files_of(&shared.database()) {
        hunt.path(&file, &shared.out);
    }
    hunt.record(dir).map_err(|error| not_kept(&error))?;
    let mut store = stored::open_for_writing(shared)?;
    store.ingest_run(dir).map_err(|error| unreadable(&error))?;
    reports(shared, &store, &secrets, dir)?;
    store.ingest_run(dir).map_err(|error| unreadable(&error)).map(drop)
}

/// Renders everything that can be written of the run, and searches it before any of it is.
fn reports(shared: &Shared, store: &Store, secrets: &RunSecrets, dir: &Path) -> Result<(), Failure> {
    let judged = stored::judge(store, secrets.run()).map_err(|error| stored::unreadable(shared, &error))?;
    let mut hunt = secrets.hunt(Side::Reports);
    for kind in ReportKind::value_variants() {
        let text = report::rendered(shared, Told::Run(store, &judged.run, &judged.verdict), *kind)?;
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

fn in_words(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
