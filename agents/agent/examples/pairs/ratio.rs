//! Median ratio of paired measurements with a bootstrap interval.

use std::fmt;

/// Resamples of the bootstrap.
const RESAMPLES: usize = 10_000;

/// A median of paired ratios.
pub struct Ratio {
    median: f64,
    lo: f64,
    hi: f64,
    pairs: usize,
}

impl Ratio {
    /// The ratio of each of `over` to the one of `under` at the same place.
    pub fn of(over: &[f64], under: &[f64]) -> Self {
        let ratios: Vec<f64> = over.iter().zip(under).map(|(over, under)| over / under).collect();
        let mut random = 0x9e37_79b9_7f4a_7c15;
        let mut medians: Vec<f64> = (0..RESAMPLES)
            .map(|_| {
                let mut sample: Vec<f64> =
                    (0..ratios.len()).map(|_| ratios[below(&mut random, ratios.len())]).collect();
                median(&mut sample)
            })
            .collect();
        medians.sort_by(f64::total_cmp);
        Self {
            median: median(&mut ratios.clone()),
            lo: medians[RESAMPLES / 40],
            hi: medians[RESAMPLES - RESAMPLES / 40 - 1],
            pairs: ratios.len(),
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}  95 % {:.4} to {:.4}  ({} pairs)", self.median, self.lo, self.hi, self.pairs)
    }
}

/// Puts `items` into an order that the seed decides.
pub fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x51_7cc1_b727_220a;
    for last in (1..items.len()).rev() {
        items.swap(last, below(&mut random, last + 1));
    }
}

/// The next number below `bound`, by xorshift.
fn below(state: &mut u64, bound: usize) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state % bound as u64).unwrap_or(0)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}
