//! What the kernel counts: the time of processors, and the memory of the runtime and of the whole system.

use edgesoak_protocol::units::{Bytes, Ratio};
use edgesoak_protocol::{ChannelSpec, Quantity, RawReading, Reason, Unit, rule};

use crate::load::{Accelerator, Candidate};
use crate::profile::{Os, Profile};
use crate::telemetry::{FAST, SLOW};

/// Seconds of a tick in which processor time is counted.
const TICK_S: f64 = 0.01;
/// Bytes of the unit in which memory is counted.
const KIB: f64 = 1_024.0;
/// Shares of every processor that the system takes for itself: of its own work, and of what a user runs.
const SYSTEM: f64 = 0.004;
const SERVICES: f64 = 0.006;
/// Threads that feed an accelerator, as a part of one.
const FEEDING: f64 = 0.2;
/// What a runtime holds beside weights and cache.
const RUNTIME: Bytes = Bytes(60 << 20);
/// What the system holds beside the runtime.
const SYSTEM_HOLDS: f64 = 0.45;

/// Counters of the kernel.
#[derive(Debug, Clone)]
pub(super) struct Kernel {
    /// A system that shows a process nothing but itself.
    is_silent: bool,
    cores: f64,
    memory: f64,
    /// Cores that are busy while the runtime works.
    working_cores: f64,
    anon: f64,
    file: f64,
    /// Whether the runtime lives.
    pub(super) has_runtime: bool,
    seconds: f64,
    /// Time in which the runtime worked, seconds.
    worked: f64,
}

/// Where a channel looks.
#[derive(Debug, Clone, Copy)]
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
    Load,
}

impl Look {
    /// Whether a process may see it without asking anybody.
    const fn is_own(self) -> bool {
        !matches!(self, Self::User | Self::System | Self::Idle | Self::Nothing | Self::Available | Self::Load)
    }
}

/// Channels with their scales; those of files first.
const CHANNELS: [(&str, Quantity, Unit, f64, &str, Look); 12] = [
    ("cpu/user", Quantity::CpuTime, Unit::Second, TICK_S, "/proc/stat", Look::User),
    ("cpu/system", Quantity::CpuTime, Unit::Second, TICK_S, "/proc/stat", Look::System),
    ("cpu/idle", Quantity::CpuTime, Unit::Second, TICK_S, "/proc/stat", Look::Idle),
    ("cpu/iowait", Quantity::CpuTime, Unit::Second, TICK_S, "/proc/stat", Look::Nothing),
    ("cpu/steal", Quantity::CpuTime, Unit::Second, TICK_S, "/proc/stat", Look::Nothing),
    ("load/1min", Quantity::Load, Unit::One, 0.01, "/proc/loadavg", Look::Load),
    ("memory/available", Quantity::SystemMemory, Unit::Byte, KIB, "/proc/meminfo", Look::Available),
    ("runtime/rss_anon", Quantity::RuntimeMemory, Unit::Byte, KIB, "/proc/RUNTIME/status", Look::RuntimeAnon),
    ("runtime/rss_file", Quantity::RuntimeMemory, Unit::Byte, KIB, "/proc/RUNTIME/status", Look::RuntimeFile),
    ("runtime/swap", Quantity::RuntimeMemory, Unit::Byte, KIB, "/proc/RUNTIME/status", Look::RuntimeSwap),
    ("runtime/cpu_time", Quantity::CpuTime, Unit::Second, TICK_S, "/proc/RUNTIME/stat", Look::RuntimeTime),
    ("runtime/major_faults", Quantity::EventCount, Unit::One, 1.0, "/proc/RUNTIME/stat", Look::RuntimeFaults),
];

/// What tells that somebody set the state of battery or heat by hand: nobody did.
const OVERRIDES: [(&str, &str); 2] =
    [("battery/override", "dumpsys battery"), ("thermal/override", "dumpsys thermalservice")];

