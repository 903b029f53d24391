//! The golden sets of a run: copied into it, and read from there, so that it can be resumed without its matrix.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use edgesoak_golden::{Files, GoldenErrors, GoldenSet, MANIFEST, Manifest};
use edgesoak_record::golden::PlannedGolden;
use edgesoak_record::plan::{PlannedSession, SourceFile};

use crate::context::Places;
use crate::error::ControllerError;
use crate::exam::selected;
use crate::opening::{MAX_INPUT, copy};
use crate::world::Disk;

/// Sets by `name@1.0.0`.
pub(crate) type GoldenSets = BTreeMap<String, Arc<GoldenSet>>;

/// Most problems of a set that are told at once.
const MOST_TOLD: usize = 5;

/// Copies every set that a session answers into the run.
pub(crate) fn keep<'p>(
    sessions: impl IntoIterator<Item = &'p PlannedSession>,
    places: &Places,
    disk: &dyn Disk,
) -> Result<(), ControllerError> {
    let mut known = "";
    for golden in sessions.into_iter().filter_map(|session| session.golden.as_ref()) {
        if golden.manifest.sha256 == known {
            continue;
        }
        known = &golden.manifest.sha256;
        copy(&golden.manifest, places, disk)?;
        let (manifest, _) = manifest(golden, places, disk)?;
        for file in &manifest.files {
            copy(&sealed(golden, &file.path, &file.sha256), places, disk)?;
        }
    }
    Ok(())
}

/// Reads the sets of these sessions from the run, and checks that each session has something to ask.
pub(crate) fn load<'p>(
    sessions: impl IntoIterator<Item = &'p PlannedSession>,
    run: &str,
    places: &Places,
    disk: &dyn Disk,
) -> Result<GoldenSets, ControllerError> {
    let mut sets = GoldenSets::new();
    for session in sessions {
        let Some(golden) = &session.golden else { continue };
        if !sets.contains_key(&golden.set) {
            sets.insert(golden.set.clone(), read(golden, places, disk)?.into());
        }
        let Some(set) = sets.get(&golden.set) else { continue };
        if selected(set, session, golden, run).items.is_empty() {
            let (set, route) = (golden.set.clone(), session.route.id.clone());
            return Err(ControllerError::NothingToAsk { set, route });
        }
        check_ground(set, session)?;
    }
    Ok(sets)
}

fn read(golden: &PlannedGolden, places: &Places, disk: &dyn Disk) -> Result<GoldenSet, ControllerError> {
    let (manifest, mut files) = manifest(golden, places, disk)?;
    for file in &manifest.files {
        files.put(file.path.as_str(), input(&sealed(golden, &file.path, &file.sha256), places, disk)?);
    }
    let set = GoldenSet::load(&files).map_err(|errors| refused(golden, &errors))?;
    if set.manifest.reference() == golden.set {
        return Ok(set);
    }
    let problems = format!("{MANIFEST}: it is the set {}", set.manifest.reference());
    Err(ControllerError::ReadingGoldenSet { set: golden.set.clone(), problems })
}

/// The manifest with its bytes, from the run.
fn manifest(
    golden: &PlannedGolden,
    places: &Places,
    disk: &dyn Disk,
) -> Result<(Manifest, Files), ControllerError> {
    let mut files = Files::default();
    files.put(MANIFEST, input(&golden.manifest, places, disk)?);
    let manifest = Manifest::read(&files).map_err(|errors| refused(golden, &errors))?;
    Ok((manifest, files))
}

fn input(file: &SourceFile, places: &Places, disk: &dyn Disk) -> Result<Vec<u8>, ControllerError> {
    let path = places.input(&file.sha256);
    disk.read(&path, MAX_INPUT).map_err(|source| ControllerError::CopyingInput { path, source })
}

fn refused(golden: &PlannedGolden, errors: &GoldenErrors) -> ControllerError {
    let told: Vec<String> = errors.findings().iter().take(MOST_TOLD).map(ToString::to_string).collect();
    ControllerError::ReadingGoldenSet { set: golden.set.clone(), problems: told.join("; ") }
}

/// A file of the set, beside its manifest.
fn sealed(golden: &PlannedGolden, path: &str, sha256: &str) -> SourceFile {
    let folder = Path::new(&golden.manifest.path).parent().unwrap_or(Path::new(""));
    let path = folder.join(path).to_string_lossy().into_owned();
    SourceFile { path, sha256: sha256.to_owned(), bytes: 0 }
}

/// An answer is right or wrong by the documents and the template that its set was written for.
fn check_ground(set: &GoldenSet, session: &PlannedSession) -> Result<(), ControllerError> {
    let (manifest, workload) = (&set.manifest, &session.workload);
    let other = |what: &'static str| {
        let (set, workload) = (manifest.reference(), workload.id.clone());
        Err(ControllerError::OtherGround { set, workload, what })
    };
    let sealed = |path: &str| manifest.files.iter().find(|file| file.path == path).map(|file| &file.sha256);
    if let Some(wanted) = &manifest.retrieval {
        let found = workload.retrieval.as_ref();
        if found.map(|found| &found.corpus.sha256) != sealed(&wanted.corpus) {
            return other("other documents");
        }
        if found.map(|found| found.top_k) != Some(wanted.top_k) {
            return other("another number of documents");
        }
    }
    let template = manifest.template.as_ref().and_then(|template| sealed(template.path.as_deref()?));
    if template.is_some() && template != workload.template.file().map(|template| &template.sha256) {
        return other("another template");
    }
    Ok(())
}
