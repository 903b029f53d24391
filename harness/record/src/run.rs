//! A run as it is read back from storage.

use edgesoak_protocol::units::Nanos;

use crate::host_entry::History;
use crate::plan::Plan;
use crate::session::SessionRecord;

/// One run: its plan and everything that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Run id.
    pub id: String,
    /// When it was opened, wall time since the Unix epoch.
    pub opened: Nanos,
    /// Version of EdgeSoak that ran it.
    pub version: String,
    /// What was planned, with policy and bars.
    pub plan: Plan,
    /// History as it was when the run was opened.
    pub history: History,
    /// One per planned session, in plan order.
    pub sessions: Vec<SessionRecord>,
    /// The host closed the run.
    pub closed: bool,
    /// Why it was ended early, if it was.
    pub interrupted: Option<String>,
}
