//! The arguments of `serve` and `runner`.

use std::ffi::OsString;
use std::path::PathBuf;

use edgesoak_protocol::units::Celsius;
use lexopt::{Arg, Parser, ValueExt};

use super::error::ServeError;
use crate::body::surroundings::Surroundings;

/// Slowest and fastest time.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=200.0;

/// What is served.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Name of a built-in profile.
    pub profile: String,
    /// Which unit of its kind; 0 is the nominal one.
    pub seed: u64,
    /// Air, and how it starts.
    pub surroundings: Surroundings,
    /// Words of faults.
    pub faults: Vec<String>,
    /// Seconds of the phone in a second of this machine.
    pub speed: f64,
    /// The folder to serve in; empty, or not there yet.
    pub dir: PathBuf,
    /// Where a runner's `/` is, as the phone sees it: `/`, but for a runner inside of a root of its own.
    pub files: PathBuf,
    /// What the runner's processor is, where the phone tells who asks over ADB.
    pub abi: Option<String>,
}

impl Options {
    /// A phone in a room, of no kind yet.
    pub(crate) fn new() -> Self {
        Self {
            profile: String::new(),
            seed: 0,
            surroundings: Surroundings::ROOM,
            faults: Vec::new(),
            speed: 1.0,
            dir: PathBuf::new(),
            files: PathBuf::from("/"),
            abi: None,
        }
    }

    /// Takes an option of this name, if it is one of a phone.
    pub(crate) fn take(&mut self, name: &str, parser: &mut Parser) -> Result<bool, ServeError> {
        match name {
            "profile" => self.profile = text(parser)?,
            "seed" => self.seed = number(parser)?,
            "ambient" => {
                // It has lain there for long.
                self.surroundings.ambient = Celsius(number(parser)?);
                self.surroundings.start = self.surroundings.ambient;
            }
            "fault" => self.faults.push(text(parser)?),
            "speed" => self.speed = number(parser)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Refuses what makes no phone.
    pub(crate) fn check(&self) -> Result<(), ServeError> {
        if !SPEEDS.contains(&self.speed) {
            let (least, most) = (SPEEDS.start(), SPEEDS.end());
            return Err(ServeError::ReadingArguments(format!("--speed takes {least} to {most}")));
        }
        self.surroundings.check()?;
        if self.profile.is_empty() { Err(missing("--profile")) } else { Ok(()) }
    }
}

/// Which phone a runner belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunnerOptions {
    /// The folder in which it is served.
    pub phone: PathBuf,
}

/// What stands on the command line of `serve`, behind the word; none where help is asked for.
pub(super) fn serve(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Options>, ServeError> {
    let mut parser = Parser::from_args(arguments);
    let (mut options, mut dir) = (Options::new(), None);
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long(name) => {
                let name = name.to_owned();
                if !options.take(&name, &mut parser)? {
                    return Err(wrong(Arg::Long(&name).unexpected()));
                }
            }
            Arg::Value(value) if dir.is_none() => dir = Some(PathBuf::from(value)),
            other @ (Arg::Short(_) | Arg::Value(_)) => return Err(wrong(other.unexpected())),
        }
    }
    options.check()?;
    options.dir = dir.ok_or_else(|| missing("a folder"))?;
    Ok(Some(options))
}

/// What stands on the command line of `runner`, behind the word; none where help is asked for.
pub(super) fn runner(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Option<RunnerOptions>, ServeError> {
    let mut parser = Parser::from_args(arguments);
    let mut phone = None;
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("phone") => phone = Some(PathBuf::from(parser.value().map_err(wrong)?)),
            other => return Err(wrong(other.unexpected())),
        }
    }
    Ok(Some(RunnerOptions { phone: phone.ok_or_else(|| missing("--phone"))? }))
}

fn text(parser: &mut Parser) -> Result<String, ServeError> {
    parser.value().and_then(ValueExt::string).map_err(wrong)
}

fn number<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    parser: &mut Parser,
) -> Result<T, ServeError> {
    parser.value().and_then(|value| value.parse()).map_err(wrong)
}

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(crate) fn wrong(error: lexopt::Error) -> ServeError {
    ServeError::ReadingArguments(error.to_string())
}

fn missing(what: &str) -> ServeError {
    ServeError::ReadingArguments(format!("{what} is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Option<Options>, ServeError> {
        serve(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_option_has_its_effect() {
        let line =
            "--profile pi-board --seed 3 --ambient 28.5 --fault hot-start --fault charger@5s --speed 20 /d";
        let options = parsed(line).expect("right").expect("no help");
        assert_eq!((options.profile.as_str(), options.seed, options.dir), ("pi-board", 3, "/d".into()));
        assert_eq!(
            (options.surroundings.ambient, options.surroundings.start),
            (Celsius(28.5), Celsius(28.5))
        );
        assert_eq!(options.faults, ["hot-start", "charger@5s"]);
        assert!((options.speed - 20.0).abs() < f64::EPSILON);
        assert_eq!(parsed("--help").expect("right"), None);
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [
            "",
            "/d",
            "--profile x",
            "--profile x --speed 0 /d",
            "--profile x --speed NaN /d",
            "--profile x --ambient 300 /d",
            "--profile x --seed -1 /d",
            "--profile x /d /e",
            "--moon",
        ] {
            assert_eq!(parsed(line).expect_err(line).exit_code(), 2, "{line}");
        }
        assert!(runner(Vec::new()).is_err());
        assert_eq!(
            runner(["--phone".into(), "/d".into()]).expect("right").expect("no help").phone,
            PathBuf::from("/d")
        );
    }
}
