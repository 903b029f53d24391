//! Batch means (Conway 1963): the spread of a rate whose parts hang together, such as those of a limit cycle.

use super::bootstrap::Block;

/// Batches: those of a window of three minutes last longer than the cycles of governors.
const BATCHES: usize = 6;

/// Standard deviation of `ln(sum(above) / sum(below))` of blocks in time order, from six batches of neighbours.
///
/// `None` where a batch would hold fewer than two blocks, or has no ratio.
#[must_use]
pub fn ln_ratio_deviation(blocks: &[Block]) -> Option<f64> {
    let m = blocks.len();
    if m < 2 * BATCHES {
        return None;
    }
    let ln_ratio = |batch: usize| {
        let (above, below) = blocks[batch * m / BATCHES..(batch + 1) * m / BATCHES]
            .iter()
            .fold((0.0, 0.0), |sum, block| (sum.0 + block.above, sum.1 + block.below));
        Some((above / below).ln()).filter(|ln: &f64| ln.is_finite())
    };
    let logs: Vec<f64> = (0..BATCHES).map(ln_ratio).collect::<Option<_>>()?;
    let n = BATCHES as f64;
    let mean = logs.iter().sum::<f64>() / n;
    let squares = logs.iter().map(|log| (log - mean) * (log - mean)).sum::<f64>();
    Some((squares / (n - 1.0) / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::ln_ratio_deviation;
    use crate::statistics::bootstrap::{self, Block};
    use crate::statistics::random::Random;

    fn blocks(above: impl Fn(u32) -> f64) -> Vec<Block> {
        (0..60).map(|index| Block { above: above(index), below: 1.0 }).collect()
    }

    #[test]
    fn equal_blocks_have_no_spread_and_few_tell_nothing() {
        assert!(ln_ratio_deviation(&blocks(|_| 20.0)).expect("sixty blocks") < 1e-9);
        assert_eq!(ln_ratio_deviation(&blocks(|_| 20.0)[..11]), None);
        assert_eq!(ln_ratio_deviation(&blocks(|_| 0.0)), None);
    }

    #[test]
    fn neighbours_that_hang_together_spread_more_than_shuffled_ones() {
        // Two levels in turns of ten: six batches of one level each.
        let slow = blocks(|index| if (index / 10).is_multiple_of(2) { 18.0 } else { 22.0 });
        let batches = ln_ratio_deviation(&slow).expect("sixty blocks");
        let shuffled =
            bootstrap::ln_ratio_deviation(&slow, &mut Random::from_words(&["b"])).expect("sixty blocks");
        // Six values of +-0.1003: deviation 0.1003 * sqrt(6 / 5) / sqrt(6).
        assert!((batches - 0.0449).abs() < 1e-3 && shuffled < 0.016, "{batches} {shuffled}");
    }
}
