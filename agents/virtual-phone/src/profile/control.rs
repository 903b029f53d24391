//! Control: governors, caps of the vendor, the thermal status and the last resort.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A governor that walks cooling devices one state per poll.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepWise {
    /// The zone that it reads.
    pub sensor: String,
    /// Time between polls, ms.
    pub poll_ms: u64,
    /// Its trip points.
    #[serde(rename = "trip")]
    pub trips: Vec<Trip>,
}

/// One trip point.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trip {
    /// Temperature from which it throttles, °C.
    pub at_c: f64,
    /// It lets go this far below, K.
    pub hysteresis_k: f64,
    /// The clusters that it slows down.
    pub cools: Vec<String>,
    /// Most operating points that it may take away from each.
    pub deepest: usize,
}

/// A governor that shares a budget of power among its actors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerAllocator {
    /// The zone that it reads.
    pub sensor: String,
    /// Time between polls, ms.
    pub poll_ms: u64,
    /// Below this it lets everything run, °C.
    pub switch_on_c: f64,
    /// The temperature that it holds, °C.
    pub control_c: f64,
    /// Budget at the control temperature, mW.
    pub sustainable_mw: f64,
    /// Budget taken away per kelvin above, mW/K.
    pub overshoot_mw_per_k: f64,
    /// Budget given per kelvin below, mW/K.
    pub undershoot_mw_per_k: f64,
    /// Budget per kelvin and poll that stays wrong, mW/K.
    pub integral_mw_per_k: f64,
    /// Errors larger than this are not integrated, K.
    pub integral_cutoff_k: f64,
    /// Who shares the budget.
    #[serde(rename = "actor")]
    pub actors: Vec<Actor>,
}

/// One that shares the budget.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Its cluster.
    pub cluster: String,
    /// Weight of its requests.
    pub weight: f64,
}

/// A cap of the vendor: clusters may not run faster while a zone is warm.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// The zone that it reads.
    pub sensor: String,
    /// Time between polls, ms.
    pub poll_ms: u64,
    /// Temperature from which it holds, °C.
    pub on_c: f64,
    /// Temperature below which it lets go, °C.
    pub off_c: f64,
    /// Highest clock of each cluster, kHz.
    pub limits_khz: BTreeMap<String, u64>,
}

/// When the operating system tells which severity. Absent levels are never told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The zone that it reads.
    pub sensor: String,
    /// Time between polls, ms: the status may lag by as much.
    pub poll_ms: u64,
    /// It falls back this far below a level, K.
    pub hysteresis_k: f64,
    /// LIGHT from here, °C.
    pub light_c: Option<f64>,
    /// MODERATE from here, °C.
    pub moderate_c: Option<f64>,
    /// SEVERE from here, °C.
    pub severe_c: Option<f64>,
    /// CRITICAL from here, °C.
    pub critical_c: Option<f64>,
    /// EMERGENCY from here, °C.
    pub emergency_c: Option<f64>,
    /// SHUTDOWN from here, °C.
    pub shutdown_c: Option<f64>,
}

impl Status {
    /// The thresholds from LIGHT to SHUTDOWN, °C.
    #[must_use]
    pub fn levels(&self) -> [Option<f64>; 6] {
        [self.light_c, self.moderate_c, self.severe_c, self.critical_c, self.emergency_c, self.shutdown_c]
    }
}

/// The last resort: the device switches itself off.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Down {
    /// The zone.
    pub sensor: String,
    /// The temperature, °C.
    pub at_c: f64,
}
