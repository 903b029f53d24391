//! Reads a matrix and the files it includes into one table.

use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::check::{Checker, Names};
use crate::doubled::{self, Doubled};
use crate::language::file::{self, MOST_FILES};
use crate::merge::merge;
use crate::node::{At, Table};
use crate::problem::Problem;
use crate::report::Report;
use crate::shape::Section;
use crate::source::{MAX_BYTES_TOGETHER, Source, Sources, beside};

/// Everything that was read, with all problems so far.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub sources: Sources,
    pub names: Names,
    pub reports: Vec<Report>,
    pub root: Table,
}

/// A file that is being read, and its place among the others.
struct Opening {
    path: PathBuf,
    shown: String,
    short: String,
}

impl Gathered {
    /// Reads the matrix at `path` with everything that it includes.
    pub fn matrix(path: &Path) -> Gathered {
        let mut gathered = Gathered::new();
        let opening = Opening::root(path);
        let mut stack = Vec::new();
        gathered.open(opening, &file::section(), None, &mut stack);
        gathered
    }

    fn new() -> Self {
        Gathered {
            sources: Sources::default(),
            names: Names::default(),
            reports: Vec::new(),
            root: Table::empty(At { file: 0, start: 0, end: 0 }),
        }
    }

    fn open(&mut self, opening: Opening, section: &Section, asked: Option<At>, stack: &mut Vec<PathBuf>) {
        let Opening { path, shown, short } = opening;
        // Two spellings of one path are one file.
        let identity = path.canonicalize().unwrap_or_else(|_| path.clone());
        let Some((index, table)) = self.read(&path, shown, short, section, asked) else { return };
        let included = table.list("include").to_vec();
        merge(section, &mut self.root, table, &mut self.reports);
        stack.push(identity);
        for node in included {
            let (Some(relative), Some(at)) = (node.as_text(), node.at) else { continue };
            self.include(index, &path, relative, at, stack);
        }
        stack.pop();
    }

    fn read(
        &mut self,
        path: &Path,
        shown: String,
        short: String,
        section: &Section,
        asked: Option<At>,
    ) -> Option<(usize, Table)> {
        let source = match Source::read(path, shown, short) {
            Ok(source) => source,
            Err(problem) => {
                self.reports.push(match asked {
                    Some(at) => Report::at(problem, at, "included here"),
                    None => Report::nowhere(problem),
                });
                return None;
            }
        };
        let text = source.text.clone();
        let shown = source.shown.clone();
        let index = self.sources.add(source);
        if let Some(at) = asked.filter(|_| self.sources.bytes() > MAX_BYTES_TOGETHER) {
            let found = self.sources.bytes();
            let problem =
                Problem::TooMany { what: "bytes in all files together", found, limit: MAX_BYTES_TOGETHER };
            self.reports.push(Report::at(problem, at, "more than was left"));
            return None;
        }
        let table = parse(&text, &shown, index, section, &mut self.names, &mut self.reports)?;
        Some((index, table))
    }

    fn include(&mut self, by: usize, by_path: &Path, relative: &str, at: At, stack: &mut Vec<PathBuf>) {
        let folder = by_path.parent().unwrap_or_else(|| Path::new(""));
        let path = beside(folder, relative);
        let beside_text = |text: &str| match text.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{relative}"),
            None => relative.to_owned(),
        };
        let (shown, short) = self
            .sources
            .get(by)
            .map(|source| (beside_text(&source.shown), beside_text(&source.short)))
            .unwrap_or_default();
        let identity = path.canonicalize().unwrap_or_else(|_| path.clone());
        if let Some(start) = stack.iter().position(|open| *open == identity) {
            let path = circle(&stack[start..], &identity);
            self.reports.push(Report::at(Problem::Cycle { key: "include", path }, at, "closes the circle"));
            return;
        }
        if self.sources.len() >= MOST_FILES {
            let problem =
                Problem::TooMany { what: "files", found: self.sources.len() + 1, limit: MOST_FILES };
            self.reports.push(Report::at(problem, at, "one too many"));
            return;
        }
        self.open(Opening { path, shown, short }, &file::included(), Some(at), stack);
    }
}

impl Opening {
    fn root(path: &Path) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Opening { path: path.to_owned(), shown: path.to_string_lossy().into_owned(), short: name }
    }
}

/// Parses and checks one file; `None` when nothing of it can be trusted.
pub(crate) fn parse(
    text: &str,
    shown: &str,
    index: usize,
    section: &Section,
    names: &mut Names,
    reports: &mut Vec<Report>,
) -> Option<Table> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let (doubled, broken): (Vec<_>, Vec<_>) = errors.iter().partition(|error| doubled::is_doubled(error));
    let at = |span: std::ops::Range<usize>| At { file: index, start: span.start, end: span.end };
    for error in &broken {
        let problem = Problem::Syntax { message: error.message().to_owned() };
        reports.push(Report::at(problem, at(error.span().unwrap_or(0..0)), "here"));
    }
    for Doubled { key, again, first } in doubled::explain(text, document.get_ref(), &doubled) {
        let report = Report::at(Problem::KeyTwice { key }, at(again), "set again here");
        reports.push(match first {
            Some(first) => report.and(at(first), "set first here"),
            None => report,
        });
    }
    // What the parser recovers after a doubled key is what the file says; after other errors it is a guess.
    let trusted = broken.is_empty();
    if !trusted {
        return None;
    }
    if document.get_ref().is_empty() {
        reports.push(Report::nowhere(Problem::Empty { path: shown.to_owned() }));
        return None;
    }
    Some(Checker { file: index, names, reports }.document(section, document.get_ref()))
}

/// Names of the files in a circle, the first again at the end.
fn circle(open: &[PathBuf], closing: &Path) -> String {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let names = open.iter().map(|path| name(path)).chain(std::iter::once(name(closing)));
    names.collect::<Vec<_>>().join(" -> ")
}
