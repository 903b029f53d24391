//! Everything that can be said of one channel.

use super::{Doubt, Quality, SignFound, percent_times_constant, plausible, refresh_s, resolution, sign};
use crate::channel::Quantity;

/// Fewest readings of a channel that could have shown a change.
const FEWEST_READINGS: usize = 10;

/// What was read beside a channel, each as `(seconds, value)` on the same clock; empty where there is nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Companions<'a> {
    /// The charge counter of the same battery.
    pub charge_counter: &'a [(f64, f64)],
    /// The level of the same battery, per cent.
    pub level: &'a [(f64, f64)],
    /// The status of the same battery: 2 charging, 3 discharging.
    pub status: &'a [(f64, f64)],
    /// Another channel changed meanwhile: the device was awake.
    pub others_moved: bool,
}

/// What the readings of a channel of this quantity tell, given what was read beside it.
#[must_use]
pub fn of(quantity: Quantity, readings: &[(f64, f64)], beside: &Companions<'_>) -> Quality {
    let sign = match sign_of(quantity, readings, beside) {
        Some(SignFound::Clear(sign)) => Some(sign),
        _ => None,
    };
    let doubts = doubts(quantity, readings, beside);
    Quality { resolution: resolution(readings), refresh_s: refresh_s(readings), sign, doubts }
}

/// What speaks against a channel of this quantity, each doubt once.
#[must_use]
pub fn doubts(quantity: Quantity, readings: &[(f64, f64)], beside: &Companions<'_>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if beside.others_moved && is_constant(quantity, readings) {
        doubts.push(Doubt::Constant);
    }
    if quantity == Quantity::ChargeCounter && percent_times_constant(beside.level, readings) {
        doubts.push(Doubt::PercentTimesConstant);
    }
    if readings.iter().any(|(_, value)| !plausible(quantity).contains(value)) {
        doubts.push(Doubt::Implausible);
    }
    if sign_of(quantity, readings, beside) == Some(SignFound::Changes) {
        doubts.push(Doubt::SignChanges);
    }
    doubts
}

/// A counter that is the level in other clothes tells nothing of a sign.
fn sign_of(quantity: Quantity, readings: &[(f64, f64)], beside: &Companions<'_>) -> Option<SignFound> {
    if !matches!(quantity, Quantity::Current | Quantity::Power) {
        return None;
    }
    let disguised = percent_times_constant(beside.level, beside.charge_counter);
    let counter = if disguised { &[] } else { beside.charge_counter };
    sign(readings, counter, beside.status)
}

/// One value for longer than what the quantity measures stays the same on a device that is awake.
fn is_constant(quantity: Quantity, readings: &[(f64, f64)]) -> bool {
    let longest = match quantity {
        Quantity::Current | Quantity::Power | Quantity::Energy | Quantity::CpuTime => 30.0,
        Quantity::Temperature | Quantity::ChargeCounter | Quantity::Voltage => 120.0,
        // States, caps and shares stand still with good reason.
        _ => return false,
    };
    let (Some(first), Some(last)) = (readings.first(), readings.last()) else { return false };
    readings.len() >= FEWEST_READINGS
        && last.0 - first.0 >= longest
        && readings.iter().all(|(_, value)| value.to_bits() == first.1.to_bits())
}
