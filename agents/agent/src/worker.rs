//! A thread that works at deadlines until it is asked to end, and is left behind where it cannot.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use edgesoak_sensors::clocks;

const STACK_BYTES: usize = 256 << 10;
/// How often an ending thread is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// What the thread waits on.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    asked: Mutex<bool>,
    wake: Condvar,
}

impl Stop {
    /// Sleeps until this time on the monotonic clock. `true` if the thread must end.
    ///
    /// The deadline is absolute: only the remaining wait is computed from it, so nothing drifts.
    pub(crate) fn sleep_until(&self, t_ns: u64) -> bool {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = Duration::from_nanos(t_ns.saturating_sub(clocks::mono_ns()));
        let (asked, _) = self
            .wake
            .wait_timeout_while(asked, wait, |asked| !*asked)
            .unwrap_or_else(PoisonError::into_inner);
        *asked
    }

    fn ask(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }
}

/// The running thread.
#[derive(Debug)]
pub(crate) struct Worker {
    stop: Arc<Stop>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Starts it at once.
    pub(crate) fn start(name: &str, work: impl FnOnce(&Stop) + Send + 'static) -> io::Result<Self> {
        let stop = Arc::new(Stop::default());
        let theirs = stop.clone();
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || work(&theirs))?;
        Ok(Self { stop, thread })
    }

    /// Asks it to end, and waits for that. `false` if it hangs in a driver or a program: it may be left behind then,
    /// so that the session still has its end.
    ///
    /// A thread that panicked has ended and has nothing more to say; the journal shows where its ticks end.
    pub(crate) fn ends_within(&self, limit: Duration) -> bool {
        self.stop.ask();
        let asked = Instant::now();
        while !self.thread.is_finished() {
            if asked.elapsed() >= limit {
                return false;
            }
            thread::sleep(LOOK_EVERY);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_hangs_is_left_behind() {
        let hanging = Worker::start("hangs", |_| {
            loop {
                thread::park();
            }
        });
        assert!(!hanging.expect("started").ends_within(Duration::from_millis(20)));
    }

    #[test]
    fn a_sleeping_thread_ends_when_it_is_asked_to() {
        let sleeping = Worker::start("sleeps", |stop| assert!(stop.sleep_until(u64::MAX)));
        assert!(sleeping.expect("started").ends_within(Duration::from_mins(1)));
    }
}
