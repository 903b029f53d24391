//! What a release came to: every device, route and candidate of it, from stored data.

use serde::{Deserialize, Serialize};

use crate::comparison::{Comparison, Reference};
use crate::gate::Gate;
use crate::policy::PolicySource;
use crate::units::Nanos;
use crate::verdict::{GateResult, Outcome, SessionVerdict, Verdict};

/// A release, judged; `edgesoak report --release NAME --format json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// What that names.
    pub named: Named,
    /// The verdict.
    pub verdict: Verdict,
    /// Exit code that goes with it.
    pub exit: u8,
    /// A stable word for the cause, without blanks.
    pub reason: String,
    /// The cause in one sentence of plain English.
    pub sentence: String,
    /// What was taken out of it for whoever it is forwarded to, in one sentence; `None` where nothing was. Never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    /// The tier whose policy it was judged by.
    pub tier: String,
    /// Where that policy was read, if it is not that of the newest run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicySource>,
    /// SHA-256 of the policy of the newest run.
    pub policy_digest: String,
    /// Runs that its sessions are of, the latest first.
    pub runs: Vec<ReleaseRun>,
    /// One per device, route and candidate, the worst first.
    pub cells: Vec<ReleaseCell>,
    /// One per required family and route, holes first.
    pub coverage: Vec<Coverage>,
    /// What it is held against.
    pub references: Vec<ReferenceRelease>,
    /// Its sustained rates against those of the references; `None` where there is no reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// Why nothing was compared, or not all of it; empty where everything was.
    pub not_compared: String,
    /// The floor of each family and route, release by release.
    pub trends: Vec<Trend>,
    /// Every waiver of the policy.
    pub waivers: Vec<WaiverState>,
    /// What was accepted or waived, one sentence each.
    pub accepted: Vec<String>,
    /// What to do next, one sentence or command each, the most useful first.
    pub next_actions: Vec<String>,
    /// Every session that it rests on, in the order of `cells`.
    pub sessions: Vec<ReleaseSession>,
    /// Run and session of what the candidate was before, with another file or other settings under its id: not counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outdated: Vec<(String, String)>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Named {
    /// The last promotion of this name.
    Baseline {
        /// When it was promoted, since the Unix epoch.
        promoted: Nanos,
        /// Why, in the words of whoever promoted it.
        reason: String,
        /// SHA-256 of its record in the book.
        sha256: String,
    },
    /// The newest sessions of a candidate.
    Candidate,
}

/// A run that sessions of the release are of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseRun {
    /// Run id.
    pub run: String,
    /// When it was opened, since the Unix epoch.
    pub opened: Nanos,
    /// Version of EdgeSoak that ran it.
    pub version: String,
    /// Plan id.
    pub plan: String,
    /// Profile of the matrix.
    pub profile: String,
    /// The verdict on the whole run, by the policy of the release.
    pub verdict: Verdict,
    /// Sessions of it that belong to the release.
    pub sessions: u32,
}

/// One candidate on one route of one device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and any of them may hold")]
pub struct ReleaseCell {
    /// Device id.
    pub device: String,
    /// Family id.
    pub family: String,
    /// Title of the family.
    pub family_title: String,
    /// Route id.
    pub route: String,
    /// Candidate id.
    pub candidate: String,
    /// Runtime of the candidate.
    pub runtime: String,
    /// SHA-256 of its artifact.
    pub artifact_sha256: String,
    /// Simulated device.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// Measured by another program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not", rename = "imported")]
    pub is_imported: bool,
    /// It counts for the verdict: a simulated device beside hardware does not.
    pub decides: bool,
    /// All of its sessions together.
    pub verdict: Verdict,
    /// The cause in one sentence.
    pub sentence: String,
    /// The gate that is closest to its bar or beyond it; `None` where none has anything to say.
    pub worst: Option<GateResult>,
    /// The worst floor; `None` where no session has one.
    pub floor: Option<GateResult>,
    /// Its runs are stored here; of others nothing but a rate is known.
    pub stored: bool,
    /// Run and session of what it rests on, the latest first.
    pub rests_on: Vec<(String, String)>,
}

/// A session of the release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseSession {
    /// Run id.
    pub run: String,
    /// What was judged of it.
    pub verdict: SessionVerdict,
}

