//! One unit of a kind: no two chips leak alike. A seed draws the differences; seed 0 is the nominal unit.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use crate::profile::Spread;

/// A unit's figures by the nominal unit's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Leakage.
    pub leakage: f64,
    /// Dynamic power.
    pub dynamic: f64,
    /// Thermal conductances.
    pub cooling: f64,
    /// The battery's internal resistance.
    pub resistance: f64,
}

impl Unit {
    /// The unit of this seed.
    #[must_use]
    pub fn drawn(spread: &Spread, seed: u64) -> Self {
        if seed == 0 {
            return Self { leakage: 1.0, dynamic: 1.0, cooling: 1.0, resistance: 1.0 };
        }
        let mut random = Pcg32::seed_from_u64(seed);
        Self {
            leakage: 1.0 + spread.leakage * deviate(&mut random),
            dynamic: 1.0 + spread.dynamic * deviate(&mut random),
            cooling: 1.0 + spread.cooling * deviate(&mut random),
            resistance: 1.0 + spread.resistance * deviate(&mut random),
        }
    }
}

/// Nearly normal, mean 0, standard deviation 1, never beyond 6: a sum of twelve uniform numbers (Irwin and Hall, 1927),
/// which needs no logarithm and so no system's maths library.
fn deviate(random: &mut Pcg32) -> f64 {
    (0..12).map(|_| f64::from(random.next_u32()) / 4_294_967_296.0).sum::<f64>() - 6.0
}

#[cfg(test)]
mod tests {
    use super::Unit;
    use crate::profile::Spread;

    #[test]
    fn units_spread_as_their_profile_says() {
        let spread = Spread { leakage: 0.10, dynamic: 0.02, cooling: 0.03, resistance: 0.05 };
        let leakages: Vec<f64> = (1..=2000).map(|seed| Unit::drawn(&spread, seed).leakage).collect();
        let mean = leakages.iter().sum::<f64>() / 2000.0;
        let deviation = (leakages.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 2000.0).sqrt();
        assert!((mean - 1.0).abs() < 0.01, "mean {mean}");
        assert!((deviation - 0.10).abs() < 0.005, "deviation {deviation}");
    }

    #[test]
    fn a_seed_is_one_unit_everywhere() {
        let spread = Spread { leakage: 0.1, dynamic: 0.1, cooling: 0.1, resistance: 0.1 };
        assert_eq!(Unit::drawn(&spread, 7), Unit::drawn(&spread, 7));
        assert_ne!(Unit::drawn(&spread, 7), Unit::drawn(&spread, 8));
    }
}
