//! How far a channel can be trusted: what its readings over a while tell of its sensor.
//!
//! Pure, so that the agent's probe and the host's judgement of a whole run say the same of the same readings. A
//! reading here is `(seconds, value)`, in time order on any clock, value in the channel's unit; moments at which a
//! channel gave a reason instead of a value are left out.

mod gather;
mod percent;
mod plausible;
mod refresh;
mod resolution;
mod sign;

use serde::{Deserialize, Serialize};

pub use gather::{Companions, doubts, of};
pub use percent::percent_times_constant;
pub use plausible::plausible;
pub use refresh::refresh_s;
pub use resolution::resolution;
pub use sign::{SignFound, sign, sign_by_counter, sign_by_status};

/// What watching a channel told of it. Absent fields were not found out; that is no praise.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Quality {
    /// Smallest step between two readings, in the channel's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<f64>,
    /// Median time for which a reading stays the same, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_s: Option<f64>,
    /// Which way a current or a power counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Sign>,
    /// What speaks against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
}

/// Direction of a battery's current, and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// Which way counts up.
    pub convention: Convention,
    /// What told so.
    pub found: Found,
}

/// Which way a positive current flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Convention {
    /// Positive charges the battery, as Android and the kernel promise.
    IntoBattery,
    /// Positive discharges it.
    OutOfBattery,
    /// Magnitudes only: the status tells the direction.
    Unsigned,
}

/// How a convention was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// The sign that went with a moving charge counter.
    ChargeCounter,
    /// The sign that went with the battery's status; weaker, as a status may lie.
    Status,
}

/// What speaks against a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// It never changed while others did.
    Constant,
    /// A charge counter that is the level in per cent times a number: it counts nothing.
    PercentTimesConstant,
    /// Outside what the quantity can be on a handheld device.
    Implausible,
    /// Its sign goes against the charge counter in one part of the time and with it in another.
    SignChanges,
}
