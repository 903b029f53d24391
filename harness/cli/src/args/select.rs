//! Arguments of `edgesoak select`.

use super::JudgedBy;

/// What a selection rests on.
#[derive(Debug, clap::Args)]
pub struct Select {
    /// Runs: ids, starts of ids, or `latest` [default: the newest of each candidate, route and device]
    #[arg(value_name = "RUN")]
    pub runs: Vec<String>,
    /// This route; can be given several times [default: every route that was measured]
    #[arg(long = "route", value_name = "NAME")]
    pub routes: Vec<String>,
    /// By what else than what the newest of the runs was planned with.
    #[command(flatten)]
    pub by: JudgedBy,
}
