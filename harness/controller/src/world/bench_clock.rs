//! Time on the bench of a simulated device.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use edgesoak_drivers::Driver;
use edgesoak_protocol::units::Nanos;

use super::Clock;

/// The host's clocks and how far the bench of a device is ahead of them: with it a session on a simulated device is
/// timed as one on hardware is, and its clock is compared with one that lived through the same session.
pub(crate) struct BenchClock {
    host: Arc<dyn Clock>,
    driver: Arc<dyn Driver>,
}

impl BenchClock {
    pub(crate) fn of(host: Arc<dyn Clock>, driver: Arc<dyn Driver>) -> Self {
        Self { host, driver }
    }

    fn moved(&self, host: Nanos) -> Nanos {
        let ahead = u64::try_from(self.driver.ahead().as_nanos()).unwrap_or(u64::MAX);
        Nanos(host.0.saturating_add(ahead))
    }
}

#[async_trait]
impl Clock for BenchClock {
    fn mono(&self) -> Nanos {
        self.moved(self.host.mono())
    }

    fn wall(&self) -> Nanos {
        self.moved(self.host.wall())
    }

    /// In the host's time: whoever waits for the lab or for a program waits for something that is not simulated.
    async fn sleep(&self, duration: Duration) {
        self.host.sleep(duration).await;
    }
}
