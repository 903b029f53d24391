//! When nothing is answered, and what is said then.

use lexopt::prelude::*;

pub const HELP: &str = "\
Speaks the runner protocol on stdin and stdout and looks answers up; no model is computed.

    edgesoak-lookup-runner [OPTIONS]

The artifact is a file of JSON lines: documents `{\"id\", \"title\", \"text\"}`, answered from by their best sentence with
its citation, or examples `{\"id\", \"text\", \"answer\"}`, answered by the label of the nearest one.

    --least-share N      the part of what the words of a question could score (0 to 1) under which it is not
                         answered (0.18)
    --otherwise TEXT     what is said then (I do not know: no document answers this.)
";

/// Everything that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Least share of the score that the words of a question could reach.
    pub least_share: f64,
    /// What is said where nothing reaches it.
    pub otherwise: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { least_share: 0.18, otherwise: "I do not know: no document answers this.".to_owned() }
    }
}

/// The options on a command line, or `None` if help was asked for.
pub fn parse(mut parser: lexopt::Parser) -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("least-share") => options.least_share = parser.value()?.parse_with(share)?,
            Long("otherwise") => options.otherwise = parser.value()?.string()?,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Some(options))
}

fn share(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or("not a part of one, such as 0.2")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_parts_of_one() {
        let parsed = |args: &[&str]| parse(lexopt::Parser::from_args(args));
        let chosen = parsed(&["--least-share", "0.3", "--otherwise", "other"]).expect("valid");
        assert_eq!(chosen, Some(Options { least_share: 0.3, otherwise: "other".to_owned() }));
        assert_eq!(parsed(&["--help"]).expect("valid"), None);
        for wrong in ["1.5", "-1", "NaN", "half"] {
            assert!(parsed(&["--least-share", wrong]).is_err(), "{wrong}");
        }
        assert!(parsed(&["--sing"]).is_err());
    }
}