/// A family that a route must be shown on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Family id.
    pub family: String,
    /// Route id.
    pub route: String,
    /// Units of hardware that are needed.
    pub needed: u32,
    /// Those that tell something, by id.
    pub units: Vec<String>,
    /// `NotProven` is a hole.
    pub outcome: Outcome,
    /// A stable word for a hole: `not_run`, `virtual_only`, `too_few_units`.
    pub cause: Option<String>,
    /// One sentence.
    pub sentence: String,
}

/// A release that another is held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceRelease {
    /// As what.
    pub reference: Reference,
    /// Its name.
    pub name: String,
    /// When it was promoted, since the Unix epoch.
    pub promoted: Nanos,
}

/// One figure of a family on a route, release by release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// Family id.
    pub family: String,
    /// Route id.
    pub route: String,
    /// Of simulated devices.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// Which figure.
    pub gate: Gate,
    /// Its bar, if it has one.
    pub bar: Option<f64>,
    /// In the order of promotion; the last one is the release itself.
    pub points: Vec<TrendPoint>,
    /// Spread between runs that changes were told with, standard deviation of the natural logarithm.
    pub sigma: Option<f64>,
    /// Whether a change was looked for: not in too few releases, nor where no spread between runs is known.
    #[serde(default)]
    pub looked: bool,
    /// Where the level changed for good.
    pub changes: Vec<TrendChange>,
    /// What can be said of it, one or more sentences.
    pub sentence: String,
}

/// One release of a trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// Its name.
    pub release: String,
    /// When it was promoted, since the Unix epoch; `None` where it is not yet.
    pub promoted: Option<Nanos>,
    /// Geometric mean over units.
    pub value: TrendValue,
    /// The lowest and the highest unit; equal where there is one.
    pub range: Option<(f64, f64)>,
    /// Units behind it, by id.
    pub units: Vec<String>,
    /// Sessions behind it.
    pub sessions: u32,
}

/// A figure of a release, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrendValue {
    /// In the gate's unit.
    Measured(f64),
    /// For this reason: a phrase.
    Missing(String),
}

impl TrendValue {
    /// The figure, if there is one.
    #[must_use]
    pub fn measured(&self) -> Option<f64> {
        match self {
            Self::Measured(value) => Some(*value),
            Self::Missing(_) => None,
        }
    }
}

/// A lasting change of level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrendChange {
    /// Place of the first release of the new level in `points`.
    pub at: usize,
    /// Level before it.
    pub before: f64,
    /// Level from it on.
    pub after: f64,
    /// Change, a part of one.
    pub change: f64,
    /// One sentence.
    pub sentence: String,
}

/// A waiver of the policy and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverState {
    /// Gate that is waived.
    pub gate: Gate,
    /// Device it holds for; one that names neither a device nor a family covers nothing.
    pub device: Option<String>,
    /// Family it holds for.
    pub family: Option<String>,
    /// Where it is tracked.
    pub ticket: String,
    /// Why.
    pub reason: String,
    /// Who mends it.
    pub owner: String,
    /// Who allowed it.
    pub approver: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// Earlier runs that used it, where these are counted.
    pub uses: Option<u32>,
    /// Most runs it may be used in.
    pub max_uses: Option<u32>,
    /// Sessions of the release that it excuses.
    pub excuses: u32,
    /// Whether it still holds on the day of the newest run.
    pub state: WaiverStanding,
}

/// Whether a waiver holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaiverStanding {
    /// It holds.
    Holds,
    /// Its last day is over, or is no day.
    Expired,
    /// It was used as often as it may be.
    UsedUp,
}

impl WaiverState {
    /// The device or the family it holds for; empty where it names neither.
    #[must_use]
    pub fn holds_for(&self) -> &str {
        self.device.as_deref().or(self.family.as_deref()).unwrap_or_default()
    }

    /// Whether it holds, and its day: `holds until 2026-12-31`.
    #[must_use]
    pub fn standing(&self) -> String {
        match self.state {
            WaiverStanding::Holds => format!("holds until {}", self.expires),
            WaiverStanding::Expired => format!("expired on {}", self.expires),
            WaiverStanding::UsedUp => format!("is used up, was granted until {}", self.expires),
        }
    }
}

impl Release {
    /// The run whose sessions are the newest.
    #[must_use]
    pub fn newest_run(&self) -> Option<&ReleaseRun> {
        self.runs.first()
    }

    /// Families and routes that must be shown and are not.
    pub fn holes(&self) -> impl Iterator<Item = &Coverage> {
        self.coverage.iter().filter(|coverage| coverage.outcome != Outcome::Pass)
    }
}
