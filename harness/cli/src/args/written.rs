//! What is written for people and for machines that build.

use std::path::PathBuf;

use clap::{ArgAction, ValueEnum};

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportKind {
    /// One self-contained page
    Html,
    /// JUnit XML: a suite per device, route and candidate, a case per gate
    Junit,
    /// Markdown, for the summary of a job or a comment on a change
    Markdown,
    /// Workflow commands of GitHub: what did not pass, beside the change
    Annotations,
    /// OpenMetrics text, for metrics reports of GitLab and for Prometheus
    Openmetrics,
    /// Bencher Metric Format, JSON
    Bencher,
    /// Benchmark entries, JSON: figures of which more is better
    Bigger,
    /// Benchmark entries, JSON: figures of which less is better
    Smaller,
}

/// What a stored run, or a comparison, is written as.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Kinds {
    /// What is written; can be given several times
    #[arg(long = "as", value_name = "KIND", value_enum, action = ArgAction::Append)]
    pub kinds: Vec<ReportKind>,
    /// Where the first, the second ... of them is written, `-` for stdout [default: report.html, junit.xml, ... in the
    /// run's folder, or of a comparison in OUT/comparison]
    #[arg(long = "output", value_name = "FILE", action = ArgAction::Append)]
    pub places: Vec<PathBuf>,
}

/// What is written beside a verdict.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Outputs {
    /// Write JUnit XML too; until there is a verdict the file holds one error
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// What `edgesoak report` writes.
    #[command(flatten)]
    pub kinds: Kinds,
    /// Part of a command that speaks for itself: nothing on stdout.
    #[arg(skip)]
    pub is_part: bool,
}
