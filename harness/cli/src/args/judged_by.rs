//! What is compared, and by which policy a verdict is reached.

/// The sides of a comparison.
#[derive(Debug, Default, clap::Args)]
pub struct GateSides {
    /// What is judged
    #[arg(long, value_name = "SIDE", num_args = 1.., required = true)]
    pub candidate: Vec<String>,
    /// The previous release, or what stands for it
    #[arg(long, value_name = "SIDE", num_args = 1.., required = true)]
    pub baseline: Vec<String>,
    /// A release that stays, so that small steps cannot creep
    #[arg(long, value_name = "SIDE", num_args = 1..)]
    pub pinned: Vec<String>,
    /// By what.
    #[command(flatten)]
    pub by: JudgedBy,
}

/// A policy instead of the one that a run was planned with.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct JudgedBy {
    /// Judge by this tier of the matrix, instead of by what the run was planned with
    #[arg(long, value_name = "NAME")]
    pub tier: Option<String>,
    /// Judge by the matrix as it stands at this branch, tag or commit, instead of by what the run was planned with
    #[arg(long, value_name = "REF")]
    pub policy: Option<String>,
}
