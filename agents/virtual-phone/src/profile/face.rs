//! The face: which operating system an agent finds, and where the figures of a profile come from.

use serde::Deserialize;

/// What an agent finds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Face {
    /// The family of operating system.
    pub os: Os,
    /// The vendor's name of the part, as a property would tell it.
    pub soc: String,
    /// How many cores the operating system counts.
    pub cores: u32,
    /// Memory, GiB.
    pub memory_gib: f64,
}

/// A family of operating systems with its own texts, units and signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Os {
    /// Android as Google ships it.
    AndroidPixel,
    /// Android as Samsung ships it.
    AndroidSamsung,
    /// Android on a Zebra handheld.
    Zebra,
    /// Android on a Honeywell handheld.
    Honeywell,
    /// Linux on a board.
    LinuxBoard,
    /// A phone that tells next to nothing about itself.
    IosLike,
}

/// What a thermal zone stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZoneKind {
    /// Processor cores.
    Cpu,
    /// Graphics processor.
    Gpu,
    /// Neural processor.
    Npu,
    /// The whole system on chip.
    Soc,
    /// The outside, as a hand feels it.
    Skin,
    /// The battery.
    Battery,
    /// The circuit board.
    Board,
}

/// Where a profile's figures come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// What was fitted to what, one sentence each.
    pub sources: Vec<String>,
    /// Median absolute error of the decode rate over the run, as a part of one; absent where no public run exists.
    pub rate_error: Option<f64>,
    /// Median absolute error of the power of one core over measured operating points, as a part of one; absent where
    /// no measurement exists.
    pub power_error: Option<f64>,
    /// What is a guess.
    pub guesses: Vec<String>,
}
