//! What a stored run is exported as.

use std::path::PathBuf;

use clap::{ArgAction, ValueEnum};
use edgesoak_interchange::Target;

use super::RunName;

/// What is exported.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// Which run.
    #[command(flatten)]
    pub run: RunName,
    /// As what; can be given several times [default: csv]
    #[arg(long = "as", value_name = "KIND", value_enum, action = ArgAction::Append)]
    pub kinds: Vec<ExportKind>,
    /// Folder in which each kind gets a folder of its own [default: `export` in the run's folder]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// What a run is exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportKind {
    /// One comma-separated file per table: sessions, samples, tokens, prompts, gates, answers ...
    Csv,
    /// The same tables as Parquet, typed
    Parquet,
    /// A Perfetto trace per session: counters, phases, prompts and tokens
    Perfetto,
    /// A file per session in the neutral format, which `edgesoak import` reads
    Jsonl,
}

impl ExportKind {
    /// What the exporter calls it.
    pub fn target(self) -> Target {
        match self {
            ExportKind::Csv => Target::Csv,
            ExportKind::Parquet => Target::Parquet,
            ExportKind::Perfetto => Target::Perfetto,
            ExportKind::Jsonl => Target::Neutral,
        }
    }
}
