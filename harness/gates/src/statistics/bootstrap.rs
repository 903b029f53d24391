//! Bootstrap of a ratio of sums by blocks: the spread of a rate within one run.

use super::random::Random;

/// Resamples: the spread is then known to about 4 %, far finer than what it is combined with.
const RESAMPLES: u32 = 400;

/// One block: what stands above the line and what stands below it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// For instance tokens.
    pub above: f64,
    /// For instance active seconds.
    pub below: f64,
}

/// Standard deviation of `ln(sum(above) / sum(below))` over resampled blocks.
///
/// Corrected by `sqrt(m / (m - 1))` for `m` blocks. `None` with fewer than 3 blocks, or when a
/// resample has no ratio.
pub fn ln_ratio_deviation(blocks: &[Block], random: &mut Random) -> Option<f64> {
    if blocks.len() < 3 {
        return None;
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..RESAMPLES {
        let (mut above, mut below) = (0.0, 0.0);
        for _ in 0..blocks.len() {
            let block = blocks[random.below(blocks.len())];
            above += block.above;
            below += block.below;
        }
        let value = (above / below).ln();
        if !value.is_finite() {
            return None;
        }
        sum += value;
        squares += value * value;
    }
    let n = f64::from(RESAMPLES);
    let variance = (squares - sum * sum / n).max(0.0) / (n - 1.0);
    let blocks = blocks.len() as f64;
    Some((variance * blocks / (blocks - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::{Block, ln_ratio_deviation};
    use crate::statistics::random::Random;

    fn random() -> Random {
        Random::from_words(&["bootstrap"])
    }

    #[test]
    fn equal_blocks_have_no_spread() {
        let blocks = [Block { above: 128.0, below: 4.0 }; 10];
        let spread = ln_ratio_deviation(&blocks, &mut random()).expect("ten blocks");
        assert!(spread < 1e-6, "{spread}");
    }

    #[test]
    fn spread_of_the_mean_follows_theory() {
        // Alternating 9 and 11 above, 1 below: the mean of m blocks has a relative deviation of 0.1 / sqrt(m - 1).
        let blocks: Vec<_> =
            (0..100).map(|i| Block { above: if i % 2 == 0 { 9.0 } else { 11.0 }, below: 1.0 }).collect();
        let spread = ln_ratio_deviation(&blocks, &mut random()).expect("a hundred blocks");
        assert!((spread - 0.01005).abs() < 0.0015, "{spread}");
    }

    #[test]
    fn too_few_or_empty_blocks_have_none() {
        assert_eq!(ln_ratio_deviation(&[Block { above: 1.0, below: 1.0 }; 2], &mut random()), None);
        assert_eq!(ln_ratio_deviation(&[Block { above: 0.0, below: 0.0 }; 9], &mut random()), None);
    }
}
