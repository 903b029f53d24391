//! Notices a sensor that does not come back: the run goes on without its ticks, and the journal says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use edgesoak_sensors::clocks;

use crate::journal::Journal;

/// A driver that takes this long hangs.
const HANGS_AFTER_NS: u64 = 10_000_000_000;

/// When the read that is under way began, nanoseconds; 0 while there is none.
#[derive(Debug, Default)]
pub(crate) struct Pulse(AtomicU64);

impl Pulse {
    pub(crate) fn begins(&self, now_ns: u64) {
        self.0.store(now_ns.max(1), Ordering::Relaxed);
    }

    pub(crate) fn ends(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Looks at the pulse of the thread that reads the sensors' files.
pub(crate) struct Watchdog {
    pulse: Arc<Pulse>,
    journal: Journal,
    /// The read that was told of.
    told: AtomicU64,
}

impl Watchdog {
    pub(crate) fn new(pulse: Arc<Pulse>, journal: Journal) -> Self {
        Self { pulse, journal, told: AtomicU64::new(0) }
    }

    /// Tells of a read that hangs, once.
    pub(crate) fn look(&self) {
        if let Some(began_ns) = self.hangs(clocks::mono_ns()) {
            self.told.store(began_ns, Ordering::Relaxed);
            let text = "a sensor has not answered for 10 s: ticks are missing until it does";
            self.journal.note("sampler-stuck", text);
        }
    }

    /// The beginning of a read that hangs and was not told of.
    fn hangs(&self, now_ns: u64) -> Option<u64> {
        let began_ns = self.pulse.0.load(Ordering::Relaxed);
        let hangs = began_ns > 0 && now_ns.saturating_sub(began_ns) > HANGS_AFTER_NS;
        (hangs && self.told.load(Ordering::Relaxed) != began_ns).then_some(began_ns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Disk;
    use crate::disk::tests::{Small, header};

    #[test]
    fn a_read_that_hangs_is_told_once() {
        let header = header();
        let disk = Disk::new(Small::new(&header, 1 << 16, None), header.len() as u64);
        let (journal, _writer) = Journal::start(disk, Arc::default()).expect("a thread starts");
        let pulse = Arc::new(Pulse::default());
        let watchdog = Watchdog::new(pulse.clone(), journal);
        let late = 5 + HANGS_AFTER_NS + 1;
        assert_eq!(watchdog.hangs(late), None, "nothing is read");
        pulse.begins(5);
        assert_eq!(watchdog.hangs(late - 1), None);
        assert_eq!(watchdog.hangs(late), Some(5));
        watchdog.told.store(5, Ordering::Relaxed);
        assert_eq!(watchdog.hangs(late), None, "it was told");
        pulse.ends();
        pulse.begins(late);
        assert_eq!(watchdog.hangs(late + late), Some(late), "the next one is another");
    }
}
