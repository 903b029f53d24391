//! What `edgesoak-agent probe` prints: one JSON document about the device.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::channel::{Quantity, Unit};
use crate::quality::Quality;
use crate::reading::Reason;

/// The device as its agent sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Version of the agent.
    pub agent: String,
    /// Oldest and newest journal version that the agent writes.
    pub protocol: [u16; 2],
    /// Kernel name, release and machine, as `uname` prints them.
    pub kernel: String,
    /// Operating system in words, such as the `PRETTY_NAME` of os-release.
    pub os: String,
    /// CPU model in words.
    pub cpu: String,
    /// Processors online.
    pub cores: u32,
    /// CPU features relevant to engines.
    pub cpu_features: Vec<String>,
    /// Memory of the machine, bytes.
    pub memory_bytes: u64,
    /// Free space where the agent lives, bytes; absent where a recorded folder is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_free_bytes: Option<u64>,
    /// Identity of this boot; a change means that the device restarted.
    pub boot_id: String,
    /// `true` for anything that simulates a device.
    pub is_virtual: bool,
    /// What is no reading: `manufacturer`, `model`, `fingerprint`, `thermal_source`, `screen`, `airplane` and so on.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
    /// Every channel that was tried.
    pub channels: Vec<ProbedChannel>,
    /// Commands that were run, with what they cost.
    #[serde(default)]
    pub commands: Vec<ProbedCommand>,
}

/// One channel as it was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProbedChannel {
    /// Name, as in the journal's channel table.
    pub name: String,
    /// What it measures.
    pub quantity: Quantity,
    /// Unit of its values.
    pub unit: Unit,
    /// Where it is read.
    pub source: String,
    /// Value at probe time, in `unit`.
    pub value: Option<f64>,
    /// Why there is no value.
    pub missing: Option<Reason>,
    /// The text or integer as the device printed it, cut to a sane length; empty where nothing was printed.
    #[serde(default)]
    pub raw: String,
    /// What watching it for a while told of it.
    #[serde(default)]
    pub quality: Quality,
}

/// A command whose output is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbedCommand {
    /// The command, such as `dumpsys battery`.
    pub command: String,
    /// Wall time that it took, microseconds.
    pub took_us: u64,
    /// Processor time that the system's services spent on it, microseconds, where that can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_cpu_us: Option<u64>,
    /// Time between two of its reads in a session, milliseconds.
    pub period_ms: u64,
    /// Why it gives nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Reason>,
}

/// What `edgesoak-agent status` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Whether an agent holds the session's lease.
    pub state: AgentState,
    /// Process id of the agent that holds the lease.
    pub pid: Option<u32>,
    /// Identity of this boot.
    pub boot_id: String,
    /// Sequence number of the last whole frame in the journal.
    pub last_seq: Option<u64>,
    /// Answers that the agent keeps in its memory; absent where it keeps none, or is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
}

/// What `edgesoak-agent taken` prints: the answers of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// The place behind the last one that was given, where places are counted as those of `Answered` are.
    pub given: u32,
    /// The place before which the host has taken all of them; the agent has forgotten them.
    pub taken: u32,
}

/// Whether a session's agent lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// No journal: `start` was never called, or died before it wrote one.
    Absent,
    /// An agent holds the lease.
    Running,
    /// The journal ends with `Finished`.
    Finished,
    /// Nobody holds the lease and the journal has no `Finished`: the agent was killed or the device restarted.
    Dead,
}

/// What `edgesoak-agent tenant` prints: who uses the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenancy {
    /// The last tenant that did not leave; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Tenant>,
    /// How long the device is its own yet, milliseconds; 0 once its time is over.
    pub left_ms: u64,
}

/// A host, and the run for which it uses a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// The host, in a word that no other host has.
    pub host: String,
    /// Run id.
    pub run: String,
}

/// What `edgesoak-agent clock` prints, once per line read on stdin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReading {
    /// `CLOCK_MONOTONIC`, nanoseconds.
    pub mono_ns: u64,
    /// `CLOCK_BOOTTIME`, nanoseconds; ahead of the monotonic clock by the time spent suspended.
    pub boottime_ns: u64,
    /// Wall time since the Unix epoch, nanoseconds.
    pub wall_ns: u64,
}

/// What `edgesoak-agent start` prints once the session is detached, holds the lease and has its journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Process id of the session's agent.
    pub pid: u32,
    /// Identity of this boot.
    pub boot_id: String,
}

/// What `edgesoak-agent verify` prints about one file, one JSON object per line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedFile {
    /// Path as it was asked for, relative to the agent's home.
    pub path: String,
    /// What was found, absent where the file could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<FoundFile>,
    /// Why it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// A file as it lies on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundFile {
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Size, bytes.
    pub bytes: u64,
    /// Permission bits.
    pub mode: u32,
}
