//! `edgesoak import`: what another program measured becomes a run of its own, judged as every other.

use std::path::Path;

use edgesoak_controller::{ControllerError, World, keep_import};
use edgesoak_interchange::{InterchangeError, Recording, Source, candidate, journal, workload};
use edgesoak_matrix::ImportRequest;
use edgesoak_record::hex;
use edgesoak_record::plan::SourceFile;
use edgesoak_record::units::Nanos;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::args::{Format, Shared, Whose};
use crate::command::finish::{self, Concluded};
use crate::command::{plan, print_json};
use crate::failure::Failure;
use crate::sentences;
use crate::stored::{self, JudgedRun};
use crate::terminal::{printable, say, tell};

/// Reads a file, keeps it as a run, judges it and writes its report. The exit code says whether that could be done; the
/// verdict's own is that of `judge`.
pub fn import(shared: &Shared, path: &Path, whose: &Whose) -> Result<u8, Failure> {
    if whose.device.trim().is_empty()
        || whose.device.chars().any(char::is_control)
        || whose.device.len() > 120
    {
        return Err(Failure::config("a device needs a name of 1 to 120 printable characters")
            .hint("name it as the matrix does, or as you know it: --device pixel-rack1-03")
            .reason("import"));
    }
    let Source { bytes, recordings } =
        edgesoak_interchange::read(path).map_err(|error| unreadable(&error))?;
    let file = source_file(path, &bytes);
    let matrix = plan::matrix(shared)?;
    let wanted = ImportRequest {
        device: &whose.device,
        family: whose.family.as_deref(),
        route: whose.route.as_deref(),
        profile: whose.profile.as_deref(),
    };
    let target = matrix.import_target(&wanted).map_err(plan::diagnosed)?;
    if let Some(remark) = &target.remark {
        tell(&printable(&format!("note: {remark}")));
    }
    if let Some(recording) = recordings.iter().find(|one| one.is_virtual && !target.is_virtual()) {
        return Err(Failure::config(format!(
            "the session on line {} was measured on a simulated device, and this device is none",
            recording.line
        ))
        .hint("name it after one: --device virtual:NAME")
        .reason("import"));
    }
    let measured =
        recordings.iter().map(|recording| (workload(recording, target.asked), candidate(recording)));
    let plan = target.plan(measured.collect()).map_err(plan::diagnosed)?;
    let store = stored::open_for_writing(shared)?;
    let history = store.history(&plan, &[]).map_err(|error| stored::unreadable(shared, &error))?;
    drop(store);
    let names: Vec<String> = plan.sessions.iter().map(|planned| planned.session.clone()).collect();
    let request = edgesoak_controller::ImportRequest {
        plan,
        history,
        out: shared.out.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        imports: recordings
            .iter()
            .map(|recording| recording.import(file.clone()).told_workload(whose.workload.as_deref()))
            .collect(),
        name: file.path,
        bytes,
    };
    let world = World::real();
    let wall = world.clock.wall();
    let of_session = |place: usize, run: &str| session_journal(&recordings, &names, (place, run), wall);
    let kept = keep_import(&request, &world, of_session).map_err(|error| failure(&error))?;
    let concluded = finish::conclude(shared, &kept.run, &kept.dir)?;
    match shared.format() {
        Format::Json => print_json(&document(shared, &recordings, &concluded))?,
        Format::Human => say(&printable(&words(&recordings, &concluded)))?,
    }
    Ok(0)
}

fn session_journal(
    recordings: &[Recording],
    names: &[String],
    (place, run): (usize, &str),
    wall: Nanos,
) -> Vec<u8> {
    match (recordings.get(place), names.get(place)) {
        (Some(recording), Some(session)) => journal(recording, run, session, wall),
        _ => Vec::new(),
    }
}

/// What a file is: its name, and digest and size of what was read.
fn source_file(path: &Path, bytes: &[u8]) -> SourceFile {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    SourceFile { path: name, sha256: hex(&Sha256::digest(bytes)), bytes: bytes.len() as u64 }
}

fn document(shared: &Shared, recordings: &[Recording], concluded: &Concluded) -> Value {
    let Concluded { judged: JudgedRun { run, verdict, .. }, page } = concluded;
    let sessions = run.plan.sessions.iter().zip(recordings).map(|(planned, recording)| {
        json!({
            "session": planned.session,
            "device": planned.device.id,
            "route": planned.route.id,
            "candidate": planned.candidate.id,
            "runtime": planned.candidate.runtime,
            "format": recording.format.word(),
            "line": recording.line,
        })
    });
    json!({
        "run": run.id,
        "imported": true,
        "sessions": sessions.collect::<Vec<_>>(),
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "report": page.display().to_string(),
        "db": shared.database().display().to_string(),
    })
}

fn words(recordings: &[Recording], concluded: &Concluded) -> String {
    let Concluded { judged: JudgedRun { run, verdict, .. }, page } = concluded;
    let count = recordings.len();
    let sessions = if count == 1 { "session" } else { "sessions" };
    let format = recordings.first().map_or("", |recording| recording.format.word());
    format!(
        "Imported {count} {sessions} ({format}) as run {}\n{}Report: {}\n",
        run.id,
        sentences::verdict(verdict),
        page.display()
    )
}

fn unreadable(error: &InterchangeError) -> Failure {
    let failure = if error.retry() {
        Failure::infrastructure("the file could not be imported")
    } else {
        Failure::config("the file could not be imported")
    };
    failure.because(error).hint(error.hint()).reason("import")
}

fn failure(error: &ControllerError) -> Failure {
    Failure::infrastructure("the imported run could not be kept").because(error).reason("import")
}
