//! What the kernel counts: the time of processors, and the memory of the runtime and of the whole system.
//!
//! Everything follows from the work. The runtime keeps its threads busy while it reads and writes, maps its weights,
//! and allocates the cache for its whole context at once. Beside it a phone does the little that it always does.

use edgesoak_protocol::units::{Bytes, Nanos, Ratio};
use edgesoak_protocol::{ChannelSpec, Quantity, RawReading, Reason, Unit, rule};

use crate::elementary::exp;
use crate::load::{Accelerator, Candidate};
use crate::profile::{Os, Profile};
use crate::telemetry::{BATTERY, FAST, SLOW, THERMAL};

/// Seconds of a tick in which processor time is counted.
const TICK_S: f64 = 0.01;
/// Bytes of the unit in which memory is counted.
const KIB: f64 = 1_024.0;
/// Shares of every processor that the system takes for itself: of its own work, and of what a user runs.
const SYSTEM: f64 = 0.004;
const SERVICES: f64 = 0.006;
/// Threads that feed an accelerator, as a part of one.
const FEEDING: f64 = 0.2;
/// Parts of the memory that the system holds beside the runtime, and that it adds as compressed swap.
const SYSTEM_HOLDS: f64 = 0.45;
const SWAP: f64 = 0.5;
/// Bytes that one major fault brings in: the kernel reads ahead.
const READ_AHEAD: f64 = 131_072.0;
/// The kernel takes the load every so many seconds into its average of a minute.
const LOAD_EVERY_S: f64 = 5.0;

/// Counters of the kernel.
#[derive(Debug, Clone)]
pub(super) struct Kernel {
    rows: Vec<&'static Row>,
    cores: f64,
    memory: f64,
    /// Cores that are busy while the runtime works.
    working_cores: f64,
    /// Anonymous memory and mapped files of a loaded runtime, bytes.
    anon: f64,
    file: f64,
    runtime: Option<Loading>,
    /// Since the session began.
    seconds: f64,
    /// Processor time of the runtime, seconds.
    runtime_s: f64,
    load: f64,
    /// Seconds and processor time of the runtime when the load was taken last.
    load_taken: (f64, f64),
}

/// When a runtime began to load, and for how long it does, seconds.
#[derive(Debug, Clone, Copy)]
struct Loading {
    from: f64,
    span: f64,
}

/// Where a channel looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    User,
    System,
    Idle,
    Nothing,
    RuntimeAnon,
    RuntimeFile,
    RuntimeSwap,
    RuntimeTime,
    RuntimeFaults,
    Available,
    SwapFree,
    Load,
    Override,
}

/// A channel.
#[derive(Debug)]
struct Row {
    name: &'static str,
    quantity: Quantity,
    unit: Unit,
    scale: f64,
    group: u8,
    source: &'static str,
    look: Look,
}

const STAT: Row = Row {
    name: "",
    quantity: Quantity::CpuTime,
    unit: Unit::Second,
    scale: TICK_S,
    group: FAST,
    source: "/proc/stat",
    look: Look::Nothing,
};
const OF_RUNTIME: Row = Row {
    quantity: Quantity::RuntimeMemory,
    unit: Unit::Byte,
    scale: KIB,
    source: "/proc/RUNTIME/status",
    ..STAT
};
const OF_SYSTEM: Row =
    Row { quantity: Quantity::SystemMemory, group: SLOW, source: "/proc/meminfo", ..OF_RUNTIME };
const TOLD: Row =
    Row { quantity: Quantity::Override, unit: Unit::One, scale: 1.0, look: Look::Override, ..STAT };

/// All channels, in the order of the table.
static ROWS: [Row; 15] = [
    Row { name: "cpu/user", look: Look::User, ..STAT },
    Row { name: "cpu/system", look: Look::System, ..STAT },
    Row { name: "cpu/idle", look: Look::Idle, ..STAT },
    Row { name: "cpu/iowait", ..STAT },
    Row { name: "cpu/steal", ..STAT },
    Row {
        name: "load/1min",
        quantity: Quantity::Load,
        unit: Unit::One,
        scale: 0.01,
        source: "/proc/loadavg",
        look: Look::Load,
        ..STAT
    },
    Row { name: "runtime/rss_anon", look: Look::RuntimeAnon, ..OF_RUNTIME },
    Row { name: "runtime/rss_file", look: Look::RuntimeFile, ..OF_RUNTIME },
    Row { name: "runtime/swap", look: Look::RuntimeSwap, ..OF_RUNTIME },
    Row { name: "runtime/cpu_time", source: "/proc/RUNTIME/stat", look: Look::RuntimeTime, ..STAT },
    Row {
        name: "runtime/major_faults",
        quantity: Quantity::EventCount,
        unit: Unit::One,
        scale: 1.0,
        source: "/proc/RUNTIME/stat",
        look: Look::RuntimeFaults,
        ..STAT
    },
    Row { name: "memory/available", look: Look::Available, ..OF_SYSTEM },
    Row { name: "memory/swap_free", look: Look::SwapFree, ..OF_SYSTEM },
    Row { name: "thermal/override", group: THERMAL, source: "dumpsys thermalservice", ..TOLD },
    Row { name: "battery/override", group: BATTERY, source: "dumpsys battery", ..TOLD },
];

