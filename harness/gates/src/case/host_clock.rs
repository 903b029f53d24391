//! From the host's monotonic clock to the device's: what stands beside a device is timed by the host.

use edgesoak_record::session::{ClockOffset, SessionRecord};
use edgesoak_record::units::Nanos;

/// A straight line through the first and the last comparison of the two clocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HostClock {
    /// Host time of the first comparison, nanoseconds.
    host_ns: u64,
    /// Device less host then, nanoseconds.
    offset_ns: f64,
    /// Change of the offset per nanosecond of the host.
    drift: f64,
    /// How far the line may be off, seconds: the round trips at its ends, or a comparison between them.
    pub uncertainty_s: f64,
}

impl HostClock {
    /// From a session's comparisons; `None` without any.
    #[must_use]
    pub fn of(record: &SessionRecord) -> Option<Self> {
        Self::along(&record.clock_offsets)
    }

    fn along(offsets: &[ClockOffset]) -> Option<Self> {
        let first = offsets.iter().min_by_key(|at| at.host_mono)?;
        let last = offsets.iter().max_by_key(|at| at.host_mono)?;
        let elapsed = last.host_mono.since(first.host_mono).0;
        let moved = (i128::from(last.offset_ns) - i128::from(first.offset_ns)) as f64;
        let drift = if elapsed > 0 { moved / elapsed as f64 } else { 0.0 };
        let mut clock =
            Self { host_ns: first.host_mono.0, offset_ns: first.offset_ns as f64, drift, uncertainty_s: 0.0 };
        let off = |at: &ClockOffset| {
            (at.offset_ns as f64 - clock.offset_at(at.host_mono)).abs() + at.uncertainty_ns as f64
        };
        clock.uncertainty_s = offsets.iter().map(off).fold(0.0, f64::max) / 1e9;
        Some(clock)
    }

    fn offset_at(&self, host: Nanos) -> f64 {
        let since = (i128::from(host.0) - i128::from(self.host_ns)) as f64;
        self.offset_ns + self.drift * since
    }

    /// Device time, nanoseconds; `None` before the device's clock began.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest integer that there is")]
    pub fn device_ns(&self, host: Nanos) -> Option<u64> {
        let device = i128::from(host.0).checked_add(self.offset_at(host).round() as i128)?;
        u64::try_from(device).ok()
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::session::ClockOffset;
    use edgesoak_record::units::Nanos;

    use super::HostClock;

    fn offset(host_s: u64, offset_ns: i64, uncertainty_ns: u64) -> ClockOffset {
        ClockOffset { host_mono: Nanos::from_secs(host_s), offset_ns, uncertainty_ns, suspended: Nanos(0) }
    }

    #[test]
    fn a_straight_line_between_first_and_last() {
        // 7 s ahead, and 60 µs a second faster: after 100 s 6 ms more.
        let offsets = [offset(1_100, 7_006_000_000, 40_000), offset(1_000, 7_000_000_000, 20_000)];
        let clock = HostClock::along(&offsets).expect("two comparisons");
        assert_eq!(clock.device_ns(Nanos::from_secs(1_000)), Some(1_007_000_000_000));
        assert_eq!(clock.device_ns(Nanos::from_secs(1_050)), Some(1_057_003_000_000));
        assert_eq!(clock.device_ns(Nanos::from_secs(1_200)), Some(1_207_012_000_000));
        assert_eq!(clock.device_ns(Nanos::from_secs(900)), Some(906_994_000_000));
        assert!((clock.uncertainty_s - 40e-6).abs() < 1e-12, "the worse round trip");
    }

    #[test]
    fn a_comparison_off_the_line_is_its_uncertainty() {
        let offsets = [offset(0, 0, 1_000), offset(50, 900_000_000, 2_000), offset(100, 0, 1_000)];
        let clock = HostClock::along(&offsets).expect("three comparisons");
        assert!((clock.uncertainty_s - 0.900_002).abs() < 1e-9);
    }

    #[test]
    fn one_comparison_has_no_drift_and_none_no_clock() {
        let clock = HostClock::along(&[offset(10, -4_000_000_000, 0)]).expect("one comparison");
        assert_eq!(clock.device_ns(Nanos::from_secs(20)), Some(16_000_000_000));
        assert_eq!(clock.device_ns(Nanos::from_secs(3)), None, "before the device's clock began");
        assert_eq!(HostClock::along(&[]), None);
        let far =
            HostClock::along(&[offset(0, i64::MAX, u64::MAX), offset(1, i64::MIN, 0)]).expect("a clock");
        assert_eq!(far.device_ns(Nanos(u64::MAX)), None, "hostile comparisons end somewhere");
    }
}
