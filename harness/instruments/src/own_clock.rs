//! A meter's own clock against the host's.
//!
//! A reading arrives some time after it was taken, never before: of all delays of a while the shortest tells most. The
//! shortest delays of equal spans of own time are kept, a robust line through them gives the drift, and the line is
//! laid under all of them. What every reading is late by at least cannot be seen from this side of the cable.

use edgesoak_record::host_entry::MeterClock;
use edgesoak_record::units::Nanos;

use crate::theil_sen::slope;

/// Spans that are kept; beyond this two neighbours become one.
const MOST_SPANS: usize = 128;
/// Length of a span at the beginning, nanoseconds.
const FIRST_SPAN: i64 = 1_000_000_000;
/// Fewer spans show no drift.
const LEAST_SPANS: usize = 8;
/// Quartz is a thousand times better: a clock that drifts more counts something else than seconds.
const MOST_DRIFT: f64 = 0.01;

/// What is known of the clock of one stream.
#[derive(Debug, Clone)]
pub struct OwnClock {
    span_ns: i64,
    /// Shortest delay of each span: number of the span, own time, arrival less own time.
    spans: Vec<(i64, i64, i128)>,
    last_own: Option<i64>,
    went_back: bool,
}

impl Default for OwnClock {
    fn default() -> Self {
        Self { span_ns: FIRST_SPAN, spans: Vec::new(), last_own: None, went_back: false }
    }
}

impl OwnClock {
    /// Takes a reading that was taken at `own_ns` and arrived at `arrived`.
    pub fn take(&mut self, own_ns: i64, arrived: Nanos) {
        self.went_back |= self.last_own.is_some_and(|last| own_ns < last);
        self.last_own = Some(own_ns);
        if self.went_back {
            return;
        }
        let delay = i128::from(arrived.0) - i128::from(own_ns);
        let span = own_ns.div_euclid(self.span_ns);
        match self.spans.last_mut() {
            Some(last) if last.0 == span => {
                if delay < last.2 {
                    *last = (span, own_ns, delay);
                }
            }
            _ => self.spans.push((span, own_ns, delay)),
        }
        while self.spans.len() > MOST_SPANS {
            self.widen();
        }
    }

    /// Makes every span twice as long.
    fn widen(&mut self) {
        self.span_ns = self.span_ns.saturating_mul(2);
        let mut wider: Vec<(i64, i64, i128)> = Vec::with_capacity(MOST_SPANS);
        for &(_, own, delay) in &self.spans {
            let span = own.div_euclid(self.span_ns);
            match wider.last_mut() {
                Some(last) if last.0 == span => {
                    if delay < last.2 {
                        *last = (span, own, delay);
                    }
                }
                _ => wider.push((span, own, delay)),
            }
        }
        self.spans = wider;
    }

    /// Whether it ever went back: what it says from then on has nothing to do with an earlier fit.
    #[must_use]
    pub fn went_back(&self) -> bool {
        self.went_back
    }

    /// The fit so far; `None` where there is no own clock, or one that is none: it went back, or it drifts by more than
    /// one per cent.
    #[must_use]
    pub fn fit(&self) -> Option<MeterClock> {
        let &(_, own0, delay0) = self.spans.first()?;
        if self.went_back {
            return None;
        }
        let points: Vec<(f64, f64)> = self
            .spans
            .iter()
            .map(|(_, own, delay)| ((i128::from(*own) - i128::from(own0)) as f64, (delay - delay0) as f64))
            .collect();
        let drift = if points.len() < LEAST_SPANS { 0.0 } else { slope(&points).unwrap_or(0.0) };
        if drift.abs() > MOST_DRIFT {
            return None;
        }
        let mut above: Vec<f64> = points.iter().map(|(x, y)| y - drift * x).collect();
        let lowest = above.iter().copied().reduce(f64::min)?;
        for delay in &mut above {
            *delay -= lowest;
        }
        above.sort_by(f64::total_cmp);
        // Nearest rank: nine of ten spans have a delay this short.
        let residual = above.get((above.len() * 9).div_ceil(10).saturating_sub(1)).copied().unwrap_or(0.0);
        let host = i128::from(own0) + delay0 + whole(lowest);
        let host_ns = i64::try_from(host).ok()?;
        let drift_ppb = i64::try_from(whole(drift * 1e9)).ok()?;
        Some(MeterClock {
            own_ns: own0,
            host_ns,
            drift_ppb,
            residual_ns: u64::try_from(whole(residual)).ok()?,
        })
    }
}

