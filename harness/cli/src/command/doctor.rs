//! `edgesoak doctor`: is this host fit to run, and what to do if it is not?

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use edgesoak_record::lab::MeterSource;
use edgesoak_record::plan::ArtifactSource;
use rustix::fs::{Mode, OFlags};
use serde_json::{Value, json};

use crate::args::{Format, Selection, Shared};
use crate::command::{plan, print_json};
use crate::failure::{CONFIG, Failure};
use crate::places::Places;
use crate::stored;
use crate::terminal::say;

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    good: bool,
    words: String,
    hint: Option<&'static str>,
}

impl Finding {
    fn good(what: &'static str, words: impl Into<String>) -> Self {
        Self { what, good: true, words: words.into(), hint: None }
    }

    fn bad(what: &'static str, words: impl Into<String>, hint: &'static str) -> Self {
        Self { what, good: false, words: words.into(), hint: Some(hint) }
    }
}

/// Looks at everything that a run needs; 2 if something must be mended first.
pub fn examine(shared: &Shared) -> Result<u8, Failure> {
    let places = Places::find()?;
    let mut findings = vec![program(&places.agents, "edgesoak-agent")];
    findings.extend(matrix(shared, &places));
    findings.extend(lab(shared));
    findings.push(database(shared));
    findings.push(space(&shared.out));
    findings.push(clock());
    match shared.format {
        Format::Json => print_json(&findings.iter().map(document).collect::<Vec<_>>())?,
        Format::Human => say(&findings.iter().map(lines).collect::<String>())?,
    }
    Ok(if findings.iter().all(|finding| finding.good) { 0 } else { CONFIG })
}

/// A program that needs longer to print its help never will.
const LONGEST_HELP: Duration = Duration::from_secs(5);

/// Whether a program starts at all: every program of ours, and every runner, answers `--help`.
fn program(agents: &Path, name: &str) -> Finding {
    let path = agents.join(name);
    match ends(&path) {
        Ok(Some(status)) if status.success() => Finding::good("program", path.display().to_string()),
        Ok(status) => Finding::bad(
            "program",
            format!(
                "{} does not work: {}",
                path.display(),
                status.map_or_else(|| "it hangs".to_owned(), |status| status.to_string())
            ),
            "build it again with scripts/build",
        ),
        Err(error) => Finding::bad(
            "program",
            format!("{} cannot be started: {error}", path.display()),
            "build it with scripts/build, or set EDGESOAK_AGENTS to the folder that holds it",
        ),
    }
}

/// How a program ends that is asked for its help; `None` if it does not.
fn ends(path: &Path) -> io::Result<Option<ExitStatus>> {
    let (out, err) = (Stdio::null(), Stdio::null());
    let mut child = Command::new(path).arg("--help").stdin(Stdio::null()).stdout(out).stderr(err).spawn()?;
    let begin = Instant::now();
    while begin.elapsed() < LONGEST_HELP {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        sleep(Duration::from_millis(10));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// The matrix, and for each candidate of the default profile its runner and its artifact.
fn matrix(shared: &Shared, places: &Places) -> Vec<Finding> {
    let plan = match plan::make(shared, &Selection { profile: None, devices: Vec::new(), replicas: None }) {
        Ok(plan) => plan,
        Err(failure) => {
            return vec![Finding::bad("matrix", failure.render(), "`edgesoak plan` shows every problem")];
        }
    };
    let mut findings = vec![Finding::good(
        "matrix",
        format!("{}: profile {}, {} sessions", shared.matrix.display(), plan.profile, plan.sessions.len()),
    )];
    let mut seen = Vec::new();
    for candidate in plan.sessions.iter().map(|session| &session.candidate) {
        if seen.contains(&&candidate.id) {
            continue;
        }
        seen.push(&candidate.id);
        findings.push(program(&places.agents, &format!("edgesoak-{}", candidate.runtime)));
        let path = match &candidate.artifact {
            ArtifactSource::Cache(name) => places.cache.join(name),
            ArtifactSource::Path(path) => shared.matrix.with_file_name(path),
        };
        findings.push(match path.metadata() {
            Ok(facts) => Finding::good("artifact", format!("{}: {} bytes", path.display(), facts.len())),
            Err(error) => Finding::bad(
                "artifact",
                format!("{}: {error}", path.display()),
                "scripts/fetch_model fetches the default model; put any other artifact there yourself",
            ),
        });
    }
    findings
}

/// The commands of the lab's file, and its serial lines. They are looked for, never started: a hook switches things.
fn lab(shared: &Shared) -> Vec<Finding> {
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

fn may_run(path: &Path) -> bool {
    path.metadata().is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

fn database(shared: &Shared) -> Finding {
    let path = shared.database();
    if !path.exists() {
        return Finding::good("database", format!("{} will be made by the first run", path.display()));
    }
    match stored::open_for_reading(shared) {
        Ok(_) => Finding::good("database", format!("{} can be read", path.display())),
        Err(failure) => Finding::bad(
            "database",
            failure.render(),
            "`edgesoak store rebuild` makes it again from the raw journals",
        ),
    }
}

/// A ten-minute session keeps a few megabytes; less than this is asking for trouble.
const LEAST_FREE_BYTES: u64 = 200 << 20;

fn space(out: &Path) -> Finding {
    let existing = out.ancestors().find(|dir| dir.exists()).unwrap_or(Path::new("."));
    match rustix::fs::statvfs(existing).map(|facts| facts.f_bavail.saturating_mul(facts.f_frsize)) {
        Ok(free) if free >= LEAST_FREE_BYTES => {
            Finding::good("disk", format!("{} MiB free for {}", free >> 20, out.display()))
        }
        Ok(free) => Finding::bad(
            "disk",
            format!("only {} MiB free for {}", free >> 20, out.display()),
            "make room, or choose another folder with --out",
        ),
        Err(error) => {
            Finding::bad("disk", format!("{}: {error}", out.display()), "choose another folder with --out")
        }
    }
}

fn clock() -> Finding {
    let now = chrono::Utc::now();
    if now.timestamp() < 1_700_000_000 {
        return Finding::bad("clock", format!("the clock says {now}"), "set the clock; waivers expire by it");
    }
    Finding::good("clock", now.format("%Y-%m-%d %H:%M UTC").to_string())
}

fn document(finding: &Finding) -> Value {
    json!({ "what": finding.what, "good": finding.good, "words": finding.words, "hint": finding.hint })
}

fn lines(finding: &Finding) -> String {
    let mark = if finding.good { "✔" } else { "✖" };
    let hint = finding.hint.map(|hint| format!("            hint: {hint}\n")).unwrap_or_default();
    format!("{mark} {:<9} {}\n{hint}", finding.what, finding.words)
}
