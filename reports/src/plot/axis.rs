//! Value axes: a range that holds everything, and few round ticks.

use crate::words::number::fixed;

/// A value axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<f64>,
    decimals: usize,
}

impl Axis {
    /// An axis over `low..=high` with about `count` steps between ticks.
    pub fn over(low: f64, high: f64, count: f64) -> Self {
        let (low, high) = sane(low, high);
        let step = round_step((high - low) / count);
        let bottom = (low / step).floor() * step;
        let mut ticks = Vec::new();
        let mut place = 0.0;
        while bottom + place * step <= high + step * 1e-6 && place < 12.0 {
            ticks.push(bottom + place * step);
            place += 1.0;
        }
        let decimals = match step {
            step if step >= 1.0 => 0,
            step if step >= 0.1 => 1,
            step if step >= 0.01 => 2,
            _ => 3,
        };
        Self { low: bottom, high: high.max(bottom + step), ticks, decimals }
    }

    /// An axis from zero: rates, powers and sizes are read as parts of a whole.
    pub fn from_zero(high: f64, count: f64) -> Self {
        Self::over(0.0, high.max(0.0) * 1.06, count)
    }

    /// The text at a tick.
    pub fn label(&self, tick: f64) -> String {
        fixed(tick, self.decimals)
    }

    /// The place of a value: 0 at the bottom, 1 at the top.
    pub fn place(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// Ticks of the time axis, seconds.
pub(crate) fn time_ticks(end: f64) -> Vec<f64> {
    const STEPS: [f64; 11] = [1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0];
    let step = STEPS.into_iter().find(|step| end / step <= 9.0).unwrap_or(3_600.0);
    let mut ticks = Vec::new();
    let mut tick = 0.0;
    while tick <= end {
        ticks.push(tick);
        tick += step;
    }
    ticks
}

/// Ranges that cannot be drawn come from hostile files.
fn sane(low: f64, high: f64) -> (f64, f64) {
    let low = if low.is_finite() { low.clamp(-1e15, 1e15) } else { 0.0 };
    let high = if high.is_finite() { high.clamp(-1e15, 1e15) } else { 1.0 };
    let least = low.abs().max(1e-3) * 1e-3;
    if high - low < least { (low, low + least) } else { (low, high) }
}

fn round_step(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    let lead = raw / power;
    let round = [1.0, 2.0, 2.5, 5.0].into_iter().find(|step| lead <= step * 1.001).unwrap_or(10.0);
    round * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(Axis::over(0.0, 23.0, 3.0).ticks, [0.0, 10.0, 20.0]);
        assert_eq!(Axis::over(31.0, 46.0, 3.0).ticks, [30.0, 35.0, 40.0, 45.0]);
        assert_eq!(time_ticks(600.0).len(), 6);
        assert_eq!(Axis::over(5.0, 5.0, 3.0).label(5.0), "5.000");
    }

    proptest! {
        #[test]
        fn every_range_can_be_drawn(low in any::<f64>(), high in any::<f64>()) {
            let axis = Axis::over(low, high, 3.0);
            prop_assert!(axis.low.is_finite() && axis.high.is_finite() && axis.low < axis.high);
            prop_assert!((1..=12).contains(&axis.ticks.len()));
            if low.is_finite() && high.is_finite() && low.abs() < 1e14 && high.abs() < 1e14 && low <= high {
                prop_assert!(axis.low <= low && high <= axis.high);
            }
        }
    }
}
