//! What can be wrong with a profile, a candidate or surroundings. Bodies themselves do not fail.

use thiserror::Error;

/// Why no body could be built.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PhoneError {
    /// No profile of this name comes with the product.
    #[error("finding the profile {name}{}", hinted(hint.as_deref()))]
    FindingProfile {
        /// The name.
        name: String,
        /// The nearest name that exists.
        hint: Option<String>,
    },
    /// The text is no TOML of the expected shape.
    #[error("reading {file}, line {line}: {problem}{}", hinted(hint.as_deref()))]
    ReadingProfile {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What was found there.
        problem: String,
        /// The nearest key that exists.
        hint: Option<String>,
    },
    /// A value makes no sense.
    #[error("checking {file}: {key} {problem}{}", hinted(hint.as_deref()))]
    CheckingProfile {
        /// The file.
        file: String,
        /// The key, such as `cluster.big.points`.
        key: String,
        /// What is wrong with it.
        problem: String,
        /// The nearest name that exists.
        hint: Option<String>,
    },
    /// The artifact is no described model.
    #[error("reading the model {file}, line {line}: {problem}{}", hinted(hint.as_deref()))]
    ReadingModel {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What was found there.
        problem: String,
        /// The nearest key that exists.
        hint: Option<String>,
    },
    /// A candidate cannot run on this device, or is no candidate.
    #[error("placing the candidate: {0}")]
    PlacingCandidate(String),
    /// The words of a fault cannot be understood.
    #[error("planting the fault {words:?}: {problem}{}", hinted(hint.as_deref()))]
    ReadingFault {
        /// The words, cut where they are long.
        words: String,
        /// What is wrong with them.
        problem: String,
        /// The nearest fault that exists.
        hint: Option<String>,
    },
    /// The journal of a recording cannot be written.
    #[error("writing the journal of a recording")]
    WritingJournal(#[source] std::io::Error),
    /// Surroundings outside of what a body is modelled for.
    #[error("setting the surroundings: {0}")]
    SettingSurroundings(String),
}

impl PhoneError {
    pub(crate) fn unknown_profile<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        Self::FindingProfile { name: name.to_owned(), hint: nearest(name, known) }
    }

    /// Whose fault it is; no device and no lab is involved.
    #[must_use]
    pub const fn whose(&self) -> &'static str {
        "config"
    }

    /// Whether another try may do: the same text fails the same way.
    #[must_use]
    pub const fn retry(&self) -> bool {
        false
    }
}

/// The known name nearest to a misspelt one, if any is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}

/// "unknown field `a`, expected one of `b`, `c`": the one of `b`, `c` that is nearest to `a`.
pub(crate) fn nearest_key(problem: &str) -> Option<String> {
    let mut quoted = problem.split('`').skip(1).step_by(2);
    let unknown = quoted.next().filter(|_| problem.starts_with("unknown"))?;
    nearest(unknown, quoted)
}

/// The line of an error in a text, from 1.
pub(crate) fn line_of(text: &str, error: &toml::de::Error) -> usize {
    let begin = error.span().map_or(0, |span| span.start);
    1 + text.get(..begin).unwrap_or_default().matches('\n').count()
}

fn hinted(hint: Option<&str>) -> String {
    hint.map(|hint| format!(" (is it {hint}?)")).unwrap_or_default()
}
