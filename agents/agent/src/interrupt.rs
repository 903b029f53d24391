//! What the main thread asks between any two steps: must the session end now?

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::FinishReason;

use crate::alarm::{Alarm, End};

/// The stop file is looked for at least five times a second: this, and one wait of the main thread.
const LOOK_EVERY: Duration = Duration::from_millis(90);
/// Longest wait of the main thread between two questions.
pub(crate) const WAIT: Duration = Duration::from_millis(100);

/// The alarm together with the stop file.
#[derive(Debug)]
pub(crate) struct Interrupt {
    alarm: Arc<Alarm>,
    stop_file: PathBuf,
    looked: Cell<Option<Instant>>,
}

impl Interrupt {
    pub(crate) fn new(alarm: Arc<Alarm>, stop_file: PathBuf) -> Self {
        Self { alarm, stop_file, looked: Cell::new(None) }
    }

    /// The reason to end, if there is one. Cheap enough for every event.
    pub(crate) fn asked(&self) -> Option<End> {
        if self.looked.get().is_none_or(|looked| looked.elapsed() >= LOOK_EVERY) {
            self.looked.set(Some(Instant::now()));
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
