//! What the lab's file names.

use std::io;
use std::path::Path;

use edgesoak_record::lab::MeterSource;
use rustix::fs::{Mode, OFlags};

use super::finding::Finding;
use super::program::may_run;
use crate::args::Shared;
use crate::command::plan;

/// The commands of the lab's file, and its serial lines. They are looked for, never started: a hook switches things.
pub fn of_file(shared: &Shared) -> Vec<Finding> {
    let lab = match plan::lab(shared) {
        Ok(lab) => lab,
        Err(failure) => {
            return vec![Finding::bad(
                "lab",
                failure.render(),
                "mend the lab's file; `edgesoak plan` shows the rest",
            )];
        }
    };
    let hooks = lab.hooks.iter().flat_map(|(name, hook)| [(name, &hook.off), (name, &hook.on)]);
    let probes = lab.probes.iter().map(|(name, probe)| (name, &probe.command));
    let mut findings: Vec<Finding> =
        hooks.chain(probes).map(|(name, command)| command_of(name, command)).collect();
    findings.extend(lab.notify.iter().map(|notify| command_of("notify", &notify.command)));
    for (name, meter) in &lab.meters {
        findings.push(match &meter.source {
            MeterSource::Command(command) => command_of(name, command),
            MeterSource::Serial { path, .. } => match readable(path) {
                Ok(()) => Finding::good("lab", format!("{name}: {} can be read", path.display())),
                Err(error) => Finding::bad(
                    "lab",
                    format!("{name}: {}: {error}", path.display()),
                    "connect the meter, or let this user read it (often: the group dialout)",
                ),
            },
        });
    }
    findings
}

/// Opens a serial line, a pipe or a file as a meter's is opened: without waiting for anybody at its other end.
fn readable(path: &Path) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    drop(rustix::fs::open(path, flags, Mode::empty())?);
    if path.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(()) }
}

/// Whether a command of the lab's file would be found.
fn command_of(name: &str, command: &[String]) -> Finding {
    let program = command.first().map(String::as_str).unwrap_or_default();
    let places = std::env::var_os("PATH").unwrap_or_default();
    let found = if program.contains('/') {
        Some(Path::new(program).to_owned()).filter(|path| may_run(path))
    } else {
        std::env::split_paths(&places).map(|dir| dir.join(program)).find(|path| may_run(path))
    };
    match found {
        Some(path) => Finding::good("lab", format!("{name}: {}", path.display())),
        None => Finding::bad(
            "lab",
            format!("{name}: there is no program {program}"),
            "install it, or give its whole path in the lab's file",
        ),
    }
}
