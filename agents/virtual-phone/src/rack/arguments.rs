//! The arguments of `rack`.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use super::error::RackError;

/// Most phones of a rack.
const MOST: u16 = 40;

/// A rack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many phones.
    pub phones: u16,
    /// Where the first one listens; the others follow.
    pub first_port: u16,
    /// The adb server that is to connect to them.
    pub server: Option<String>,
    /// Whether they are hard to cope with, each in its own way.
    pub is_difficult: bool,
    /// Where their data stays.
    pub dir: Option<PathBuf>,
}

/// What stands on the command line behind the word; none where help is asked for.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Options>, RackError> {
    let mut parser = Parser::from_args(arguments);
    let mut options = Options { phones: 6, first_port: 7001, server: None, is_difficult: false, dir: None };
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("phones") => options.phones = number(&mut parser)?,
            Arg::Long("first-port") => options.first_port = number(&mut parser)?,
            Arg::Long("server") => {
                options.server = Some(parser.value().and_then(ValueExt::string).map_err(wrong)?);
            }
            Arg::Long("difficult") => options.is_difficult = true,
            Arg::Long("dir") => options.dir = Some(PathBuf::from(parser.value().map_err(wrong)?)),
            other => return Err(wrong(other.unexpected())),
        }
    }
    if !(1..=MOST).contains(&options.phones) {
        return Err(RackError::ReadingArguments(format!("--phones takes 1 to {MOST}")));
    }
    if options.first_port == 0 || options.first_port.checked_add(options.phones - 1).is_none() {
        return Err(RackError::ReadingArguments("--first-port leaves no room for the phones".to_owned()));
    }
    Ok(Some(options))
}

fn number(parser: &mut Parser) -> Result<u16, RackError> {
    parser.value().and_then(|value| value.parse()).map_err(wrong)
}

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
fn wrong(error: lexopt::Error) -> RackError {
    RackError::ReadingArguments(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Option<Options>, RackError> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn a_rack_of_six_is_usual() {
        let options = parsed("").expect("right").expect("no help");
        assert_eq!((options.phones, options.first_port, options.is_difficult), (6, 7001, false));
        let options = parsed("--phones 2 --first-port 9000 --server localhost:5037 --difficult --dir /d");
        let options = options.expect("right").expect("no help");
        assert_eq!((options.phones, options.first_port, options.is_difficult), (2, 9000, true));
        assert_eq!((options.server.as_deref(), options.dir), (Some("localhost:5037"), Some("/d".into())));
        assert_eq!(parsed("-h").expect("right"), None);
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [
            "--phones 0",
            "--phones 41",
            "--phones -1",
            "--first-port 0",
            "--first-port 65535",
            "x",
            "--moon",
        ] {
            assert_eq!(parsed(line).expect_err(line).exit_code(), 2, "{line}");
        }
    }
}
