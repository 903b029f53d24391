//! What stands beside a run and its verdict, and only others can tell.

use edgesoak_record::comparison::Detectable;
use edgesoak_record::explanation::Explain;

/// What the page of a run says besides the run and its verdict; by default nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Background {
    /// Who explains gates: how a figure is made stands beside each.
    pub explain: Option<Explain>,
    /// What a comparison on the least certain of its devices can show after the fewest runs.
    pub detectable: Option<Detectable>,
}
