//! Time of a lab day: it passes when everybody waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use edgesoak_controller::Clock;
use edgesoak_protocol::units::Nanos;
use tokio::time::Instant;

/// 2026-01-05, 8:00 UTC.
const WALL: u64 = 1_767_600_000;
/// How long the host had been up when the day began.
const UPTIME: Duration = Duration::from_hours(30);

pub fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).expect("a day")
}

/// When the day began.
#[derive(Debug, Clone, Copy)]
pub struct Dawn(Instant);

impl Dawn {
    pub fn breaks() -> Self {
        Self(Instant::now())
    }

    /// Time since then.
    pub fn now(self) -> Duration {
        self.0.elapsed()
    }

    /// Waits for this time of the day; not at all if it has passed.
    pub async fn until(self, time: Duration) {
        tokio::time::sleep_until(self.0 + time).await;
    }
}

/// The clocks of one host.
#[derive(Debug)]
pub struct HostClock {
    dawn: Dawn,
    hands: Mutex<Hands>,
}

#[derive(Debug)]
struct Hands {
    /// Time of the day at which the monotonic clock was at zero; negative before the day began.
    booted_ns: i64,
    /// What the wall clock was set ahead, or back, in all.
    stepped_ns: i64,
}

impl HostClock {
    pub fn new(dawn: Dawn) -> Arc<Self> {
        let booted_ns = -i64::try_from(UPTIME.as_nanos()).expect("hours");
        Arc::new(Self { dawn, hands: Mutex::new(Hands { booted_ns, stepped_ns: 0 }) })
    }

    /// Somebody sets the wall clock.
    pub fn step(&self, seconds: i64) {
        self.hands.lock().expect("unpoisoned").stepped_ns += seconds * 1_000_000_000;
    }

    /// The host starts again: its monotonic clock does too.
    pub fn reboot(&self) {
        let now = i64::try_from(nanos(self.dawn.now())).expect("a day");
        self.hands.lock().expect("unpoisoned").booted_ns = now - 20_000_000_000;
    }
}

#[async_trait]
impl Clock for HostClock {
    fn mono(&self) -> Nanos {
        let booted = self.hands.lock().expect("unpoisoned").booted_ns;
        Nanos(nanos(self.dawn.now()).checked_add_signed(-booted).expect("after the boot"))
    }

    fn wall(&self) -> Nanos {
        let stepped = self.hands.lock().expect("unpoisoned").stepped_ns;
        let true_time = WALL * 1_000_000_000 + nanos(self.dawn.now());
        Nanos(true_time.checked_add_signed(stepped).expect("after 1970"))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
