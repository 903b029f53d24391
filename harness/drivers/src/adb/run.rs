//! Commands that run to their end.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::call::{Call, Heard, Trouble};
use super::link::Link;
use super::root::ROOT;
use super::script::{ABSENT, DENIED, Mark, Script, Stdin};
use super::server::in_words;
use super::spoken::{End, Said};
use crate::argv::Argv;
use crate::driver::Output;
use crate::error::DriverError;

/// What is kept of standard output, bytes.
const MAX_STDOUT: usize = 8 << 20;
/// How often a harmless script is tried again after its link was lost.
pub(super) const TRIES: u32 = 6;
pub(super) const PAUSE: Duration = Duration::from_millis(300);
/// How long a device may take to kill what ran over its deadline.
const KILL: Duration = Duration::from_secs(5);

/// What a finished command printed.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) output: Vec<u8>,
    pub(super) truncated: bool,
    pub(super) end: End,
}

impl Ran {
    /// The last of what it said, for a sentence.
    pub(super) fn last_words(&self) -> String {
        let text = String::from_utf8_lossy(&self.output);
        in_words(text.trim_end().lines().next_back().unwrap_or_default())
    }

    pub(super) fn succeeded(&self) -> bool {
        self.end.exit_code() == Some(0)
    }

    /// The error of a script that failed at a file.
    pub(super) fn blame(&self, doing: &'static str, path: &str) -> DriverError {
        let text = String::from_utf8_lossy(&self.output);
        // What went wrong first may not be what was said last.
        let known = text.lines().find_map(|line| {
            let (_, kind) = KINDS.iter().find(|(known, _)| line.contains(known))?;
            Some((in_words(line), *kind))
        });
        let (words, kind) = known.unwrap_or_else(|| (self.last_words(), io::ErrorKind::Other));
        let words = if words.is_empty() { format!("code {}", in_words(&self.end.code)) } else { words };
        DriverError::DeviceFile { doing, path: path.to_owned(), source: io::Error::new(kind, words) }
    }
}

/// What shells and their programs say, and what it means.
const KINDS: &[(&str, io::ErrorKind)] = &[
    ("No space left", io::ErrorKind::StorageFull),
    ("quota exceeded", io::ErrorKind::QuotaExceeded),
    ("No such file", io::ErrorKind::NotFound),
    ("Permission denied", io::ErrorKind::PermissionDenied),
    ("Read-only file system", io::ErrorKind::ReadOnlyFilesystem),
    ("Not a directory", io::ErrorKind::NotADirectory),
    ("Is a directory", io::ErrorKind::IsADirectory),
];

/// Runs lines of shell that may run twice; as often as it takes, until the deadline.
pub(super) async fn lines(
    link: &Link,
    doing: &'static str,
    body: &str,
    deadline: Duration,
) -> Result<Ran, DriverError> {
    let until = Instant::now() + deadline;
    let mut tries = 0;
    loop {
        link.mend(until).await?;
        let once = async {
            let (mark, script) = prepared(body)?;
            let call = link.call(&mark, script, None).await;
            match call {
                Ok(mut call) => to_the_end(&mut call).await.map_err(|trouble| link.blame(trouble)),
                Err(trouble) => Err(link.blame(trouble)),
            }
        };
        let Ok(ran) = timeout_at(until, once).await else {
            link.distrust();
            return Err(DriverError::DeadlinePassed { doing: doing.to_owned(), after: deadline });
        };
        tries += 1;
        match ran {
            Err(error) if error.retry() && tries < TRIES => sleep(PAUSE).await,
            other => return other,
        }
    }
}

fn prepared(body: &str) -> Result<(Mark, Script), DriverError> {
    let prepared =
        Mark::random().and_then(|mark| Ok((mark.clone(), Script::lines(&mark, body, Stdin::Empty)?)));
    prepared.map_err(|source| DriverError::StartingWorker { source })
}

/// Everything that comes, its beginning kept.
pub(super) async fn to_the_end(call: &mut Call) -> Result<Ran, Trouble> {
    let (mut output, mut truncated) = (Vec::new(), false);
    loop {
        match call.next().await? {
            Heard::Said(Said::Output(bytes)) => {
                let room = (MAX_STDOUT - output.len()).min(bytes.len());
                output.extend_from_slice(&bytes[..room]);
                truncated |= room < bytes.len();
            }
            Heard::Said(Said::Ended(end)) => return Ok(Ran { output, truncated, end }),
            Heard::Said(Said::Began(_)) | Heard::Sent(_) => {}
        }
    }
}

