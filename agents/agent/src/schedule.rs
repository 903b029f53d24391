//! When ticks are due: absolute deadlines that never drift, and what was missed.

/// The deadlines of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    period_ns: u64,
    next_ns: u64,
}

/// A tick that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Deadlines that passed whole and can no longer be kept.
    pub missed: u32,
    /// How late the tick is after its own deadline, nanoseconds.
    pub late_ns: u64,
}

impl Schedule {
    /// Deadlines at `start_ns`, `start_ns + period_ns`, ...
    #[must_use]
    pub fn new(start_ns: u64, period_ns: u64) -> Self {
        Self { period_ns: period_ns.max(1), next_ns: start_ns }
    }

    /// The next deadline.
    #[must_use]
    pub fn next_ns(&self) -> u64 {
        self.next_ns
    }

    /// The tick that is due at `now_ns`, if one is; moves on to the deadline after it.
    pub fn take(&mut self, now_ns: u64) -> Option<Due> {
        let behind = now_ns.checked_sub(self.next_ns)?;
        let missed = behind / self.period_ns;
        self.next_ns += (missed + 1) * self.period_ns;
        Some(Due { missed: u32::try_from(missed).unwrap_or(u32::MAX), late_ns: behind % self.period_ns })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_stall_is_counted_and_the_grid_is_kept() {
        let mut schedule = Schedule::new(1000, 100);
        assert_eq!(schedule.take(999), None);
        assert_eq!(schedule.take(1000), Some(Due { missed: 0, late_ns: 0 }));
        assert_eq!(schedule.take(1090), None);
        assert_eq!(schedule.take(1130), Some(Due { missed: 0, late_ns: 30 }));
        assert_eq!(schedule.take(1570), Some(Due { missed: 3, late_ns: 70 }));
        assert_eq!(schedule.next_ns(), 1600);
    }

    proptest! {
        #[test]
        fn every_deadline_is_either_kept_or_counted(
            steps in prop::collection::vec(0_u64..1000, 1..50),
            period in 1_u64..200,
        ) {
            let mut schedule = Schedule::new(0, period);
            let (mut now, mut taken, mut missed) = (0, 0, 0);
            for step in steps {
                now += step;
                if let Some(due) = schedule.take(now) {
                    taken += 1;
                    missed += u64::from(due.missed);
                    prop_assert!(due.late_ns < period);
                }
                prop_assert_eq!(schedule.next_ns(), (taken + missed) * period);
            }
        }
    }
}
