//! A checked plan: which sessions run, with every setting resolved and the line that set it.

use std::collections::BTreeMap;

use edgesoak_protocol::units::{Bytes, Celsius, Hertz, Kelvin, Millis};
use serde::{Deserialize, Serialize};

use crate::gate::Gate;
use crate::golden::PlannedGolden;
use crate::memory::{MemoryOutlook, MemoryPrediction};
use crate::not_run::Cut;
use crate::policy::Policy;
use crate::routing::PlannedRouting;

/// Everything that a run does, decided before it starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Schema of the matrix it was made from.
    pub schema: u32,
    /// First 12 hex digits of the SHA-256 over the canonical JSON of `policy` and `sessions`.
    pub id: String,
    /// Profile of the matrix.
    pub profile: String,
    /// What blocks.
    pub policy: Policy,
    /// SHA-256 of the canonical JSON of `policy`, lower-case hex.
    pub policy_digest: String,
    /// What runs, in order.
    pub sessions: Vec<PlannedSession>,
    /// Effective value of every setting and where it was set.
    pub settings: Vec<Setting>,
    /// Expected duration, seconds: sessions that share a processor one after the other, all others side by side.
    pub expected_s: f64,
    /// What was left out so that it fits into a time; absent from a serialised plan where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
    /// What each session is expected to take of its device's memory, by the session's name; absent from a serialised
    /// plan where nobody looked. It follows from the sessions and the artifacts, and is no part of the plan's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub memory: BTreeMap<String, MemoryOutlook>,
}

impl Plan {
    /// What a session is expected to take of its device's memory, if that is known.
    #[must_use]
    pub fn memory_of(&self, planned: &PlannedSession) -> Option<&MemoryPrediction> {
        self.memory.get(&planned.session)?.prediction()
    }
}

/// One effective setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Dotted key, such as `session.s01.workload.soak.duration`.
    pub key: String,
    /// Value as text with its unit.
    pub value: String,
    /// `file:line` that set it, or `default`.
    pub origin: String,
}

/// One route through one candidate on one device, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedSession {
    /// Name within the run, safe as a file name: `s01`, `s02`, ...
    pub session: String,
    /// Counts repetitions of the same combination from 1.
    pub repeat: u32,
    /// Where it runs.
    pub device: Device,
    /// The job it proves.
    pub route: Route,
    /// What is decoded.
    pub workload: Workload,
    /// With what.
    pub candidate: Candidate,
    /// Conditions before the soak.
    pub start_gate: Option<StartGate>,
    /// Items that are asked behind the soak; absent from a serialised plan where none are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub golden: Option<PlannedGolden>,
    /// Secrets are planted in prompts and searched for afterwards; absent from a serialised plan where they are not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub canaries: bool,
}

/// A device of the matrix with its family's facts merged in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Id in the matrix.
    pub id: String,
    /// Family id.
    pub family: String,
    /// Family title for people.
    pub family_title: String,
    /// `local`, `adb`, `virtual`, ...
    pub driver: String,
    /// Simulated: its numbers never prove anything about hardware.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// Where its driver finds it, key by key, in the order of the language; absent from a serialised plan where
    /// nothing is needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<AddressPart>,
    /// `battery` or `mains`.
    pub power: String,
    /// Whether a thermal sensor is expected; without one, heat is not proven.
    pub hardware_heat: bool,
    /// Memory that a runtime may use, if the family sets one.
    pub memory_budget: Option<Bytes>,
    /// Least evidence grade of a blocking claim: `A`, `B` or `C`.
    pub evidence: Option<String>,
    /// Classes of channels that must be readable, such as `cpu-clock`.
    pub expect: Vec<String>,
    /// Limits that the agent enforces.
    pub stop_at: StopAt,
    /// What stands beside it, and what is set on it; absent from a serialised plan where nothing is.
    #[serde(default, skip_serializing_if = "Beside::is_empty")]
    pub beside: Beside,
}

/// One key of a device's address; a key of a list comes once per item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressPart {
    /// Key of the language, such as `profile`.
    pub key: String,
    /// Its value as text; quantities as numbers in their base unit.
    pub value: String,
}

/// What stands beside a device, by the names of the lab's file, and what is set on it during a session.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Beside {
    /// Who takes it off its charger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charger: Option<Charger>,
    /// Probe that reads the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ambient: Option<String>,
    /// Meter that reads its power.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<String>,
    /// Settings of the device that its agent makes and takes back, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<DeviceSetting>,
    /// Charge in which it may start; only where there are conditions for the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge_window: Option<ChargeWindow>,
}

/// What a battery loses while its device cools down, per cent, at most.
const SETTLING_TAKES: f64 = 3.0;

/// Charge of a battery in which a session may start, per cent, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ChargeWindow {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl ChargeWindow {
    /// Below this a battery is charged first: it empties while its device settles, and must not leave the window then.
    #[must_use]
    pub fn least(&self) -> f64 {
        self.low + (self.high - self.low).min(SETTLING_TAKES * 4.0) / 4.0
    }

    /// Up to where a battery that is charged gets: half way, so that it still lies within the window when the
    /// device has cooled down, and no pack stands full in a rack.
    #[must_use]
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.low, self.high)
    }

    /// Whether a charge lies within.
    #[must_use]
    pub fn holds(&self, percent: f64) -> bool {
        (self.low..=self.high).contains(&percent)
    }
}

impl std::fmt::Display for ChargeWindow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{} %", self.low, self.high)
    }
}

impl Device {
    /// The memory budget of the family, where a prediction is over it.
    #[must_use]
    pub fn budget_under(&self, prediction: &MemoryPrediction) -> Option<Bytes> {
        self.memory_budget.filter(|budget| prediction.total > *budget)
    }
}

