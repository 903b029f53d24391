//! Means over bins of 30 s, for the settle rule: a few numbers, however long the soak.

use std::collections::VecDeque;

/// Width of a bin.
pub(crate) const BIN_SECONDS: u64 = 30;
/// Bins of the settle rule's window of 180 s.
pub(crate) const WINDOW_BINS: u64 = 6;
const BIN_NS: u64 = BIN_SECONDS * 1_000_000_000;

/// Weighted means of the last bins, counted from a fixed start.
#[derive(Debug, Clone)]
pub struct Bins {
    start_ns: u64,
    bins: VecDeque<Bin>,
}

#[derive(Debug, Clone, Copy)]
struct Bin {
    index: u64,
    sum: f64,
    weight: f64,
}

impl Bins {
    /// Bins that count from `start_ns`.
    #[must_use]
    pub fn starting(start_ns: u64) -> Self {
        Self { start_ns, bins: VecDeque::new() }
    }

    /// Adds to the bin of `t_ns`. Times do not run backwards; what comes before the last bin belongs to it.
    pub fn add(&mut self, t_ns: u64, sum: f64, weight: f64) {
        let index = t_ns.saturating_sub(self.start_ns) / BIN_NS;
        match self.bins.back_mut() {
            Some(last) if last.index >= index => {
                last.sum += sum;
                last.weight += weight;
            }
            _ => {
                self.bins.push_back(Bin { index, sum, weight });
                // One more than the window: the last one is still being filled.
                while self.bins.front().is_some_and(|first| first.index + WINDOW_BINS < index) {
                    self.bins.pop_front();
                }
            }
        }
    }

    /// `(seconds since the start, mean)` of the whole bins in the window that ends at `now_ns`.
    #[must_use]
    pub fn window(&self, now_ns: u64) -> Vec<(f64, f64)> {
        let end = now_ns.saturating_sub(self.start_ns) / BIN_NS;
        self.bins
            .iter()
            .filter(|bin| bin.index < end && bin.index + WINDOW_BINS >= end && bin.weight > 0.0)
            .map(|bin| ((bin.index * BIN_SECONDS) as f64 + BIN_SECONDS as f64 / 2.0, bin.sum / bin.weight))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_holds_the_last_six_whole_bins() {
        let mut bins = Bins::starting(5_000_000_000);
        for second in 0..400_u64 {
            bins.add(5_000_000_000 + second * 1_000_000_000, second as f64, 1.0);
        }
        assert!(bins.bins.len() <= 7, "memory is bounded");
        let window = bins.window(405_000_000_000);
        let times: Vec<f64> = window.iter().map(|point| point.0).collect();
        assert_eq!(times, [225.0, 255.0, 285.0, 315.0, 345.0, 375.0]);
        assert!((window[0].1 - 224.5).abs() < 1e-9);
    }

    #[test]
    fn an_empty_bin_is_left_out_and_not_zero() {
        let mut bins = Bins::starting(0);
        bins.add(1, 3.0, 1.0);
        bins.add(61_000_000_000, 5.0, 1.0);
        assert_eq!(bins.window(90_000_000_000), [(15.0, 3.0), (75.0, 5.0)]);
    }
}
