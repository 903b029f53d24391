//! The words of the command line.

use std::ffi::OsString;
use std::num::ParseIntError;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};

use edgesoak_sensors::capture::Kind;

use crate::captured::kind;
use crate::error::AgentError;
use crate::layout::SessionName;
use crate::lease::tenant::Wish;

/// The text of `--help`.
pub const HELP: &str = "\
edgesoak-agent: measures a model on this device

usage: edgesoak-agent COMMAND [--home DIR] [--root DIR] [OPTIONS]

  probe                     what this device is and which sensors it has, as JSON; needs no --home
         [--watch SECONDS]  ... and watch its channels to learn their quality (0 to 60, default 0)
         [--pack-salt TEXT] ... and say which battery pack it has: a digest of its serial number with this salt
  settings                  how this device is set, as JSON; needs no --home
  restore                   undo what a session that died left changed, as JSON
  start  --session R/S      run sessions/R/S/job.json in a process of its own
  follow --session R/S      stream its journal
         [--from SEQ]       ... from this frame on (default 0)
  taken  --session R/S --count N
                            the first N answers are scored and written down: forget them, as JSON
  status --session R/S      does it live, how far is it, as JSON
  stop   --session R/S      end it
         [--patience-ms N]  ... and kill it if it has not ended by then (default 15000)
  sweep  --session R/S      stream what it may have left on this device: its folder, temporary files, logs, crashes
  tenant                    which host and run use this device, and for how long yet, as JSON
         --host H --run R --for-ms N
                            ... let these be it, where it is free; 0 to leave it
         [--evict RUN]      ... or where this run is it
  verify --file REL ...     SHA-256, size and mode of files below the home, one JSON line each
  parse KIND FILE           what a captured output says, as JSON; - is stdin, a folder holds thermal zones
  clock                     the device's clocks as one JSON line per line on stdin
  version                   version of this program

  --home DIR                the agent's own directory; private to its owner
  --root DIR                the system: / (the default), or a folder with a recorded one

example: edgesoak-agent follow --home /data/local/tmp/edgesoak --session r1/s1 --from 120

exit codes: 0 done, 2 usage or a bad job, 3 the session's agent is dead, or keeps no answers, 4 the system or a file failed,
6 no such session, 75 another session runs or another run uses the device
";

/// Longest watch of a probe.
const MAX_WATCH: Duration = Duration::from_mins(1);

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Print the version.
    Version,
    /// Answer with clock readings.
    Clock(Option<PathBuf>),
    /// Describe the device. Without a home there is no space to tell of.
    Probe(Option<PathBuf>, System, Look),
    /// Say how the device under this root is set; a simulated one is found by its home.
    Settings(Option<PathBuf>, System),
    /// Undo what a dead session left changed.
    Restore(Place),
    /// Say what a captured output says.
    Parse(Kind, PathBuf),
    /// Say whose the device is, and make it somebody's.
    Tenant(Place, Option<TenantWish>),
    /// Hash files below the home.
    Verify(Place, Vec<String>),
    /// Something with one session.
    Session(Place, SessionCommand, RunAndSession),
}

/// Where the agent and its operating system lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The agent's own directory.
    pub home: PathBuf,
    /// The system.
    pub root: System,
}

/// The system that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// `/`, or a recorded folder.
    pub root: PathBuf,
    /// Folders of programs to run, divided by colons, where the root is a stand-in for a device and no record.
    pub programs: Option<OsString>,
}

/// How a device is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Its channels are watched for this long.
    pub watch: Duration,
    /// Its battery pack is told by a digest with this salt.
    pub pack_salt: Option<String>,
}

/// What to do with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionCommand {
    /// Run it detached.
    Start,
    /// Run it in this process; `start` does.
    Supervise,
    /// Stream its journal from this frame on.
    Follow(u64),
    /// Forget so many of the first answers.
    Taken(u32),
    /// Say how it is.
    Status,
    /// Stream what it may have left behind.
    Sweep,
    /// End it within this time.
    Stop(Duration),
}

/// A checked wish to be the device's tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantWish(pub(crate) Wish);

/// A checked `RUN/SESSION`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunAndSession(pub(crate) SessionName);

