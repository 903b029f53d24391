//! When tokens are due.

use std::str::FromStr;
use std::time::Duration;

/// Tokens per second over the time since load: constant between its points.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve(Vec<(f64, f64)>);

impl Curve {
    /// One token every so many milliseconds, for ever; 0 means without a pause.
    pub fn every(milliseconds: f64) -> Self {
        Self(vec![(0.0, 1e3 / milliseconds)])
    }

    /// Time from a token at `since_load` to the next one.
    pub fn step(&self, since_load: Duration) -> Duration {
        let now = since_load.as_secs_f64();
        let rate = self.0.iter().rev().find(|(from, _)| *from <= now).map_or(self.0[0].1, |(_, rate)| *rate);
        Duration::from_secs_f64(1.0 / rate)
    }
}

impl FromStr for Curve {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let points: Option<Vec<_>> = text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|point| !point.is_empty())
            .map(|point| {
                let (from, rate) = point.split_once(':')?;
                Some((from.trim().parse::<f64>().ok()?, rate.trim().parse::<f64>().ok()?))
            })
            .collect();
        let points = points.ok_or("not a list of seconds:tokens_per_second")?;
        let rising = points.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let plausible =
            points.iter().all(|(from, rate)| (0.0..1e9).contains(from) && (1e-3..=1e6).contains(rate));
        if points.is_empty() || !rising || !plausible {
            return Err("a rate curve needs rising seconds and rates from 0.001 to 1000000");
        }
        Ok(Self(points))
    }
}

/// A repeatable sequence of factors around 1.
#[derive(Debug)]
pub struct Jitter(Option<u64>);

impl Jitter {
    pub fn new(seed: Option<u64>) -> Self {
        Self(seed)
    }

    /// The next factor: 1 without a seed, else from 0.9 to 1.1.
    pub fn next_factor(&mut self) -> f64 {
        let Some(state) = &mut self.0 else { return 1.0 };
        // SplitMix64: three multiplications give well spread bits from a counter.
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = *state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        0.9 + 0.2 * (bits >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step_ms(curve: &str, at: f64) -> f64 {
        let curve: Curve = curve.parse().expect("a curve");
        curve.step(Duration::from_secs_f64(at)).as_secs_f64() * 1e3
    }

    #[test]
    fn a_rate_holds_until_the_next_point() {
        for (at, expected) in [(0.0, 10.0), (29.9, 10.0), (30.0, 20.0), (1e6, 20.0)] {
            assert!((step_ms("0:100\n30:50\n", at) - expected).abs() < 1e-6);
        }
        assert!((step_ms("5:100", 0.0) - 10.0).abs() < 1e-6, "the first rate holds before its point");
        assert_eq!(Curve::every(0.0).step(Duration::ZERO), Duration::ZERO);
    }

    #[test]
    fn broken_curves_are_refused() {
        for text in ["", "5", "0:0", "0:-1", "0:nan", "1:5,1:6", "a:b", "0:inf"] {
            assert!(text.parse::<Curve>().is_err(), "{text}");
        }
    }

    #[test]
    fn jitter_repeats_and_stays_within_a_tenth() {
        let draw = |seed| {
            let mut jitter = Jitter::new(seed);
            (0..1000).map(|_| jitter.next_factor()).collect::<Vec<_>>()
        };
        assert_eq!(draw(Some(1)), draw(Some(1)));
        assert_ne!(draw(Some(1)), draw(Some(2)));
        assert!(draw(Some(1)).iter().all(|factor| (0.9..=1.1).contains(factor)));
        assert!(draw(None).iter().all(|factor| (factor - 1.0).abs() < f64::EPSILON));
    }
}
