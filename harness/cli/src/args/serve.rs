//! Arguments of `edgesoak serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Where pages are served, and to whom.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Address and port; port 0 takes one that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8765")]
    pub listen: SocketAddr,
    /// File with a token of 16 characters or more, readable by its owner alone: browsers ask for it as a password, programs
    /// send it as `Authorization: Bearer`. Other addresses than this machine's own loopback need one
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}
