//! A speedometer for people; judgements are made from stored tokens.

use std::collections::VecDeque;

use edgesoak_protocol::units::Nanos;

const WINDOW: Nanos = Nanos::from_secs(5);
/// More steps than any engine decodes in the window; bounds what a hostile device can fill.
const MAX_STEPS: usize = 10_000;

/// Decode rate over the last seconds: tokens after the first of each batch by the time that they took.
#[derive(Debug, Default)]
pub(super) struct RateGauge {
    /// When a token came, the time since the one before, and how many tokens it stands for.
    steps: VecDeque<(Nanos, u64, u32)>,
}

impl RateGauge {
    pub(super) fn take(&mut self, first: Nanos, deltas_ns: &[u64], tokens_per_stamp: u32) {
        let mut at = first.0;
        for delta in deltas_ns {
            at = at.saturating_add(*delta);
            self.steps.push_back((Nanos(at), *delta, tokens_per_stamp));
            if self.steps.len() > MAX_STEPS {
                self.steps.pop_front();
            }
        }
        while self.steps.front().is_some_and(|(time, ..)| Nanos(at).since(*time) > WINDOW) {
            self.steps.pop_front();
        }
    }

    /// Tokens per second; `None` while nothing was decoded lately.
    pub(super) fn rate(&self, now: Nanos) -> Option<f64> {
        let recent = || self.steps.iter().filter(|(time, ..)| now.since(*time) <= WINDOW);
        let tokens: u64 = recent().map(|(_, _, tokens)| u64::from(*tokens)).sum();
        let active = Nanos(recent().fold(0, |sum: u64, (_, delta, _)| sum.saturating_add(*delta)));
        (active.0 > 0).then(|| tokens as f64 / active.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_engine_reads_as_its_rate_and_a_silent_one_as_nothing() {
        let mut gauge = RateGauge::default();
        assert_eq!(gauge.rate(Nanos(0)), None);
        for batch in 0..40 {
            gauge.take(Nanos::from_millis(batch * 250), &[50_000_000; 4], 1);
        }
        let rate = gauge.rate(Nanos::from_millis(10_000)).expect("it decodes");
        assert!((rate - 20.0).abs() < 1e-9, "{rate}");
        assert_eq!(gauge.rate(Nanos::from_secs(60)), None);
    }

    #[test]
    fn hostile_times_are_survived() {
        let mut gauge = RateGauge::default();
        gauge.take(Nanos(u64::MAX), &vec![u64::MAX; 20_000], u32::MAX);
        assert!(gauge.steps.len() <= MAX_STEPS);
        assert!(gauge.rate(Nanos(u64::MAX)).expect("a number").is_finite());
    }
}