#[derive(Default)]
struct Options {
    home: Option<PathBuf>,
    root: Option<PathBuf>,
    programs: Option<OsString>,
    session: Option<String>,
    from: Option<u64>,
    patience_ms: Option<u64>,
    count: Option<u32>,
    watch_s: Option<u64>,
    pack_salt: Option<String>,
    files: Vec<String>,
    host: Option<String>,
    run: Option<String>,
    for_ms: Option<u64>,
    evict: Option<String>,
    /// What `parse` reads: kind and file.
    capture: Vec<OsString>,
}

/// Reads the arguments, the program's name left out.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, AgentError> {
    let mut parser = Parser::from_args(arguments);
    let mut word = None;
    let mut options = Options::default();
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            Arg::Long("home") => options.home = Some(parser.value().map_err(wrong)?.into()),
            Arg::Long("root") => options.root = Some(parser.value().map_err(wrong)?.into()),
            // For tests: programs that play a device's.
            Arg::Long("programs") => options.programs = Some(parser.value().map_err(wrong)?),
            Arg::Long("watch") => options.watch_s = Some(number(&mut parser)?),
            Arg::Long("pack-salt") => options.pack_salt = Some(text(&mut parser)?),
            Arg::Long("session") => options.session = Some(text(&mut parser)?),
            Arg::Long("from") => options.from = Some(number(&mut parser)?),
            Arg::Long("patience-ms") => options.patience_ms = Some(number(&mut parser)?),
            Arg::Long("count") => options.count = Some(number(&mut parser)?),
            Arg::Long("host") => options.host = Some(text(&mut parser)?),
            Arg::Long("run") => options.run = Some(text(&mut parser)?),
            Arg::Long("for-ms") => options.for_ms = Some(number(&mut parser)?),
            Arg::Long("evict") => options.evict = Some(text(&mut parser)?),
            Arg::Long("file") => {
                options.files.push(text(&mut parser)?);
                while let Some(more) = parser.optional_value() {
                    options.files.push(more.string().map_err(wrong)?);
                }
            }
            Arg::Value(value) if word.is_none() => word = Some(value.string().map_err(wrong)?),
            Arg::Value(value) if word.as_deref() == Some("parse") && options.capture.len() < 2 => {
                options.capture.push(value);
            }
            // `--file A B C`: further values belong to the files.
            Arg::Value(value) if !options.files.is_empty() => {
                options.files.push(value.string().map_err(wrong)?);
            }
            other => return Err(wrong(other.unexpected())),
        }
    }
    options.command(word.as_deref().unwrap_or_default())
}

impl Options {
    fn command(self, word: &str) -> Result<Command, AgentError> {
        let session_command = match word {
            "help" => return Ok(Command::Help),
            "version" => return Ok(Command::Version),
            "clock" => return Ok(Command::Clock(self.home)),
            "probe" => {
                let watch = Duration::from_secs(self.watch_s.unwrap_or(0));
                if watch > MAX_WATCH {
                    return Err(AgentError::ReadingArguments("--watch takes 0 to 60 seconds".to_owned()));
                }
                let look = Look { watch, pack_salt: self.pack_salt.clone() };
                return Ok(Command::Probe(self.home.clone(), self.root(), look));
            }
            "settings" => return Ok(Command::Settings(self.home.clone(), self.root())),
            "restore" => return Ok(Command::Restore(self.place()?)),
            "parse" => {
                let mut capture = self.capture.into_iter();
                let kind = kind(&capture.next().unwrap_or_default().to_string_lossy())?;
                let file = capture.next().ok_or_else(|| missing("a file"))?;
                return Ok(Command::Parse(kind, file.into()));
            }
            "tenant" => return Ok(Command::Tenant(self.place()?, self.wish()?)),
            "verify" if self.files.is_empty() => return Err(missing("--file")),
            "verify" => return Ok(Command::Verify(self.place()?, self.files)),
            "start" => SessionCommand::Start,
            "supervise" => SessionCommand::Supervise,
            "follow" => SessionCommand::Follow(self.from.unwrap_or(0)),
            "taken" => SessionCommand::Taken(self.count.ok_or_else(|| missing("--count"))?),
            "status" => SessionCommand::Status,
            "sweep" => SessionCommand::Sweep,
            "stop" => SessionCommand::Stop(Duration::from_millis(self.patience_ms.unwrap_or(15_000))),
            "" => return Err(missing("a command")),
            other => return Err(AgentError::ReadingArguments(format!("there is no command {other:?}"))),
        };
        let name = SessionName::parse(self.session.as_deref().ok_or_else(|| missing("--session"))?)?;
        Ok(Command::Session(self.place()?, session_command, RunAndSession(name)))
    }

