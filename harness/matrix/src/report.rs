//! Problems with their places, ready to be shown.

use std::error::Error;
use std::fmt;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::node::At;
use crate::problem::Problem;
use crate::source::Sources;

/// Most problems that are shown at once.
const MOST: usize = 100;
/// Problems that are worth a search for what was meant; a file with more is no matrix.
pub(crate) const WORTH_HELPING: usize = 1000;

/// A problem and where it is, while a file is being checked.
#[derive(Debug)]
pub(crate) struct Report {
    pub problem: Problem,
    pub at: Option<At>,
    pub label: String,
    pub help: Option<String>,
    /// A second place, such as the first definition of a duplicate.
    pub other: Option<(At, String)>,
}

impl Report {
    /// A problem of the files as a whole or of the command line.
    pub fn nowhere(problem: Problem) -> Self {
        Report { problem, at: None, label: String::new(), help: None, other: None }
    }

    pub fn at(problem: Problem, at: At, label: impl Into<String>) -> Self {
        Report { problem, at: Some(at), label: label.into(), help: None, other: None }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    #[must_use]
    pub fn and(mut self, at: At, label: impl Into<String>) -> Self {
        self.other = Some((at, label.into()));
        self
    }
}

/// One problem, with the lines of the file it is in.
#[derive(Debug)]
pub struct Finding {
    problem: Problem,
    file: Option<NamedSource<std::sync::Arc<str>>>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
}

impl Finding {
    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    fn new(report: Report, sources: &Sources) -> Self {
        let Report { problem, at, label, mut help, other } = report;
        let source = at.and_then(|at| sources.get(at.file));
        let mut labels = Vec::new();
        if let Some(at) = at.filter(|_| source.is_some()) {
            let label = Some(label).filter(|text| !text.is_empty());
            labels.push(LabeledSpan::new_primary_with_span(label, (at.start, at.end - at.start)));
        }
        if let Some((second, text)) = other {
            // A snippet shows one file; a place in another file is told in words.
            if at.is_some_and(|at| at.file == second.file) {
                labels
                    .push(LabeledSpan::new_with_span(Some(text), (second.start, second.end - second.start)));
            } else {
                let told = format!("{text}: {}", sources.line(second.file, second.start));
                help = Some(help.map_or(told.clone(), |help| format!("{help}\n{told}")));
            }
        }
        let file = source.map(|source| NamedSource::new(&source.shown, source.display.clone()));
        Finding { problem, file, labels, help }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl Error for Finding {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.problem.source()
    }
}

impl Diagnostic for Finding {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("matrix::{}", self.problem.code())))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.as_ref().map(|file| file as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.labels.is_empty() { None } else { Some(Box::new(self.labels.iter().cloned())) }
    }
}

/// Everything that is wrong with a matrix, its lab file or what was asked of them.
#[derive(Debug)]
pub struct MatrixErrors {
    matrix: String,
    findings: Vec<Finding>,
}

impl MatrixErrors {
    pub(crate) fn new(matrix: String, mut reports: Vec<Report>, sources: &Sources) -> Self {
        reports.sort_by_key(|report| report.at.map(|at| (at.file, at.start)));
        let more = reports.len().saturating_sub(MOST);
        reports.truncate(MOST);
        if more > 0 {
            reports.push(Report::nowhere(Problem::More { more }));
        }
        let findings = reports.into_iter().map(|report| Finding::new(report, sources)).collect();
        MatrixErrors { matrix, findings }
    }

    /// One per problem, in the order of the files.
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

impl fmt::Display for MatrixErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.findings.len() {
            1 => write!(f, "{} has 1 problem", self.matrix),
            n => write!(f, "{} has {n} problems", self.matrix),
        }
    }
}

impl Error for MatrixErrors {}

impl Diagnostic for MatrixErrors {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.findings.iter().map(|finding| finding as &dyn Diagnostic)))
    }
}
