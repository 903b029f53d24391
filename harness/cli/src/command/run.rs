//! `edgesoak run` and `edgesoak resume`: the controller with the product's sinks, then verdict and report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use edgesoak_controller::{ControllerError, ResumeRequest, RunReport, RunRequest, Sink, Terms, Whose, World};
use edgesoak_matrix::DeviceEntry;
use edgesoak_record::Plan;
use edgesoak_record::plan::AddressPart;
use tokio::sync::watch;

use crate::args::{Outputs, Selection, Shared, Sharing};
use crate::command::{asked_to_stop, finish, plan, report, reuse};
use crate::failure::Failure;
use crate::places::Places;
use crate::progress::ProgressSink;
use crate::record_sink::RecordSink;
use crate::stored::{self, JudgedRun};
use crate::terminal::tell;

/// Plans, runs, judges and reports; or shows a verdict on the same plan that is no older than `reuse`.
pub fn run(
    shared: &Shared,
    selection: &Selection,
    sharing: &Sharing,
    outputs: &Outputs,
    reuse: Option<Duration>,
) -> Result<u8, Failure> {
    report::begin(outputs)?;
    if let Some(exit) = reuse::instead(shared, &plan::make(shared, selection)?, reuse, outputs)? {
        return Ok(exit);
    }
    begin(shared, selection, (terms(sharing), &[]), outputs).map(|judged| judged.verdict.exit)
}

/// The same on these terms; the run as it was judged. Its history leaves out the runs that it is compared together with.
pub fn begin(
    shared: &Shared,
    selection: &Selection,
    (terms, together): (Terms, &[String]),
    outputs: &Outputs,
) -> Result<JudgedRun, Failure> {
    report::begin(outputs)?;
    let plan = plan::make(shared, selection)?;
    let lab = plan::lab(shared)?;
    let places = Places::find()?;
    // Outputs are opened before minute 0: a full disk or an unreadable database must not cost ten minutes.
    let store = stored::open_for_writing(shared)?;
    let history = store.history(&plan, together).map_err(|error| stored::unreadable(shared, &error))?;
    let sinks: Vec<Box<dyn Sink>> =
        vec![Box::new(RecordSink::new(store, "", 0)), Box::new(ProgressSink::new())];
    let request = RunRequest {
        plan,
        lab,
        history,
        out: shared.out.clone(),
        base: base_of(&shared.matrix),
        cache: places.cache,
        agents_dir: places.agents,
        state_dir: places.state,
        terms,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let report = drive(|world, cancel| edgesoak_controller::run(request, world, sinks, cancel))?
        .map_err(|error| failure(&error))?;
    finish::finish(shared, outputs, &report.run, &report.dir, &report.sink_failures)
}

/// Takes up a run where it was left, judges and reports.
pub fn resume(shared: &Shared, name: &str, sharing: &Sharing, outputs: &Outputs) -> Result<u8, Failure> {
    report::begin(outputs)?;
    let places = Places::find()?;
    let (id, run_dir) = stored::run_dir(shared, name)?;
    let mut store = stored::open_for_writing(shared)?;
    // What the killed host had on disk but not yet in the database.
    let lines = store.ingest_run(&run_dir).map_err(|error| stored::unreadable(shared, &error))?.lines;
    let begun = store.load_outline(&id).map_err(|error| stored::unreadable(shared, &error))?;
    let sinks: Vec<Box<dyn Sink>> =
        vec![Box::new(RecordSink::new(store, &id, lines)), Box::new(ProgressSink::resuming(&begun.plan))];
    let request = ResumeRequest {
        run_dir: run_dir.clone(),
        lab: plan::lab(shared)?,
        base: base_of(&shared.matrix),
        cache: places.cache,
        agents_dir: places.agents,
        state_dir: places.state,
        terms: terms(sharing),
        addresses: addresses(shared, &begun.plan),
    };
    let judged = match drive(|world, cancel| edgesoak_controller::resume(request, world, sinks, cancel))? {
        Ok(report) => finish::finish(shared, outputs, &report.run, &report.dir, &report.sink_failures),
        // The host may have been killed between the run's end and its verdict.
        Err(ControllerError::RunIsClosed { run }) => {
            tell(&format!("run {run} is over; judging what is stored"));
            finish::finish(shared, outputs, &run, &run_dir, &[])
        }
        Err(error) => Err(failure(&error)),
    };
    judged.map(|judged| judged.verdict.exit)
}

/// Where the matrix has its devices by now: one that was plugged in elsewhere since the run was planned is found there.
/// The address of a simulated device says what it is, and stays what was planned.
fn addresses(shared: &Shared, plan: &Plan) -> BTreeMap<String, Vec<AddressPart>> {
    let Ok(matrix) = super::plan::matrix(shared) else {
        tell(&format!(
            "{} cannot be read: devices are looked for where the run was planned",
            shared.matrix.display()
        ));
        return BTreeMap::new();
    };
    let planned = |entry: &DeviceEntry| {
        let mut devices = plan.sessions.iter().map(|session| &session.device);
        devices.any(|device| device.id == entry.id && device.driver == entry.driver)
    };
    let reached = matrix.devices().iter().filter(|entry| entry.driver != "virtual" && planned(entry));
    reached.map(|entry| (entry.id.clone(), entry.address.clone())).collect()
}

/// How a run shares the lab and what it keeps, as its arguments say.
pub fn terms(sharing: &Sharing) -> Terms {
    Terms {
        wait: sharing.wait.unwrap_or_default(),
        max_parallel: sharing.max_parallel,
        fail_fast: sharing.fail_fast,
        pushes_per_hub: sharing.pushes_per_hub,
        quarantined_too: false,
        stores_texts: sharing.store_outputs,
    }
}

/// The folder that a matrix lies in.
pub fn base_of(matrix: &Path) -> PathBuf {
    matrix
        .parent()
        .filter(|dir| !dir.as_os_str().is_empty())
        .map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// Runs the controller on its own runtime; Ctrl-C and SIGTERM end the run honestly.
fn drive<F, R>(work: F) -> Result<Result<RunReport, ControllerError>, Failure>
where
    F: FnOnce(World, watch::Receiver<bool>) -> R,
    R: Future<Output = Result<RunReport, ControllerError>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::infrastructure("cannot start the host's threads").because(&error))?;
    let (stop, cancel) = watch::channel(false);
    Ok(runtime.block_on(async move {
        tokio::spawn(async move {
            if asked_to_stop().await.is_ok() {
                // Nobody listens any more when the run has just ended by itself.
                let _ = stop.send(true);
                tell("stopping: agents are stopped, devices restored, what was measured is kept");
            }
            // Dropping the sender would look like a second wish.
            std::future::pending::<()>().await;
        });
        work(World::real(), cancel).await
    }))
}

fn failure(error: &ControllerError) -> Failure {
    let failure = match (error, error.whose()) {
        (ControllerError::NothingPlanned, _) => Failure::nothing("there is nothing to run"),
        (_, Whose::Config) => Failure::config("the run could not start"),
        _ => Failure::infrastructure("the run could not be done"),
    };
    let failure = failure.because(error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
