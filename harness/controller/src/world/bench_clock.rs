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

#[cfg(test)]
mod tests {
    use edgesoak_drivers::{DeviceAddress, open};

    use super::*;
    use crate::world::SystemClock;

    #[tokio::test]
    async fn what_is_skipped_or_simulated_has_passed_on_the_bench() {
        let dir = tempfile::tempdir().expect("a folder");
        let parts = vec![("profile".to_owned(), "some-phone".to_owned())];
        let address =
            DeviceAddress { device: "virtual:p".to_owned(), state_dir: dir.path().to_owned(), parts };
        let driver: Arc<dyn Driver> = Arc::from(open("virtual", &address).expect("it is built in"));
        driver.attach(Duration::from_secs(20)).await.expect("attaches");
        let bench = BenchClock::of(Arc::new(SystemClock), driver.clone());
        let (mono, wall) = (bench.mono(), bench.wall());
        assert!(driver.skip(Duration::from_mins(10)).await.expect("skips"));
        let ten_minutes = Nanos::from_secs(600);
        assert!(bench.mono().since(mono) >= ten_minutes && bench.wall().since(wall) >= ten_minutes);
        assert!(SystemClock.mono() < Nanos(mono.0 + ten_minutes.0), "and nobody waited for it");
    }
}
