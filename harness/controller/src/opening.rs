//! Opening a run: everything that could fail on the host fails here, before minute 0.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use edgesoak_drivers::{abis, agent_program};
use edgesoak_record::plan::{Charger, PlannedSession, SourceFile};
use edgesoak_record::{Lab, Plan, hex};
use sha2::{Digest, Sha256};

use crate::context::{Places, program_for, runner_program};
use crate::error::ControllerError;
use crate::events::HOST_JOURNAL;
use crate::run_id::is_session_name;
use crate::world::{Disk, Lock};

/// Prompt files and corpora are texts.
pub(crate) const MAX_INPUT: u64 = 256 << 20;

/// Names and programs of a plan.
pub(crate) fn check(plan: &Plan, places: &Places, disk: &dyn Disk) -> Result<(), ControllerError> {
    if plan.sessions.is_empty() {
        return Err(ControllerError::NothingPlanned);
    }
    let mut names = BTreeSet::new();
    let mut programs = BTreeSet::new();
    for session in &plan.sessions {
        if !is_session_name(&session.session) || !names.insert(&session.session) {
            return Err(ControllerError::NamingSession(session.session.clone()));
        }
        let driver = &session.device.driver;
        programs.insert((agent_program(driver).to_owned(), driver));
        programs.insert((runner_program(&session.candidate.runtime), driver));
    }
    for (program, driver) in programs {
        is_built(&program, driver, places, disk)?;
    }
    Ok(())
}

/// Which ABI a device has is only known once it is reached: a program for one that devices of this kind may have is
/// enough here.
fn is_built(program: &str, driver: &str, places: &Places, disk: &dyn Disk) -> Result<(), ControllerError> {
    let directory = places.agents_dir();
    let paths = std::iter::once(None).chain(abis(driver).iter().copied().map(Some));
    let mut found = Err(io::Error::new(io::ErrorKind::NotFound, "there is no such file"));
    for path in paths.map(|abi| program_for(disk, directory, program, abi)) {
        match disk.length(&path) {
            Ok(Some(_)) => return Ok(()),
            Ok(None) => {}
            Err(error) => found = Err(error),
        }
    }
    found.map_err(|source| ControllerError::FindingProgram {
        program: program.to_owned(),
        directory: directory.to_owned(),
        source,
    })
}

/// Everything that stands beside the devices of these sessions is in the lab's file.
pub(crate) fn check_lab<'p>(
    sessions: impl IntoIterator<Item = &'p PlannedSession>,
    lab: &Lab,
) -> Result<(), ControllerError> {
    for session in sessions {
        let beside = &session.device.beside;
        let hook = match &beside.charger {
            Some(Charger::Hook(name)) => Some(name),
            _ => None,
        };
        let wanted = [
            ("hook", hook, hook.is_some_and(|name| lab.hooks.contains_key(name))),
            (
                "probe",
                beside.ambient.as_ref(),
                beside.ambient.as_ref().is_some_and(|name| lab.probes.contains_key(name)),
            ),
            (
                "meter",
                beside.meter.as_ref(),
                beside.meter.as_ref().is_some_and(|name| lab.meters.contains_key(name)),
            ),
        ];
        for (kind, name, known) in wanted {
            if let Some(name) = name.filter(|_| !known) {
                let (name, device) = (name.clone(), session.device.id.clone());
                return Err(ControllerError::MissingFromLab { kind, name, device });
            }
        }
    }
    Ok(())
}

/// Makes the run's directory and takes its lock.
pub(crate) fn claim(dir: &Path, disk: &dyn Disk) -> Result<Lock, ControllerError> {
    let locked = disk.create_dirs(dir).and_then(|()| disk.lock(&dir.join("lock")));
    locked
        .map_err(|source| ControllerError::OpeningRun { path: dir.to_owned(), source })?
        .ok_or_else(|| ControllerError::RunInUse { path: dir.to_owned() })
}

/// A name that came out twice, as after the wall clock was set back, must not put two runs into one journal.
pub(crate) fn check_unused(dir: &Path, disk: &dyn Disk) -> Result<(), ControllerError> {
    let taken = || io::Error::new(io::ErrorKind::AlreadyExists, "another run has this name");
    let found = disk.length(&dir.join(HOST_JOURNAL));
    found
        .and_then(|length| if length.is_some() { Err(taken()) } else { Ok(()) })
        .map_err(|source| ControllerError::OpeningRun { path: dir.to_owned(), source })
}

/// Copies prompts, corpora and templates into the run, so that it can be resumed without its matrix.
pub(crate) fn copy_inputs(plan: &Plan, places: &Places, disk: &dyn Disk) -> Result<(), ControllerError> {
    let inputs = places.dir.join("inputs");
    let opening = |source| ControllerError::OpeningRun { path: places.dir.clone(), source };
    disk.create_dirs(&inputs).map_err(opening)?;
    for session in &plan.sessions {
        let workload = &session.workload;
        let corpus = workload.retrieval.as_ref().map(|retrieval| &retrieval.corpus);
        let terms = session.route.routing.as_ref().map(|routing| &routing.sensitive_terms);
        let files = [Some(&workload.prompts), corpus, workload.template.file(), terms].into_iter().flatten();
        for file in files.chain(&workload.images) {
            copy(file, places, disk)?;
        }
    }
    Ok(())
}

/// Copies a file that the plan names by its digest into the run.
pub(crate) fn copy(file: &SourceFile, places: &Places, disk: &dyn Disk) -> Result<(), ControllerError> {
    let path = places.source(file);
    let copying = |source| ControllerError::CopyingInput { path: path.clone(), source };
    let is_digest = file.sha256.len() == 64 && file.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_digest {
        // It becomes a file name.
        return Err(copying(io::Error::new(io::ErrorKind::InvalidInput, "its planned digest is no SHA-256")));
    }
    let target = places.input(&file.sha256);
    if disk.length(&target).map_err(copying)?.is_some() {
        return Ok(());
    }
    let bytes = disk.read(&path, MAX_INPUT).map_err(copying)?;
    let found = hex(&Sha256::digest(&bytes));
    if found != file.sha256 {
        let planned = file.sha256.clone();
        return Err(ControllerError::ChangedInput { path, planned, found });
    }
    disk.write_atomically(&target, &bytes).map_err(copying)
}
