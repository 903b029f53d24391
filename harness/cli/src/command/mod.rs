//! One file per command; each wires crates together and chooses words, nothing else.

mod ab;
mod baseline;
mod devices;
mod doctor;
mod explain;
mod export;
mod finish;
mod golden;
mod health_check;
mod import;
mod judge;
mod key;
mod leaks;
mod manual;
mod named_policy;
mod plan;
mod probe;
mod probe_table;
mod quarantine;
mod regression;
mod report;
mod reuse;
mod run;
mod select;
mod serve;
mod store;

use std::time::{Duration, SystemTime};

use edgesoak_record::units::Nanos;

use crate::args::{Arguments, Command, Report, ReportAction};
use crate::failure::Failure;
use crate::terminal;

/// Runs a command: its exit code, or why it could not be done.
pub fn dispatch(arguments: &Arguments) -> Result<u8, Failure> {
    let shared = &arguments.shared;
    match &arguments.command {
        Command::Plan { schema: true, .. } => plan::print_schema(),
        Command::Plan { selection, .. } => plan::print(shared, selection),
        Command::Run { selection, sharing, outputs, reuse } => match selection.pair() {
            Some(pair) => ab::run(shared, selection, sharing, outputs, pair),
            None => run::run(shared, selection, sharing, outputs, *reuse),
        },
        Command::Resume { run, sharing, outputs } => run::resume(shared, &run.name, sharing, outputs),
        Command::Judge { run, by, refresh_history } => judge::judge(shared, &run.name, by, *refresh_history),
        Command::Gate { sides, outputs } => regression::gate(shared, sides, outputs),
        Command::Compare { candidate, baseline } => regression::show(shared, candidate, baseline),
        Command::Select(asked) => select::select(shared, asked),
        Command::Baseline { action } => baseline::look_after(shared, action),
        Command::Golden { action } => golden::look_after(shared, action),
        Command::Import { file, whose } => import::import(shared, file, whose),
        Command::Explain { topic, run } => explain::show(shared, *topic, run.as_deref()),
        Command::Report(Report { action: Some(ReportAction::Sign(asked)), .. }) => report::sign(asked),
        Command::Report(Report { action: Some(ReportAction::Verify(asked)), .. }) => report::verify(asked),
        Command::Report(asked) => report::show(shared, asked),
        Command::Export(asked) => export::export(shared, asked),
        Command::Serve(asked) => serve::serve(shared, asked),
        Command::Devices { check: Some(devices), .. } => health_check::check(shared, devices),
        Command::Devices { clear: Some(device), reason, .. } => {
            quarantine::clear(shared, device, reason.as_deref().unwrap_or_default())
        }
        Command::Devices { probe: Some(device), watch, .. } => probe::show(shared, device, *watch),
        Command::Devices { identify: Some(device), .. } => devices::identify(shared, device),
        Command::Devices { adopt: true, into, .. } => devices::adopt(shared, into.as_deref()),
        Command::Devices { .. } => devices::list(shared),
        Command::Key { action } => key::make(shared, action),
        Command::Store { action } => store::look_after(shared, action),
        Command::Doctor => doctor::examine(shared),
        Command::Completions { shell } => Ok(manual::completions(*shell)),
        Command::Man { dir } => manual::pages(dir),
    }
}

/// What commands that ask devices run on.
fn host_threads() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::infrastructure("cannot start the host's threads").because(&error))
}

/// Waits for Ctrl-C or SIGTERM.
async fn asked_to_stop() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

/// The host's wall clock, since the Unix epoch.
fn host_now() -> Nanos {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Nanos(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

/// Prints a document on stdout, for programs.
fn print_json(document: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document)
        .map_err(|error| Failure::infrastructure("cannot print the result as JSON").because(&error))?;
    terminal::say(&(text + "\n"))
}
