//! The device's clocks, in nanoseconds.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// `CLOCK_MONOTONIC`: the time base of a journal. Stands still while the device is suspended.
pub fn mono_ns() -> u64 {
    nanoseconds(clock_gettime(ClockId::Monotonic))
}

/// `CLOCK_BOOTTIME`: runs on during suspend, so its lead over [`mono_ns`] is the time spent suspended.
pub fn boottime_ns() -> u64 {
    nanoseconds(clock_gettime(ClockId::Boottime))
}

/// Wall time since the Unix epoch: for people, never for analysis.
pub fn wall_ns() -> u64 {
    nanoseconds(clock_gettime(ClockId::Realtime))
}

/// A clock before its epoch (a board without a battery for its clock may count from 1969) reads as zero.
pub(crate) fn nanoseconds(time: Timespec) -> u64 {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let rest = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monotonic_never_runs_backwards() {
        let first = mono_ns();
        assert!(mono_ns() >= first);
        assert!(boottime_ns() > 0);
        assert!(wall_ns() > 0);
    }

    #[test]
    fn a_time_before_the_epoch_is_zero() {
        assert_eq!(nanoseconds(Timespec { tv_sec: -5, tv_nsec: 7 }), 7);
        assert_eq!(nanoseconds(Timespec { tv_sec: 2, tv_nsec: 3 }), 2_000_000_003);
    }
}