/// Saturates, as float casts do.
#[expect(clippy::cast_possible_truncation, reason = "a difference of times, far below 2^127")]
fn whole(nanos: f64) -> i128 {
    nanos.round() as i128
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ten readings a second for `seconds`, of a clock with this drift and these delays in milliseconds.
    fn followed(seconds: u64, drift: f64, delay_ms: impl Fn(u64) -> u64) -> OwnClock {
        let mut clock = OwnClock::default();
        for n in 0..seconds * 10 {
            let taken = 1_000_000_000_000 + n * 100_000_000;
            #[expect(clippy::cast_possible_truncation, reason = "minutes")]
            let own = ((n * 100_000_000) as f64 / (1.0 + drift)) as i64;
            clock.take(own, Nanos(taken + delay_ms(n) * 1_000_000));
        }
        clock
    }

    fn error_ms(clock: &OwnClock, drift: f64, at_s: u64) -> f64 {
        #[expect(clippy::cast_possible_truncation, reason = "minutes")]
        let own = ((at_s * 1_000_000_000) as f64 / (1.0 + drift)) as i64;
        let host = clock.fit().expect("a fit").host(own).expect("a time").0;
        (host as f64 - (1_000_000_000_000 + at_s * 1_000_000_000) as f64) / 1e6
    }

    #[test]
    fn drift_and_offset_are_found_through_jitter_and_bursts() {
        // 200 ppm; delays between 5 and 104 ms, and every fifth second all of them are above 400 ms.
        let delay = |n: u64| if (n / 10) % 5 == 4 { 400 + n % 10 } else { 5 + (n * 37) % 100 };
        let clock = followed(600, 200e-6, delay);
        let fit = clock.fit().expect("a fit");
        assert!((fit.drift_ppb - 200_000).abs() < 20_000, "{fit:?}");
        for at in [0, 300, 600] {
            let error = error_ms(&clock, 200e-6, at);
            assert!((-10.0..=30.0).contains(&error), "{error} ms after {at} s");
        }
        assert!(fit.residual_ns < 500_000_000, "{fit:?}");
    }

    #[test]
    fn a_short_stream_has_an_offset_and_no_drift() {
        let fit = followed(3, 0.0, |_| 7).fit().expect("a fit");
        assert_eq!((fit.drift_ppb, fit.host_ns), (0, 1_000_007_000_000));
        assert_eq!(fit.residual_ns, 0);
        assert_eq!(OwnClock::default().fit(), None);
    }

    #[test]
    fn what_is_no_clock_of_seconds_is_not_used() {
        assert_eq!(followed(60, 0.5, |_| 0).fit(), None);
        let mut clock = followed(60, 0.0, |_| 0);
        clock.take(3, Nanos(2_000_000_000_000));
        assert_eq!(clock.fit(), None, "it went back");
    }

    #[test]
    fn a_long_stream_is_kept_within_bounds() {
        let mut clock = OwnClock::default();
        for second in 0..100_000u64 {
            clock.take(i64::try_from(second * 1_000_000_000).expect("fits"), Nanos::from_secs(second + 5));
            assert!(clock.spans.len() <= MOST_SPANS);
        }
        let fit = clock.fit().expect("a fit");
        assert_eq!((fit.drift_ppb, fit.host_ns), (0, 5_000_000_000), "{fit:?}");
    }

    proptest! {
        #[test]
        fn no_times_panic(times in proptest::collection::vec((any::<i64>(), any::<u64>()), 0..300)) {
            let mut clock = OwnClock::default();
            let mut times = times;
            times.sort_unstable();
            for (own, arrived) in times {
                clock.take(own, Nanos(arrived));
            }
            if let Some(fit) = clock.fit() {
                prop_assert!(fit.drift_ppb.abs() <= 10_000_000);
                let _ = (fit.host(i64::MIN), fit.host(i64::MAX));
            }
        }
    }
}
