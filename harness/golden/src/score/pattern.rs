//! `regex`: a pattern matches somewhere in the plain form of the answer.

use regex::{Regex, RegexBuilder};

use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};

/// Most bytes of a compiled pattern and of the states made while it runs.
const LARGEST: usize = 1 << 20;

const NAME: &str = "regex";

#[derive(Debug)]
pub(crate) struct Pattern {
    regex: Regex,
}

impl Pattern {
    pub(crate) fn prepare(pattern: &str) -> Result<Self, Unfit> {
        unfit::text(NAME, pattern)?;
        let regex = compile(pattern).map_err(|why| Unfit::new(NAME, why))?;
        if regex.is_match("") {
            return Err(Unfit::new(NAME, "matches an empty answer, so it matches every answer"));
        }
        Ok(Self { regex })
    }
}

/// A pattern whose size is bounded; matching is linear in the text whatever it says.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(pattern).size_limit(LARGEST).dfa_size_limit(LARGEST).nest_limit(32).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "is a pattern that grows too large".to_owned(),
        other => format!(
            "is no pattern: {}",
            other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ")
        ),
    })
}

impl Rule for Pattern {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let matched = self.regex.is_match(reading.plain());
        Finding::holds(matched, if matched { "the pattern matches" } else { "the pattern matches nowhere" })
    }
}