/// Whether a system of this family has a channel.
fn is_told(os: Os, row: &Row) -> bool {
    match os {
        // A process sees nothing but itself there.
        Os::IosLike => row.source.starts_with("/proc/RUNTIME"),
        Os::LinuxBoard => row.look != Look::Override,
        Os::AndroidPixel | Os::AndroidSamsung | Os::Zebra | Os::Honeywell => true,
    }
}

impl Kernel {
    pub(super) fn new(profile: &Profile, candidate: &Candidate, context: u32) -> Self {
        let cores = f64::from(profile.face.cores);
        let working_cores = match candidate.accelerator {
            Accelerator::Cpu { threads } => f64::from(threads).min(cores),
            Accelerator::Gpu | Accelerator::Npu => FEEDING,
        };
        Self {
            rows: ROWS.iter().filter(|row| is_told(profile.face.os, row)).collect(),
            cores,
            memory: profile.face.memory_gib * f64::from(1 << 30),
            working_cores,
            anon: candidate.resident.0 as f64 + candidate.kv_per_token.0 as f64 * f64::from(context),
            file: candidate.weights.0 as f64,
            runtime: None,
            seconds: 0.0,
            runtime_s: 0.0,
            load: 0.0,
            load_taken: (0.0, 0.0),
        }
    }

    /// The rows of the channel table.
    pub(super) fn specs(&self) -> impl Iterator<Item = ChannelSpec> {
        self.rows.iter().map(|row| ChannelSpec {
            name: row.name.to_owned(),
            quantity: row.quantity,
            unit: row.unit,
            scale: row.scale,
            rule: if row.look == Look::Override { rule::CAPTURED } else { rule::PLAIN },
            group: row.group,
            source: row.source.to_owned(),
            missing: None,
        })
    }

    /// A runtime begins to load its model, which takes some time.
    pub(super) fn start_runtime(&mut self, span: Nanos) {
        self.runtime = Some(Loading { from: self.seconds, span: span.as_secs_f64() });
    }

    /// The runtime is gone.
    pub(super) fn end_runtime(&mut self) {
        self.runtime = None;
    }

    /// Lets time pass, of which the runtime worked a part, on its share of the processors.
    pub(super) fn pass(&mut self, seconds: f64, working: Ratio, share: Ratio) {
        self.seconds += seconds;
        self.runtime_s += seconds * working.0 * self.working_cores * share.0;
        let (since, runtime_s) = self.load_taken;
        let passed = self.seconds - since;
        if passed >= LOAD_EVERY_S {
            let active = (self.runtime_s - runtime_s) / passed + self.cores * (SERVICES + SYSTEM);
            self.load = active + (self.load - active) * exp(-passed / 60.0);
            self.load_taken = (self.seconds, self.runtime_s);
        }
    }

    /// What the runtime holds in memory, bytes; nothing where there is none.
    pub(super) fn resident(&self) -> Option<Bytes> {
        let held = self.loaded()? * (self.anon + self.file);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive count of bytes"
        )]
        let bytes = held as u64;
        Some(Bytes(bytes))
    }

    /// Adds the readings of a group, in the order of the table.
    pub(super) fn sample(&self, group: u8, values: &mut Vec<RawReading>) {
        let of_group = self.rows.iter().filter(|row| row.group == group);
        values.extend(of_group.map(|row| RawReading(self.read(row))));
    }

    fn read(&self, row: &Row) -> Result<i64, Reason> {
        let all_s = self.seconds * self.cores;
        let value = match row.look {
            Look::User => self.runtime_s + SERVICES * all_s,
            Look::System => SYSTEM * all_s,
            Look::Idle => all_s * (1.0 - SERVICES - SYSTEM) - self.runtime_s,
            Look::Nothing | Look::Override => 0.0,
            Look::Load => self.load,
            Look::Available => self.memory * (1.0 - SYSTEM_HOLDS) - self.loaded().unwrap_or(0.0) * self.anon,
            Look::SwapFree => self.memory * SWAP,
            Look::RuntimeAnon => self.loaded().ok_or(Reason::Absent)? * self.anon,
            Look::RuntimeFile => self.loaded().ok_or(Reason::Absent)? * self.file,
            Look::RuntimeSwap => self.loaded().map(|_| 0.0).ok_or(Reason::Absent)?,
            Look::RuntimeFaults => self.loaded().ok_or(Reason::Absent)? * self.file / READ_AHEAD,
            Look::RuntimeTime => self.loaded().map(|_| self.runtime_s).ok_or(Reason::Absent)?,
        };
        #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and counters stay far below")]
        Ok((value / row.scale) as i64)
    }

    /// The part of the model that is in memory; nothing where there is no runtime.
    fn loaded(&self) -> Option<f64> {
        let loading = self.runtime?;
        Some(((self.seconds - loading.from) / loading.span).clamp(0.0, 1.0))
    }
}
