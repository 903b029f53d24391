//! Everything outside of the controller, as traits, so that a whole lab day can be simulated from one seed.

mod bench_clock;
mod clock;
mod disk;
mod randomness;
mod system_disk;

use std::fmt;
use std::sync::Arc;

use edgesoak_drivers::{DeviceAddress, Driver, DriverError};
use edgesoak_instruments::{HostInstruments, Instruments};

pub(crate) use bench_clock::BenchClock;
pub use clock::{Clock, SystemClock};
pub use disk::{Disk, FileDigest, Lock};
pub use randomness::{Randomness, SystemRandomness};
pub use system_disk::SystemDisk;

/// Opens devices.
pub trait Reach: Send + Sync {
    /// The driver of this kind for this device.
    fn open(&self, kind: &str, address: &DeviceAddress) -> Result<Box<dyn Driver>, DriverError>;
}

/// The drivers of this build.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltInDrivers;

impl Reach for BuiltInDrivers {
    fn open(&self, kind: &str, address: &DeviceAddress) -> Result<Box<dyn Driver>, DriverError> {
        edgesoak_drivers::open(kind, address)
    }
}

/// Clock, disk, randomness, devices and what stands beside them.
#[derive(Clone)]
pub struct World {
    /// Time on the host.
    pub clock: Arc<dyn Clock>,
    /// Files on the host.
    pub disk: Arc<dyn Disk>,
    /// Random bytes.
    pub randomness: Arc<dyn Randomness>,
    /// Ways to devices.
    pub reach: Arc<dyn Reach>,
    /// Meters, probes and switches of the lab.
    pub instruments: Arc<dyn Instruments>,
}

impl World {
    /// This machine.
    #[must_use]
    pub fn real() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            disk: Arc::new(SystemDisk::default()),
            randomness: Arc::new(SystemRandomness),
            reach: Arc::new(BuiltInDrivers),
            instruments: Arc::new(HostInstruments),
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}
