//! What processors and memory do: the counters behind `/proc`.

use edgesoak_protocol::units::{Bytes, Nanos};

use crate::profile::Profile;

/// Shares of every core that the system takes for itself: its own work, and what users' services do.
const SYSTEM: f64 = 0.004;
const SERVICES: f64 = 0.006;
/// What the system holds of the memory.
const SYSTEM_HOLDS: f64 = 0.45;
/// The load average forgets within a minute.
const LOAD_S: f64 = 60.0;

/// What a runtime holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Its process.
    pub pid: u32,
    /// Memory of its own.
    pub anon: Bytes,
    /// Pages of files.
    pub file: Bytes,
    /// Whether a socket of it leads beyond the device.
    pub calls_out: bool,
}

/// Counters since the device was switched on.
#[derive(Debug, Clone)]
pub struct Work {
    pub(super) cores: f64,
    pub(super) memory: f64,
    pub(super) user_s: f64,
    pub(super) system_s: f64,
    pub(super) idle_s: f64,
    /// Processor time of the present runtime, seconds.
    pub(super) runtime_s: f64,
    pub(super) load: f64,
    held: Option<Held>,
}

impl Work {
    /// A device at rest.
    #[must_use]
    pub fn new(profile: &Profile) -> Self {
        let cores = f64::from(profile.face.cores);
        let load = cores * (SYSTEM + SERVICES);
        let memory = profile.face.memory_gib * f64::from(1 << 30);
        Self { cores, memory, user_s: 0.0, system_s: 0.0, idle_s: 0.0, runtime_s: 0.0, load, held: None }
    }

    /// Lets time pass in which the runtime kept some cores busy for a part of it.
    pub fn pass(&mut self, span: Nanos, busy_cores: f64) {
        let seconds = span.as_secs_f64();
        let ours = busy_cores.clamp(0.0, self.cores);
        let free = self.cores - ours;
        self.user_s += seconds * (ours + free * SERVICES);
        self.system_s += seconds * free * SYSTEM;
        self.idle_s += seconds * free * (1.0 - SERVICES - SYSTEM);
        self.runtime_s += seconds * ours;
        let target = ours + self.cores * (SERVICES + SYSTEM);
        self.load += (target - self.load) * (seconds / LOAD_S).min(1.0);
    }

    /// A runtime came, holds something else now, or went.
    pub fn hold(&mut self, held: Option<Held>) {
        if held.map(|held| held.pid) != self.held.map(|held| held.pid) {
            self.runtime_s = 0.0;
        }
        self.held = held;
    }

    /// The runtime, where there is one.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        self.held
    }

    /// Memory that nobody holds, bytes.
    pub(super) fn free(&self) -> f64 {
        let ours = self.held.map_or(0, |held| held.anon.0) as f64;
        (self.memory * (1.0 - SYSTEM_HOLDS) - ours).max(0.0)
    }
}
