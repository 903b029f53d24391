//! Time on the host.

use std::time::Duration;

use async_trait::async_trait;
use edgesoak_protocol::units::Nanos;
use rustix::time::{ClockId, clock_gettime};

/// Time on the host.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Monotonic time; its zero is the host's own.
    fn mono(&self) -> Nanos;
    /// Wall time since the Unix epoch.
    fn wall(&self) -> Nanos;
    /// Waits.
    async fn sleep(&self, duration: Duration);
}

/// The clocks of this machine. The monotonic one is `CLOCK_MONOTONIC`, which an agent on this machine reads too.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

fn read(clock: ClockId) -> Nanos {
    let time = clock_gettime(clock);
    let part = |value: i64| u64::try_from(value).unwrap_or(0);
    Nanos(part(time.tv_sec).saturating_mul(1_000_000_000).saturating_add(part(time.tv_nsec)))
}

#[async_trait]
impl Clock for SystemClock {
    fn mono(&self) -> Nanos {
        read(ClockId::Monotonic)
    }

    fn wall(&self) -> Nanos {
        read(ClockId::Realtime)
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
