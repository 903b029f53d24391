//! A quick look at a device behind an adb server, through its own shell: nothing is pushed, nothing is left there.

mod script;
mod told;

use std::time::Duration;

use edgesoak_drivers::{Adb, DeviceAddress, DriverError, WorkerProgram};
use edgesoak_protocol::probe::Tenancy;

/// A reading, or in a few words why there is none.
pub type Told<T> = Result<T, String>;

/// What a device says of itself at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    /// What it is.
    pub identity: Identity,
    /// Charge of its battery, per cent.
    pub battery_percent: Told<f64>,
    /// Temperature of its battery, °C.
    pub battery_celsius: Told<f64>,
    /// Android's word for how much it throttles: 0 none, 1 light, 2 moderate, 3 severe and above.
    pub thermal_status: Told<u8>,
    /// Free space where files are pushed to, bytes.
    pub free_bytes: Told<u64>,
    /// Whether its screen lock keeps its user's data closed.
    pub is_locked: Told<bool>,
    /// Whether its screen is on.
    pub is_awake: Told<bool>,
    /// The session that its agent runs now, as `run/session`.
    pub session: Option<String>,
    /// Whose it is by the word of its agent, if it has one.
    pub tenancy: Option<Tenancy>,
}

/// What a device is, in its own words; each a line of at most 120 characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Who made it.
    pub maker: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its system on a chip.
    pub soc: Option<String>,
    /// Version of Android.
    pub release: Option<String>,
    /// Its serial number, also where it was connected by network.
    pub serial: Option<String>,
    /// Whether it says that it is no hardware.
    pub is_simulated: bool,
}

impl Glance {
    /// Every reading that decides about a state and is missing: what, and why.
    #[must_use]
    pub fn unread(&self) -> Vec<(&'static str, &str)> {
        let why = [
            ("charge", self.battery_percent.as_ref().err()),
            ("battery temperature", self.battery_celsius.as_ref().err()),
            ("throttling", self.thermal_status.as_ref().err()),
            ("free space", self.free_bytes.as_ref().err()),
            ("screen lock", self.is_locked.as_ref().err()),
        ];
        why.into_iter().filter_map(|(what, why)| Some((what, why?.as_str()))).collect()
    }
}

/// Looks at a device.
///
/// # Errors
/// As those of [`Adb::shell`]: whatever keeps it from being asked. What it cannot tell is no error.
pub async fn glance(address: &DeviceAddress, deadline: Duration) -> Result<Glance, DriverError> {
    let output = Adb::new(address, WorkerProgram::this())?.shell(script::LOOK, deadline).await?;
    Ok(told::read(&String::from_utf8_lossy(&output.stdout)))
}

/// Switches a device's screen on; what it says of its screen then.
///
/// # Errors
/// As those of [`glance`].
pub async fn wake(address: &DeviceAddress, deadline: Duration) -> Result<Told<bool>, DriverError> {
    let output = Adb::new(address, WorkerProgram::this())?.shell(script::WAKE, deadline).await?;
    Ok(told::read(&String::from_utf8_lossy(&output.stdout)).is_awake)
}