impl Beside {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Who takes a device off its charger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charger {
    /// A hook of the lab.
    Hook(String),
    /// A person, who is asked.
    Ask,
    /// A node of the device's own kernel, through its agent.
    Node,
}

/// One setting of a device during a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceSetting {
    /// Name that the agent knows, such as `airplane`.
    pub name: String,
    /// Value in the agent's words, such as `on`.
    pub value: String,
}

/// Limits at which the agent ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct StopAt {
    /// Any temperature at or above this.
    pub temperature: Option<Celsius>,
    /// Battery at or below this, per cent.
    pub battery_percent: Option<f64>,
}

/// A job of the product with the bars that hold for this device's family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Id in the matrix.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Nothing may leave the device.
    pub local_only: bool,
    /// `name@version[:slice]`, if the route has one.
    pub golden_set: Option<String>,
    /// Where its queries go; absent from a serialised plan where all are answered on the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<PlannedRouting>,
    /// Limits, in the gates' units.
    pub bars: Vec<Bar>,
    /// Gates that another matrix promises something about beside its bars, where the run was planned without; absent from
    /// a serialised plan, for only who judges a run by another matrix says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<Gate>,
}

impl Route {
    /// Whether it promises anything about a gate: by a bar, by keeping everything on the device, by routing, or because
    /// whoever judges it says so.
    #[must_use]
    pub fn promises(&self, gate: Gate) -> bool {
        let promised = match gate {
            Gate::Privacy => self.local_only,
            Gate::Routing => self.routing.is_some(),
            _ => false,
        };
        promised || self.owed.contains(&gate) || self.bars.iter().any(|bar| bar.gate == gate)
    }
}

/// A limit of a route.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// What is limited.
    pub gate: Gate,
    /// The limit, in [`Gate::unit`].
    pub limit: f64,
}

/// What is decoded, for how long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// Id in the matrix.
    pub id: String,
    /// Length of the soak.
    pub duration: Millis,
    /// The prompt cycle.
    pub prompts: SourceFile,
    /// The prompts are items: each answer ends by itself, and whole answers are counted, not tokens. Absent from a
    /// serialised plan where they are not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_of_items: bool,
    /// Forced length of each answer; of items, the longest.
    pub output_tokens: u32,
    /// Pictures that the prompts name; absent from a serialised plan where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<SourceFile>,
    /// What makes the runtime's text of a prompt.
    pub template: Template,
    /// Documents to retrieve from.
    pub retrieval: Option<Retrieval>,
    /// Pause between prompts.
    pub think_time: Millis,
    /// Rate of the fast channels.
    pub sample_rate: Hertz,
    /// Rest and burst after the soak.
    pub recovery_probe: Option<RecoveryProbe>,
    /// When and how far a soak that has not settled is extended.
    pub settle: Option<Settle>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// What makes the final text of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Template {
    /// The chat template in the artifact; `null` when serialised.
    Artifact,
    /// A `.jinja` file.
    File(SourceFile),
    /// A word of the language.
    Named(NamedTemplate),
}

/// Templates without a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedTemplate {
    /// The last message alone.
    Question,
}

impl Template {
    /// Its file, where it has one.
    #[must_use]
    pub fn file(&self) -> Option<&SourceFile> {
        match self {
            Template::File(file) => Some(file),
            Template::Artifact | Template::Named(NamedTemplate::Question) => None,
        }
    }
}

/// A file on the host with the digest it had when the run was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Path as it stands in the matrix, relative to the matrix.
    pub path: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
}

/// Retrieval on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retrieval {
    /// The documents.
    pub corpus: SourceFile,
    /// Documents per prompt.
    pub top_k: u32,
}

/// Rest, then burst, after the soak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryProbe {
    /// Idle time.
    pub rest: Millis,
    /// Decode time after it.
    pub burst: Millis,
}

/// The settle rule; see `measurement` in the docs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settle {
    /// Largest drift of the rate, as a part of one.
    pub max_drift: f64,
    /// Largest predicted remaining rise.
    pub max_rise: Kelvin,
    /// Thermal time constant of the prediction, seconds.
    pub tau_s: f64,
    /// Length of one extension.
    pub step: Millis,
    /// Longest soak.
    pub max_soak: Millis,
}

/// Conditions that must hold before the soak.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StartGate {
    /// Largest excess of battery or skin temperature over ambient.
    pub max_over_ambient: Kelvin,
    /// Rest after another run.
    pub rest: Millis,
    /// Longest wait; afterwards the session is not run.
    pub timeout: Millis,
}

/// A model in a runtime.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Id in the matrix.
    pub id: String,
    /// Runner program, such as `gguf-runner`.
    pub runtime: String,
    /// Where the artifact is found on the host.
    pub artifact: ArtifactSource,
    /// Planned SHA-256, lower-case hex.
    pub sha256: String,
    /// Licence of the model.
    pub licence: Option<String>,
    /// Quantisation, such as `Q4_1`.
    pub quantisation: Option<String>,
    /// The candidate that it was exported from and must not fall behind; absent from a serialised plan where it is no export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export_of: Option<String>,
    /// What must be observed: `cpu`, `gpu`, `npu`.
    pub placement: String,
    /// Decode threads.
    pub threads: Threads,
    /// Context length, tokens.
    pub context: u32,
    /// Further arguments of the runner, in order.
    pub runner_args: Vec<String>,
}

/// Where an artifact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactSource {
    /// A file name in EdgeSoak's cache.
    Cache(String),
    /// A path relative to the matrix.
    Path(String),
}

/// How many decode threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threads {
    /// All cores of the device but this many, at least one.
    CoresLess(u32),
    /// Exactly this many.
    Exactly(u32),
}