impl Kernel {
    pub(super) fn new(profile: &Profile, candidate: &Candidate, context: u32) -> Self {
        let cores = f64::from(profile.face.cores);
        let working_cores = match candidate.accelerator {
            Accelerator::Cpu { threads } => f64::from(threads).min(cores),
            Accelerator::Gpu | Accelerator::Npu => FEEDING,
        };
        Self {
            is_silent: profile.face.os == Os::IosLike,
            cores,
            memory: profile.face.memory_gib * f64::from(1 << 30),
            working_cores,
            anon: RUNTIME.0 as f64 + candidate.kv_per_token.0 as f64 * f64::from(context),
            file: candidate.weights.0 as f64,
            has_runtime: false,
            seconds: 0.0,
            worked: 0.0,
        }
    }

    /// The rows of the channel table; those of group [`FAST`] come first.
    pub(super) fn specs(profile: &Profile) -> impl Iterator<Item = ChannelSpec> {
        let is_silent = profile.face.os == Os::IosLike;
        let files = CHANNELS.into_iter().map(move |(name, quantity, unit, scale, source, look)| {
            let missing = (is_silent && !look.is_own()).then_some(Reason::Denied);
            ChannelSpec { missing, ..spec(name, (quantity, unit, scale), (FAST, source), rule::PLAIN) }
        });
        let told = OVERRIDES.into_iter().map(|(name, source)| {
            spec(name, (Quantity::Override, Unit::One, 1.0), (SLOW, source), rule::CAPTURED)
        });
        files.chain(told)
    }

    /// Lets time pass, of which the runtime worked a share.
    pub(super) fn pass(&mut self, seconds: f64, working: Ratio) {
        self.seconds += seconds;
        self.worked += seconds * working.0;
    }

    /// What the runtime holds in memory, bytes; nothing where there is none.
    pub(super) fn resident(&self) -> Option<Bytes> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive count of bytes")]
        self.has_runtime.then(|| Bytes((self.anon + self.file) as u64))
    }

    /// Adds the readings of a group, in the order of the table.
    pub(super) fn sample(&self, group: u8, values: &mut Vec<RawReading>) {
        if group == FAST {
            let shown = CHANNELS.iter().filter(|channel| !self.is_silent || channel.5.is_own());
            values.extend(shown.map(|(_, _, _, scale, _, look)| RawReading(self.read(*look, *scale))));
        } else {
            values.extend(OVERRIDES.iter().map(|_| RawReading(Ok(0))));
        }
    }

    fn read(&self, look: Look, scale: f64) -> Result<i64, Reason> {
        let runtime_s = self.worked * self.working_cores;
        let all_s = self.seconds * self.cores;
        let value = match look {
            Look::User => runtime_s + SERVICES * all_s,
            Look::System => SYSTEM * all_s,
            Look::Idle => all_s * (1.0 - SERVICES - SYSTEM) - runtime_s,
            Look::Nothing => 0.0,
            Look::Load => self.cores * (SERVICES + SYSTEM) + if self.has_runtime { self.working_cores } else { 0.0 },
            Look::Available => self.memory * (1.0 - SYSTEM_HOLDS) - if self.has_runtime { self.anon } else { 0.0 },
            _ if !self.has_runtime => return Err(Reason::Absent),
            Look::RuntimeAnon => self.anon,
            Look::RuntimeFile => self.file,
            Look::RuntimeSwap | Look::RuntimeFaults => 0.0,
            Look::RuntimeTime => runtime_s,
        };
        #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and counters stay far below")]
        Ok((value / scale) as i64)
    }
}

fn spec(
    name: &str,
    (quantity, unit, scale): (Quantity, Unit, f64),
    (group, source): (u8, &str),
    rule: u16,
) -> ChannelSpec {
    let (name, source) = (name.to_owned(), source.to_owned());
    ChannelSpec { name, quantity, unit, scale, rule, group, source, missing: None }
}
