//! Clock domains: what they do per cycle and what that costs.

use serde::Deserialize;

/// A group of cores, or the memory bus, with one clock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// The name that governors and caps use.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The thermal node that its power heats.
    pub node: String,
    /// Cores that share the clock; 1 for memory.
    pub cores: u32,
    /// Work per core and cycle while single tokens are decoded: FLOP of a processor, bytes of memory.
    pub work_per_cycle: f64,
    /// The same while a prompt is read, where many tokens share each weight; absent: as in decoding.
    pub prefill_work_per_cycle: Option<f64>,
    /// Power of inference by that of `points`, whose load is a scalar integer benchmark.
    #[serde(default = "one")]
    pub intensity: f64,
    /// Operating points, rising: clock in kHz, and dynamic power of one busy core in mW.
    pub points: Vec<(u64, f64)>,
}

/// What a clock domain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Processor cores.
    Cpu,
    /// A graphics processor.
    Gpu,
    /// A neural processor.
    Npu,
    /// The memory and its bus.
    Memory,
}

/// What is drawn beside the work itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Power {
    /// Screen, radio, rails and an idle system, mW.
    pub idle_mw: f64,
    /// The node that the idle power and the loss of the regulators heat.
    pub idle_node: String,
    /// Leakage of the chip at 25 °C, mW.
    pub leakage_mw_at_25c: f64,
    /// Leakage doubles with every rise of this many kelvin.
    pub leakage_doubles_every_k: f64,
    /// The node that leaks.
    pub leakage_node: String,
    /// Part of a core's power that stays while it waits for memory.
    pub stalled_share: f64,
    /// Efficiency of the regulators between supply and load.
    pub regulator_efficiency: f64,
}

fn one() -> f64 {
    1.0
}
