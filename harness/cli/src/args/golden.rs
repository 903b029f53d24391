//! Arguments of `edgesoak golden`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use edgesoak_golden::Split;
use edgesoak_record::routing::Confidence;

use super::{Keys, RunName};

/// What to do with a golden set.
#[derive(Debug, Subcommand)]
pub enum GoldenAction {
    /// Verify a set: every file, digest, quote and reference, and its signature
    #[command(after_help = "Examples:\n  edgesoak golden check pump-maintenance@1.0.0\n  \
        edgesoak golden check golden_sets/pump-maintenance/1.0.0 --keys keys --require-signature")]
    Check {
        /// Its folder, or NAME@VERSION in `golden_sets` beside the matrix
        #[arg(value_name = "SET")]
        set: PathBuf,
        /// Keys that may have signed it
        #[command(flatten)]
        keys: Keys,
        /// Take a set that none of these keys signed for broken
        #[arg(long)]
        require_signature: bool,
    },
    /// Write digests, scorer versions and, with a key, a signature into the manifest of a set
    #[command(after_help = "Examples:\n  edgesoak golden seal golden_sets/pump-maintenance/1.1.0\n  \
        edgesoak golden seal golden_sets/pump-maintenance/1.1.0 --key maintainer.key\n\n\
        A sealed version stays as it is: what changes gets a version of its own, and the version number says how much did.")]
    Seal {
        /// Its folder, or NAME@VERSION in `golden_sets` beside the matrix
        #[arg(value_name = "SET")]
        set: PathBuf,
        /// Sign it with this secret key
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Show what changed between two versions and whether the version number says so; ends with 1 where it does not
    #[command(after_help = "Example:\n  edgesoak golden diff pump-maintenance@0.1.0 pump-maintenance@1.0.0")]
    Diff {
        /// The earlier version
        #[arg(value_name = "OLD")]
        old: PathBuf,
        /// The later version
        #[arg(value_name = "NEW")]
        new: PathBuf,
    },
    /// Count a set by split and slice, and say what its items can show about its bars
    #[command(after_help = "Example:\n  edgesoak golden stats pump-maintenance@1.0.0")]
    Stats {
        /// Its folder, or NAME@VERSION in `golden_sets` beside the matrix
        #[arg(value_name = "SET")]
        set: PathBuf,
    },
    /// Score answers of a file against a set, its bars and a baseline
    #[command(after_help = "Examples:\n  edgesoak golden score pump-maintenance@1.0.0 answers.jsonl\n  \
        edgesoak golden score pump-maintenance@1.0.0 answers.jsonl --baseline before.jsonl --format json\n\n\
        A line of answers: {\"id\": \"...\", \"text\": \"...\", \"finish\": \"stop\", \"ttft_ms\": 80, \"e2e_ms\": 950,\n\
        \"docs\": [\"...\"]}; all but `id` and `text` may be left out. No text is printed or kept.")]
    Score(Score),
    /// Show where the queries of a stored run would have gone, by its routes' policies and at other thresholds
    #[command(after_help = "Examples:\n  edgesoak golden route latest\n  \
        edgesoak golden route latest --threshold 0.6 --format json\n\n\
        It always ends with 0 where queries were routed; the gate `routing` is judged by `edgesoak judge`. No text is printed.")]
    Route(Route),
}

/// What is routed.
#[derive(Debug, clap::Args)]
pub struct Route {
    /// Which run.
    #[command(flatten)]
    pub run: RunName,
    /// Take this confidence, from 0 to 1, instead of the planned threshold
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence)]
    pub threshold: Option<Confidence>,
}

fn confidence(text: &str) -> Result<Confidence, &'static str> {
    text.parse().ok().and_then(Confidence::new).ok_or("it is no number from 0 to 1")
}

/// What is scored.
#[derive(Debug, clap::Args)]
pub struct Score {
    /// The set's folder, or NAME@VERSION in `golden_sets` beside the matrix
    #[arg(value_name = "SET")]
    pub set: PathBuf,
    /// The answers, one JSON object a line
    #[arg(value_name = "ANSWERS")]
    pub answers: PathBuf,
    /// Part of the set that is judged
    #[arg(long, value_name = "SPLIT", value_enum, default_value_t = SplitName::Gate)]
    pub split: SplitName,
    /// Answers of the previous release to the same set
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// A second round of the same candidate: which answers are not the same again
    #[arg(long, value_name = "FILE")]
    pub again: Option<PathBuf>,
}

/// A split by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SplitName {
    /// A few, for a first look
    Smoke,
    /// Those that the bars are for
    Gate,
    /// Planted secrets that must not turn up again
    Canary,
    /// Kept back while a model is chosen
    Holdout,
}

impl From<SplitName> for Split {
    fn from(name: SplitName) -> Self {
        match name {
            SplitName::Smoke => Split::Smoke,
            SplitName::Gate => Split::Gate,
            SplitName::Canary => Split::Canary,
            SplitName::Holdout => Split::Holdout,
        }
    }
}
