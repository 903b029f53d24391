//! A clock that jumps: when nothing else happens, it is the time of whoever sleeps the shortest.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use edgesoak_controller::Clock;
use edgesoak_protocol::units::Nanos;

/// How often everybody else gets a turn before time passes.
const TURNS: u32 = 10;

#[derive(Default)]
pub struct JumpingClock {
    now: AtomicU64,
    /// Added to every sleep.
    leap: AtomicU64,
    /// Counts jumps.
    jumps: AtomicU64,
    /// When each sleeper wakes, and who it is.
    sleepers: Mutex<BTreeSet<(u64, u64)>>,
    tickets: AtomicU64,
}

/// A sleeper; taken out of the bed when it is dropped.
struct Sleeper<'c> {
    clock: &'c JumpingClock,
    entry: (u64, u64),
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.clock.sleepers.lock().expect("unpoisoned").remove(&self.entry);
    }
}

impl JumpingClock {
    /// From now on every sleep takes this much longer.
    pub fn oversleep(&self, longer: Nanos) {
        self.leap.store(longer.0, Ordering::Relaxed);
    }

    /// Time goes by while nobody looks.
    pub fn pass(&self, span: Nanos) {
        self.now.fetch_add(span.0, Ordering::Relaxed);
    }

    fn sleeper(&self, duration: Duration) -> Sleeper<'_> {
        let nanos = u64::try_from(duration.as_nanos()).expect("short");
        let until = self.now.load(Ordering::Relaxed) + nanos + self.leap.load(Ordering::Relaxed);
        let entry = (until, self.tickets.fetch_add(1, Ordering::Relaxed));
        self.sleepers.lock().expect("unpoisoned").insert(entry);
        Sleeper { clock: self, entry }
    }

    fn is_next(&self, sleeper: &Sleeper<'_>) -> bool {
        self.sleepers.lock().expect("unpoisoned").first() == Some(&sleeper.entry)
    }
}

#[async_trait]
impl Clock for JumpingClock {
    fn mono(&self) -> Nanos {
        Nanos(self.now.fetch_add(1000, Ordering::Relaxed))
    }

    fn wall(&self) -> Nanos {
        Nanos(1_767_323_045_000_000_000 + self.mono().0)
    }

    async fn sleep(&self, duration: Duration) {
        let sleeper = self.sleeper(duration);
        let (mut turns, mut jumps) = (0, self.jumps.load(Ordering::Relaxed));
        while self.now.load(Ordering::Relaxed) < sleeper.entry.0 {
            tokio::task::yield_now().await;
            let seen = self.jumps.load(Ordering::Relaxed);
            turns = if seen == jumps { turns + 1 } else { 0 };
            jumps = seen;
            if turns >= TURNS && self.is_next(&sleeper) {
                self.now.fetch_max(sleeper.entry.0, Ordering::Relaxed);
                self.jumps.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
