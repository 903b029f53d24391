//! Where a soak would have come to rest, had it gone on, and where in other air. Information, never a gate.

use serde::{Deserialize, Serialize};

/// What a session's telemetry says of times and rooms that it did not see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The whole in one sentence.
    pub sentence: String,
    /// Why nothing can be said at all, as a stable word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The thermal network; absent where none was fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<ThermalNetwork>,
    /// What is expected in the air of the session, and then in other air; empty where nothing can be said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<Expected>,
}

/// A thermal network as one thermometer of the device shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThermalNetwork {
    /// Channel of the thermometer.
    pub zone: String,
    /// Time constants from fast to slow, seconds.
    pub time_constants_s: Vec<f64>,
    /// Rise of the zone over the air at rest, kelvin per watt; absent where no power was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kelvin_per_watt: Option<f64>,
    /// Root of the mean square of what the fit leaves, kelvin.
    pub error_k: f64,
    /// Hottest minute of the zone, °C: the device was never seen beyond.
    pub hottest_c: f64,
}

/// What is expected in air of one temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// Of the air, °C.
    pub ambient_c: f64,
    /// The slowest minute once the device has come to rest, tokens per second; absent where the soak cannot tell.
    pub floor_tps: Option<f64>,
    /// Lower bound of it.
    pub lo: Option<f64>,
    /// Upper bound of it.
    pub hi: Option<f64>,
    /// What the zone would settle at, °C.
    pub celsius: Option<f64>,
    /// Why there is no floor, as a stable word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}
