//! What the main thread asks between any two steps: must the session end now?

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::FinishReason;

use crate::alarm::{Alarm, End};
use crate::watchdog::Watchdog;

/// The stop file is looked for at least five times a second: this, and one wait of the main thread.
const LOOK_EVERY: Duration = Duration::from_millis(90);
/// Longest wait of the main thread between two questions.
pub(crate) const WAIT: Duration = Duration::from_millis(100);

/// The alarm together with the stop file, and the look at the sampler that the main thread takes on the way.
pub(crate) struct Interrupt {
    alarm: Arc<Alarm>,
    stop_file: PathBuf,
    watchdog: Option<Watchdog>,
    looked: Cell<Option<Instant>>,
}

impl Interrupt {
    pub(crate) fn new(alarm: Arc<Alarm>, stop_file: PathBuf) -> Self {
        Self { alarm, stop_file, watchdog: None, looked: Cell::new(None) }
    }

    /// Looks after the sampler too, as often as for the stop file.
    pub(crate) fn watching(mut self, watchdog: Watchdog) -> Self {
        self.watchdog = Some(watchdog);
        self
    }

    /// The reason to end, if there is one. Cheap enough for every event.
    pub(crate) fn asked(&self) -> Option<End> {
        if self.looked.get().is_none_or(|looked| looked.elapsed() >= LOOK_EVERY) {
            self.looked.set(Some(Instant::now()));
            self.watchdog.iter().for_each(Watchdog::look);
            if self.stop_file.exists() {
                self.alarm.raise(FinishReason::Stopped, "stop was asked for");
            }
        }
        self.alarm.raised().cloned()
    }

    /// [`Interrupt::asked`] for use with `?`.
    pub(crate) fn check(&self) -> Result<(), End> {
        self.asked().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_file_ends_the_session() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let stop = dir.path().join("stop");
        let alarm = Arc::new(Alarm::default());
        assert_eq!(Interrupt::new(alarm.clone(), stop.clone()).asked(), None);
        std::fs::write(&stop, "").expect("written");
        let end = Interrupt::new(alarm, stop).asked().expect("asked for");
        assert_eq!(end.reason, FinishReason::Stopped);
    }
}
