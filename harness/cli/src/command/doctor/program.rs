//! Whether programs of ours start.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::finding::Finding;

/// A program that needs longer to print its help never will.
const LONGEST_HELP: Duration = Duration::from_secs(5);

/// Whether a program starts at all: every program of ours, and every runner, answers `--help`.
pub fn starts(agents: &Path, name: &str) -> Finding {
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
    ended(&mut Command::new(path).arg("--help").stdin(Stdio::null()).stdout(out).stderr(err).spawn()?)
}

/// How a child ends; one that does not is killed.
pub fn ended(child: &mut Child) -> io::Result<Option<ExitStatus>> {
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

/// Whether a file is a program.
pub fn may_run(path: &Path) -> bool {
    path.metadata().is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}
