//! What a release is judged by.

use edgesoak_record::comparison::Reference;
use edgesoak_record::host_entry::History;
use edgesoak_record::policy::PolicySource;
use edgesoak_record::release::Named;
use edgesoak_record::units::Nanos;
use edgesoak_record::{Policy, Run, RunVerdict, SessionTrial, Tried};

use crate::selection::Measured;

/// Everything that is stored of a release.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// Its name.
    pub name: &'a str,
    /// What that names.
    pub named: Named,
    /// By what it is judged.
    pub policy: &'a Policy,
    /// SHA-256 of the policy of the newest run.
    pub policy_digest: &'a str,
    /// Where the policy was read, if it is not that of the newest run.
    pub source: Option<PolicySource>,
    /// Its runs with their verdicts, the latest first.
    pub runs: &'a [(&'a Run, &'a RunVerdict)],
    /// Its sessions, judged by the policy.
    pub measured: &'a [Measured<'a>],
    /// Sessions of what the candidate was before: they show nothing of it, and what they covered is owed again.
    pub outdated: &'a [Measured<'a>],
    /// What its sessions say for a comparison.
    pub trials: Vec<SessionTrial>,
    /// Promoted sessions whose runs are not stored: nothing but a rate is known of them.
    pub not_stored: Vec<SessionTrial>,
    /// Where its routes were tried, whatever came of it.
    pub tried: &'a [Tried],
    /// What it is held against.
    pub held: Vec<Held<'a>>,
    /// Spreads between runs that its runs were judged with, and uses of waivers.
    pub history: History,
    /// Releases in the order of promotion, this one last.
    pub past: &'a [Past],
}

/// A reference.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// As what.
    pub reference: Reference,
    /// Its name.
    pub name: &'a str,
    /// When it was promoted.
    pub promoted: Nanos,
    /// Its sessions.
    pub trials: &'a [SessionTrial],
}

/// A release of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// Its name.
    pub name: String,
    /// When it was promoted; `None` where it is not yet.
    pub promoted: Option<Nanos>,
    /// Its sessions.
    pub sessions: Vec<PastSession>,
}

/// A session of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct PastSession {
    /// Device id.
    pub device: String,
    /// Family id.
    pub family: String,
    /// Route id.
    pub route: String,
    /// Simulated device.
    pub is_virtual: bool,
    /// The floor, tokens/s.
    pub floor: Measurement,
}

/// A figure, or a phrase that says why there is none.
pub type Measurement = Result<f64, &'static str>;
