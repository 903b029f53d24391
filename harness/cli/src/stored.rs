//! Opening the database and finding runs, with words for everything that can go wrong.

use std::path::PathBuf;

use edgesoak_record::{PlannedSession, Run, RunVerdict, SessionTrial};
use edgesoak_store::{Store, StoreError};

use crate::args::Shared;
use crate::failure::Failure;
use crate::side_by_side;

/// Opens the database for writing and makes it if it is not there.
pub fn open_for_writing(shared: &Shared) -> Result<Store, Failure> {
    std::fs::create_dir_all(&shared.out).map_err(|error| {
        Failure::infrastructure(format!("cannot make the output folder {}", shared.out.display()))
            .because(&error)
            .hint("choose another one with --out")
    })?;
    Store::open(&shared.database()).map_err(|error| unreadable(shared, &error))
}

/// Opens an existing database for reading.
pub fn open_for_reading(shared: &Shared) -> Result<Store, Failure> {
    let path = shared.database();
    if !path.exists() {
        return Err(Failure::config(format!("there is no database at {}", path.display()))
            .hint("run `edgesoak run` first, or name the right folder with --out or --db")
            .reason("no_database"));
    }
    Store::open_read_only(&path).map_err(|error| unreadable(shared, &error))
}

/// A stored run with its verdict.
pub struct JudgedRun {
    /// The run, in outline: without samples, tokens and meters.
    pub run: Run,
    /// The verdict on it.
    pub verdict: RunVerdict,
    /// What its sessions say for a comparison with other runs.
    pub trials: Vec<SessionTrial>,
}

/// A run by id, the start of one, or `latest`; with the store that has it.
pub fn find(shared: &Shared, name: &str) -> Result<(Store, String), Failure> {
    let store = open_for_reading(shared)?;
    let id = store.resolve(name).map_err(|error| unknown(shared, &error))?;
    Ok((store, id))
}

/// Reads a run and judges it; with the store that has its sessions whole.
pub fn load(shared: &Shared, name: &str) -> Result<(Store, JudgedRun), Failure> {
    let (store, id) = find(shared, name)?;
    let judged = judge(&store, &id).map_err(|error| unreadable(shared, &error))?;
    Ok((store, judged))
}

/// Judges a run as it was planned.
pub fn judge(store: &Store, id: &str) -> Result<JudgedRun, StoreError> {
    judge_as(store, store.load_outline(id)?)
}

/// Judges a run job by job, on all cores: however large a fleet is, each of these has the telemetry of one job in memory
/// at a time. Plan, policy and history are those of the outline.
pub fn judge_as(store: &Store, mut run: Run) -> Result<JudgedRun, StoreError> {
    let id = run.id.clone();
    let outlines = std::mem::take(&mut run.sessions);
    let jobs = jobs(&run.plan.sessions);
    let readers = (0..side_by_side::threads(jobs.len())).map(|_| Ok((store.reader()?, run.clone())));
    let readers = readers.collect::<Result<Vec<_>, _>>()?;
    let judged = side_by_side::in_order(jobs, readers, |(store, part), job| {
        let whole = job.iter().map(|planned| store.load_session(&id, planned));
        part.sessions = whole.collect::<Result<_, _>>()?;
        Ok(edgesoak_gates::judge_sessions(part))
    })?;
    let judged: Vec<_> = judged.into_iter().flatten().collect();
    run.sessions = outlines;
    let trials = judged.iter().map(|session| session.trial().clone()).collect();
    let verdict = edgesoak_gates::conclude(&run, judged);
    Ok(JudgedRun { run, verdict, trials })
}

/// Counts the uses of the waivers that a run has by now: what was counted when it was opened are those of the waivers that it
/// was planned with.
pub fn recount_waivers(store: &Store, run: &mut Run) -> Result<(), StoreError> {
    let own = [run.id.clone()];
    run.history.waiver_uses = store.waiver_uses(&run.plan.policy.waivers, &own, Some(run.opened))?;
    Ok(())
}

/// The sessions of a plan, those that repeat one job together.
fn jobs(planned: &[PlannedSession]) -> Vec<Vec<PlannedSession>> {
    let mut jobs: Vec<Vec<PlannedSession>> = Vec::new();
    for session in planned {
        match jobs.iter_mut().find(|job| edgesoak_gates::is_same_job(&job[0], session)) {
            Some(job) => job.push(session.clone()),
            None => jobs.push(vec![session.clone()]),
        }
    }
    jobs
}

/// Id and folder of a run that may be unknown to the database, as after a crash of the host.
pub fn run_dir(shared: &Shared, name: &str) -> Result<(String, PathBuf), Failure> {
    let runs = shared.out.join("runs");
    let mut names: Vec<String> = std::fs::read_dir(&runs)
        .map_err(|error| {
            Failure::config(format!("there are no runs in {}", shared.out.display()))
                .because(&error)
                .hint("name the right folder with --out")
                .reason("no_run")
        })?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|id| name == "latest" || id.starts_with(name))
        .collect();
    // Run ids begin with the time, so that names sort by age.
    names.sort();
    match (names.len(), names.pop()) {
        (count, Some(id)) if count == 1 || name == "latest" || id == name => Ok((id.clone(), runs.join(id))),
        (0, _) | (_, None) => {
            Err(Failure::config(format!("no run of {} begins with `{name}`", runs.display()))
                .hint("list them with `ls`, or use `latest`")
                .reason("no_run"))
        }
        (count, Some(_)) => Err(Failure::config(format!("{count} runs begin with `{name}`"))
            .hint("write more of the run id")
            .reason("no_run")),
    }
}

/// A store error in words.
pub fn unreadable(shared: &Shared, error: &StoreError) -> Failure {
    let failure = Failure::infrastructure(format!("the database {} failed", shared.database().display()))
        .because(error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
    .reason("store")
}

fn unknown(shared: &Shared, error: &StoreError) -> Failure {
    Failure::config(format!("cannot find that run in {}", shared.database().display()))
        .because(error)
        .hint("use `latest`, or the start of a folder name in the `runs` folder")
        .reason("no_run")
}
