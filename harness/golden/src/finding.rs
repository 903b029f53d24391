//! Problems with their places, ready to be shown.

use std::error::Error;
use std::fmt;

use edgesoak_record::nearest::suggest;

use crate::limits::MOST_FINDINGS;
use crate::problem::Problem;

/// One problem and where it is.
#[derive(Debug)]
pub struct Finding {
    /// The file, as a path in the set; empty for the set as a whole.
    pub file: String,
    /// The line, from 1, where one is to blame.
    pub line: Option<u64>,
    /// The column, from 1, in bytes.
    pub column: Option<u64>,
    /// What is wrong.
    pub problem: Box<Problem>,
    /// What may be done about it.
    pub hint: Option<String>,
}

impl Finding {
    /// A problem of a whole file.
    pub(crate) fn of(file: &str, problem: Problem) -> Self {
        Finding { file: file.to_owned(), line: None, column: None, problem: Box::new(problem), hint: None }
    }

    /// A problem of a line.
    pub(crate) fn at(file: &str, line: u64, problem: Problem) -> Self {
        Finding { line: Some(line), ..Finding::of(file, problem) }
    }

    #[must_use]
    pub(crate) fn column(mut self, column: Option<u64>) -> Self {
        self.column = column;
        self
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A name that leads nowhere, with the nearest one that leads somewhere.
    pub(crate) fn unknown<'a>(
        file: &str,
        line: Option<u64>,
        kind: &'static str,
        id: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let hint = suggest(id, known);
        let problem = Problem::Unknown { kind, id: shortened(id) };
        Finding { line, ..Finding::of(file, problem) }.hint(hint)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            f.write_str(&self.file)?;
            for number in [self.line, self.column].into_iter().flatten() {
                write!(f, ":{number}")?;
            }
            f.write_str(": ")?;
        }
        self.problem.fmt(f)
    }
}

impl Error for Finding {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.problem.source()
    }
}

/// Everything that is wrong with a golden set, or with answers to one.
#[derive(Debug)]
pub struct GoldenErrors {
    findings: Vec<Finding>,
}

impl GoldenErrors {
    pub(crate) fn new(mut findings: Vec<Finding>) -> Self {
        let more = findings.len().saturating_sub(MOST_FINDINGS);
        findings.truncate(MOST_FINDINGS);
        if more > 0 {
            findings.push(Finding::of("", Problem::More { more }));
        }
        GoldenErrors { findings }
    }

    /// One per problem: those of the manifest first, then file by file.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whose it is to mend: always `config`.
    #[must_use]
    pub fn whose(&self) -> &'static str {
        "config"
    }

    /// Whether trying again may help: never, the files must change first.
    #[must_use]
    pub fn retry(&self) -> bool {
        false
    }
}

impl From<Finding> for GoldenErrors {
    fn from(finding: Finding) -> Self {
        GoldenErrors { findings: vec![finding] }
    }
}

impl fmt::Display for GoldenErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.findings.len() {
            1 => f.write_str("one thing is wrong"),
            found => write!(f, "{found} things are wrong"),
        }
    }
}

impl Error for GoldenErrors {}

/// A name of the file for a message: nobody reads the rest of a long one.
pub(crate) fn shortened(text: &str) -> String {
    /// Characters that are shown.
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}
