//! What is done with what is stored.

use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;

use super::{RunName, bounded};

/// Longest retention.
const MAX_RETENTION_S: u64 = 3653 * 24 * 3600;

/// What to do with the database.
#[derive(Debug, Subcommand)]
pub enum StoreAction {
    /// Check the database against itself and against the raw journals
    Check,
    /// Make the database again from the raw journals; the old one stays until the new one is whole
    Rebuild,
    /// Remove old runs, or the texts of answers, from disk and database, so that nothing brings them back
    #[command(after_help = "Examples:\n  edgesoak store purge --older-than 90d --dry-run\n  \
        edgesoak store purge --older-than 30d --texts\n  edgesoak store purge --run 20261122-0301-quick\n\n\
        Runs that a baseline was made from stay, unless they are named. Files that were written elsewhere are not known.")]
    Purge(Purge),
    /// Search files for the secrets that were planted in a run; they are made again from this host's key
    #[command(after_help = "Examples:\n  edgesoak store sweep latest\n  \
        edgesoak store sweep latest bugreport.txt junit.xml\n\n\
        Without files: the run's folder and the database. Ends with 1 where a secret is found.")]
    Sweep {
        /// Which run.
        #[command(flatten)]
        run: RunName,
        /// Files and folders to search
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// What is removed.
#[derive(Debug, clap::Args)]
pub struct Purge {
    /// Runs that were opened longer ago than this, such as `90d`
    #[arg(long, value_name = "AGE", value_parser = retention, required_unless_present = "runs")]
    pub older_than: Option<Duration>,
    /// A run by its id, the start of one, or `latest`; can be given several times
    #[arg(long = "run", value_name = "RUN", conflicts_with = "older_than")]
    pub runs: Vec<String>,
    /// Only the texts of stored answers; their digests and scores stay
    #[arg(long)]
    pub texts: bool,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
}

fn retention(text: &str) -> Result<Duration, String> {
    bounded(text, MAX_RETENTION_S, "ten years at most")
}
