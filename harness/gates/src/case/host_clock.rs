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
        let offsets = &record.clock_offsets;
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
