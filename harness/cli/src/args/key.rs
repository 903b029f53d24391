//! Arguments of `edgesoak key`, and keys as arguments of others.

use std::path::PathBuf;

use clap::Subcommand;

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeyAction {
    /// Make a pair: FILE, which signs and which nobody else may read, and FILE.pub, which verifies
    #[command(after_help = "Example:\n  edgesoak key new release-manager.key")]
    New {
        /// Where to write the secret key; it must not be there yet
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Keys that verify.
#[derive(Debug, Default, clap::Args)]
pub struct Keys {
    /// A key
    #[arg(long = "key", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// A folder of keys: its files that end in `.pub`
    #[arg(long = "keys", value_name = "DIR")]
    pub folder: Option<PathBuf>,
}