    fn wish(self) -> Result<Option<TenantWish>, AgentError> {
        let Self { host, run, for_ms, evict, .. } = self;
        let Some(host) = host else { return Ok(None) };
        let run = run.ok_or_else(|| missing("--run"))?;
        let stays = Duration::from_millis(for_ms.ok_or_else(|| missing("--for-ms"))?);
        Wish::new(host, run, stays, evict).map(|wish| Some(TenantWish(wish)))
    }

    fn place(&self) -> Result<Place, AgentError> {
        let home = self.home.clone().ok_or_else(|| missing("--home"))?;
        Ok(Place { home, root: self.root() })
    }

    fn root(&self) -> System {
        let root = self.root.clone().unwrap_or_else(|| PathBuf::from("/"));
        System { root, programs: self.programs.clone() }
    }
}

fn text(parser: &mut Parser) -> Result<String, AgentError> {
    parser.value().and_then(ValueExt::string).map_err(wrong)
}

fn number<N: FromStr<Err = ParseIntError>>(parser: &mut Parser) -> Result<N, AgentError> {
    parser.value().and_then(|value| value.parse()).map_err(wrong)
}

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
fn wrong(error: lexopt::Error) -> AgentError {
    AgentError::ReadingArguments(error.to_string())
}

fn missing(what: &str) -> AgentError {
    AgentError::ReadingArguments(format!("{what} is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, AgentError> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn commands_and_their_options() {
        let system = |root: &str| System { root: root.into(), programs: None };
        let place = Place { home: "/h".into(), root: system("/") };
        let name = RunAndSession(SessionName::parse("a/b").expect("a name"));
        let follow = Command::Session(place.clone(), SessionCommand::Follow(7), name);
        assert_eq!(parsed("follow --home /h --session a/b --from 7").expect("good"), follow);
        let verify = Command::Verify(place, vec!["x".into(), "y".into(), "z".into()]);
        assert_eq!(parsed("verify --home /h --file x y --file z").expect("good"), verify);
        let capture = Command::Parse(Kind::Netstats, "-".into());
        assert_eq!(parsed("parse netstats -").expect("good"), capture);
        let probe = |home: Option<&str>, seconds| {
            let look = Look { watch: Duration::from_secs(seconds), pack_salt: None };
            Command::Probe(home.map(PathBuf::from), system("/"), look)
        };
        assert_eq!(parsed("probe").expect("good"), probe(None, 0));
        assert_eq!(parsed("probe --home /h --watch 60").expect("good"), probe(Some("/h"), 60));
        let salted = Look { pack_salt: Some("ab12".to_owned()), ..Look::default() };
        assert_eq!(
            parsed("probe --pack-salt ab12").expect("good"),
            Command::Probe(None, system("/"), salted)
        );
        assert_eq!(parsed("settings --root /t").expect("good"), Command::Settings(None, system("/t")));
        let recorded = Place { home: "/h".into(), root: system("/t") };
        assert_eq!(parsed("restore --home /h --root /t").expect("good"), Command::Restore(recorded));
        assert_eq!(parsed("start --help").expect("good"), Command::Help);
    }

    #[test]
    fn nonsense_is_a_usage_error() {
        for line in [
            "",
            "dance",
            "probe --watch 61",
            "probe --system-root /",
            "probe --root /t more",
            "restore --root /t",
            "start --home /h",
            "start --root / --session a/b",
            "start --home /h --session ../x",
            "follow --home /h --session a/b --from x",
            "taken --home /h --session a/b",
            "taken --home /h --session a/b --count 4294967296",
            "verify --home /h",
            "tenant",
            "tenant --home /h --host h",
            "tenant --home /h --host h --run r",
            "tenant --home /h --host h --run r --for-ms 86400001",
            "parse netstats",
            "parse weather x",
            "parse netstats x y",
        ] {
            assert_eq!(parsed(line).expect_err(line).exit_code(), 2, "{line}");
        }
    }
}