/// Runs a program. It runs once, whatever happens to the link; only what the server refused to start is tried again.
pub(super) async fn exec(link: &Arc<Link>, argv: &Argv, deadline: Duration) -> Result<Output, DriverError> {
    let until = Instant::now() + deadline;
    loop {
        link.mend(until).await?;
        let error = match timeout_at(until, once(link, argv)).await {
            Err(_) => {
                link.distrust();
                let doing = format!("running {}", argv.program());
                return Err(DriverError::DeadlinePassed { doing, after: deadline });
            }
            Ok(Ok(ran)) => return finished(argv, ran),
            Ok(Err(Attempt::Program(error))) => return Err(error),
            Ok(Err(Attempt::Link(trouble))) => {
                let again = matches!(trouble, Trouble::Refused(_)) && Instant::now() + PAUSE < until;
                (link.blame(trouble), again)
            }
        };
        match error {
            (_, true) => sleep(PAUSE).await,
            (error, false) => return Err(error),
        }
    }
}

enum Attempt {
    Link(Trouble),
    Program(DriverError),
}

async fn once(link: &Arc<Link>, argv: &Argv) -> Result<Ran, Attempt> {
    let blame = |source| Attempt::Program(program_error("starting", argv, source));
    let mark = Mark::random().map_err(blame)?;
    let script = Script::program(&mark, ROOT, argv, Stdin::Empty).map_err(blame)?;
    let call = link.call(&mark, script, None).await.map_err(Attempt::Link)?;
    let mut running = Running { link: link.clone(), mark, call, unfinished: true };
    let ran = to_the_end(&mut running.call).await;
    // A lost link is no reason to kill what may have done its work.
    running.unfinished = false;
    ran.map_err(Attempt::Link)
}

/// A command whose deadline may pass, or whose caller may go away: then it is killed on the device.
pub(super) struct Running {
    pub(super) link: Arc<Link>,
    pub(super) mark: Mark,
    pub(super) call: Call,
    pub(super) unfinished: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        let (true, Some(pid)) = (self.unfinished, self.call.pid) else { return };
        let (link, body) = (self.link.clone(), Script::killing(&self.mark, pid));
        // Without a runtime nobody can be told, as when the whole host ends.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                // A device that does not even take this is found and cleaned when it is next attached.
                let _ = timeout(KILL, lines(&link, "killing", &body, KILL)).await;
            });
        }
    }
}

/// The outcome of a program, or why there was none.
fn finished(argv: &Argv, ran: Ran) -> Result<Output, DriverError> {
    never_started(argv, &ran.end)?;
    Ok(Output {
        code: ran.end.exit_code(),
        signal: ran.end.signal(),
        stdout: ran.output,
        truncated: ran.truncated || ran.end.truncated,
        stderr: ran.end.stderr,
    })
}

/// The words of a script that did not get to its program.
pub(super) fn never_started(argv: &Argv, end: &End) -> Result<(), DriverError> {
    let kind = match end.code.as_str() {
        ABSENT => io::ErrorKind::NotFound,
        DENIED => io::ErrorKind::PermissionDenied,
        code if code.parse::<u32>().is_ok() => return Ok(()),
        _ => {
            let source = io::Error::new(io::ErrorKind::NotFound, format!("there is no {ROOT}"));
            return Err(program_error("starting", argv, source));
        }
    };
    Err(program_error("starting", argv, kind.into()))
}

pub(super) fn program_error(doing: &'static str, argv: &Argv, source: io::Error) -> DriverError {
    DriverError::Program { doing, program: argv.program().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_tells_why_is_quoted_wherever_it_stands() {
        let blamed = |text: &str| {
            let end = End { code: "1".to_owned(), stderr: Vec::new(), truncated: false };
            Ran { output: text.as_bytes().to_vec(), truncated: false, end }.blame("writing", "store/m")
        };
        let full = blamed("tee: write error: No space left on device\nsomething else\n");
        assert!(full.disk_full(), "{full:?}");
        let other = blamed("WARNING: linker\nsomething else\n");
        assert!(
            matches!(&other, DriverError::DeviceFile { source, .. } if source.to_string() == "something else"),
            "{other:?}"
        );
    }
}
