//! The arguments of `adbd`, which every level of a phone gets.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use super::error::InsideError;
use super::variant::Variant;
use crate::adbd::LinkFault;
use crate::face::is_android;
use crate::profile::Profile;
use crate::serve;

/// A phone to attach.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Its body and its surroundings.
    pub phone: serve::Options,
    /// What is particular about it.
    pub variant: Variant,
    /// Where it listens; 0 is any free port.
    pub port: u16,
    /// Where its data stays; without one, it goes with the phone.
    pub dir: Option<PathBuf>,
    /// What befalls its link from the start.
    pub link: Vec<String>,
    /// A command of its shell to run instead of serving ADB.
    pub run: Option<String>,
}

/// What stands on the command line behind the word; none where help is asked for.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Options>, InsideError> {
    let mut parser = Parser::from_args(arguments);
    let (mut phone, mut variant, mut port) = (serve::Options::new(), Variant::Current, None);
    let (mut dir, mut link, mut run) = (None, Vec::new(), None);
    while let Some(argument) = parser.next().map_err(serve::wrong)? {
        let name = match argument {
            Arg::Short('h') => return Ok(None),
            Arg::Long(name) => name.to_owned(),
            other => return Err(serve::wrong(other.unexpected()).into()),
        };
        let text = |parser: &mut Parser| parser.value().and_then(ValueExt::string).map_err(serve::wrong);
        match name.as_str() {
            "help" => return Ok(None),
            "phone" => variant = Variant::find(&text(&mut parser)?).map_err(InsideError::ReadingArguments)?,
            "port" => port = Some(parser.value().and_then(|value| value.parse()).map_err(serve::wrong)?),
            "dir" => dir = Some(PathBuf::from(parser.value().map_err(serve::wrong)?)),
            "link" => link.push(fault(text(&mut parser)?)?),
            "run" => run = Some(text(&mut parser)?),
            _ if phone.take(&name, &mut parser)? => {}
            _ => return Err(serve::wrong(Arg::Long(&name).unexpected()).into()),
        }
    }
    phone.check()?;
    if !is_android(&Profile::built_in(&phone.profile)?) {
        let problem = format!("{} has no ADB; `serve` lets it live", phone.profile);
        return Err(InsideError::ReadingArguments(problem));
    }
    let port = match (port, &run) {
        (Some(port), _) => port,
        (None, Some(_)) => 0,
        (None, None) => return Err(InsideError::ReadingArguments("--port is missing".to_owned())),
    };
    Ok(Some(Options { phone, variant, port, dir, link, run }))
}

fn fault(words: String) -> Result<String, InsideError> {
    match words.parse::<LinkFault>() {
        Ok(_) => Ok(words),
        Err(error) => Err(InsideError::ReadingArguments(error.to_string())),
    }
}

impl Options {
    /// The words that make these options.
    pub(super) fn words(&self) -> Vec<OsString> {
        let phone = &self.phone;
        let celsius = phone.surroundings.ambient.0;
        let mut words = vec![
            ("--profile", phone.profile.clone()),
            ("--seed", phone.seed.to_string()),
            ("--ambient", celsius.to_string()),
            ("--speed", phone.speed.to_string()),
            ("--phone", self.variant.name().to_owned()),
            ("--port", self.port.to_string()),
        ];
        words.extend(phone.faults.iter().map(|fault| ("--fault", fault.clone())));
        words.extend(self.link.iter().map(|fault| ("--link", fault.clone())));
        words.extend(self.run.iter().map(|run| ("--run", run.clone())));
        let mut words: Vec<OsString> =
            words.into_iter().map(|(name, value)| format!("{name}={value}").into()).collect();
        if let Some(dir) = &self.dir {
            words.extend([OsString::from("--dir"), dir.into()]);
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Option<Options>, InsideError> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_level_is_told_the_same() {
        let line = "--port 7001 --profile tensor-phone --seed 3 --ambient -5 --phone old --fault hot-start \
                    --fault charger@5s --speed 2 --link drop --dir /d";
        let options = parsed(line).expect("right").expect("no help");
        assert_eq!(
            (options.port, options.variant, options.dir.clone()),
            (7001, Variant::Old, Some("/d".into()))
        );
        assert_eq!(parse(options.words()).expect("right").expect("no help"), options);
        let run =
            Options { link: vec!["stall 3".to_owned()], run: Some("--echo 'a b'".to_owned()), ..options };
        assert_eq!(parse(run.words()).expect("right").expect("no help"), run);
        assert_eq!(parsed("--help").expect("right"), None);
    }

    #[test]
    fn nonsense_is_refused() {
        for (line, part) in [
            ("", "--profile is missing"),
            ("--profile tensor-phone", "--port is missing"),
            ("--profile tensor-phon --port 1", "is it tensor-phone?"),
            ("--profile pi-board --port 1", "no ADB"),
            ("--profile iphone-class --port 1", "no ADB"),
            ("--profile tensor-phone --port 70000", "70000"),
            ("--profile tensor-phone --port 1 --phone new", "--phone knows no new"),
            ("--profile tensor-phone --port 1 --link cut", "reading the link fault"),
            ("--profile tensor-phone --port 1 --moon", "--moon"),
            ("--profile tensor-phone --port 1 x", "x"),
        ] {
            let error = parsed(line).expect_err(line);
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            assert!(format!("{error}: {source}").contains(part), "{line}: {error}: {source}");
            assert_eq!((error.exit_code(), error.whose(), error.retry()), (2, "config", false), "{line}");
        }
    }
}
