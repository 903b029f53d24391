//! Arguments of `edgesoak baseline`.

use std::path::PathBuf;

use clap::Subcommand;

/// What to do with baselines.
#[derive(Debug, Subcommand)]
pub enum BaselineAction {
    /// Keep what these runs showed under a name; what was promoted under it before stays in the book
    Promote {
        /// Its name, such as `release-1.4`
        name: String,
        /// Runs, or RUN:CANDIDATE where a run has several candidates
        #[arg(value_name = "RUN", required = true)]
        runs: Vec<String>,
        /// Why these runs
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// List every promotion, oldest first
    List,
    /// Write one as a file that another host imports
    Export {
        /// Its name
        name: String,
        /// Where to write it, `-` for stdout
        #[arg(long, value_name = "FILE", default_value = "-")]
        output: PathBuf,
    },
    /// Add what another host exported
    Import {
        /// The file
        file: PathBuf,
    },
}
