//! In which state a device is, from what is known of it: pure.

use edgesoak_drivers::{Attached, DriverError, UsbDevice, UsbOffer};

use crate::glance::Glance;
use crate::maker::Maker;
use crate::sink_thread::sentence;

/// A battery this much above the charge at which the agent ends a session would not last through one, per cent.
const RESERVE_PERCENT: f64 = 5.0;
/// A battery this warm is not at rest, and most phones stop charging a little above it, °C.
const HOT_CELSIUS: f64 = 40.0;
/// Android's word for throttling that its user notices: moderate.
const HOT_STATUS: u8 = 2;
/// Less room than most models need, bytes.
const LEAST_FREE_BYTES: u64 = 1 << 30;

/// The state of a device.
#[derive(Debug, Clone, PartialEq)]
pub enum DeviceState {
    /// It answers and can be measured.
    Ready,
    /// Somebody works with it.
    Busy {
        /// Who.
        holder: String,
    },
    /// Nobody is to use it before a person has looked at it.
    Quarantined {
        /// Why, and what the last check of its health showed.
        why: String,
    },
    /// Its charge would not last through a session.
    LowBattery {
        /// Its charge, per cent.
        percent: f64,
        /// The least to begin with, per cent.
        least: f64,
    },
    /// It is too warm to begin.
    Hot {
        /// What says so.
        by: Heat,
    },
    /// There is hardly room for a model.
    LowStorage {
        /// Free, bytes.
        free_bytes: u64,
        /// The least, bytes.
        least_bytes: u64,
    },
    /// Its screen is locked.
    Locked,
    /// It has not accepted this host's key.
    Unauthorised,
    /// The adb server knows it and it does not answer.
    Offline,
    /// The user of the adb server, or of this program, may not open its USB port.
    NoPermission,
    /// The adb server calls it something else.
    NotReady {
        /// The server's word.
        word: String,
    },
    /// Several devices have its serial number.
    SameSerial {
        /// How many.
        count: usize,
    },
    /// No adb server has it.
    NotAttached,
    /// There is no adb server to ask.
    NoServer,
    /// USB shows it without adb.
    AdbDisabled,
    /// USB shows it with nothing that carries data.
    ChargeOnly,
    /// USB shows it without adb, and devices of its maker are usually kept by an EMM.
    Managed {
        /// Its maker.
        maker: Maker,
    },
    /// Its boot loader waits; its system does not run.
    Bootloader,
    /// This build cannot use it.
    NotBuiltIn {
        /// Why.
        why: String,
    },
    /// Its driver failed.
    Unreachable {
        /// Why.
        why: String,
        /// What mends it, if the driver knows.
        hint: Option<String>,
    },
}

/// What says that a device is warm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Heat {
    /// Its battery, °C, and the most to begin with.
    Battery(f64, f64),
    /// Its own word for throttling.
    Status(u8),
}

/// At which charge and temperature the agent of a device ends a session.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StopLimits {
    /// Charge, per cent; none on mains.
    pub battery_percent: Option<f64>,
    /// Temperature of any sensor, °C.
    pub celsius: Option<f64>,
}

impl DeviceState {
    /// What an adb server's word for a device means; `None` where the device itself can be asked.
    #[must_use]
    pub fn listed(attached: &[&Attached]) -> Option<Self> {
        let word = match attached {
            [] => return Some(Self::NotAttached),
            [one] => one.state.as_str(),
            several => return Some(Self::SameSerial { count: several.len() }),
        };
        match word {
            "device" => None,
            "unauthorized" => Some(Self::Unauthorised),
            "offline" => Some(Self::Offline),
            "no permissions" => Some(Self::NoPermission),
            "bootloader" => Some(Self::Bootloader),
            other => Some(Self::NotReady { word: other.to_owned() }),
        }
    }

    /// What a device on a USB port that no adb server has may be; `None` for what is no phone.
    #[must_use]
    pub fn plugged(device: &UsbDevice, server_runs: bool) -> Option<Self> {
        let maker = Maker::of(device.vendor);
        let is_managed = maker.filter(|maker| maker.usually_managed);
        // The kernel's own gadget for phones names its interface so, whoever made the phone.
        let is_android = || device.interfaces.iter().any(|(_, name)| name == "MTP");
        match device.offer() {
            UsbOffer::Adb if device.may_be_opened() == Some(false) => Some(Self::NoPermission),
            UsbOffer::Adb if !server_runs => Some(Self::NoServer),
            UsbOffer::Adb => Some(Self::NotAttached),
            UsbOffer::Bootloader => Some(Self::Bootloader),
            UsbOffer::Files | UsbOffer::Nothing if is_managed.is_some() => {
                is_managed.map(|maker| Self::Managed { maker })
            }
            UsbOffer::Files => (maker.is_some() || is_android()).then_some(Self::AdbDisabled),
            UsbOffer::Nothing => maker.map(|_| Self::ChargeOnly),
            UsbOffer::Other => None,
        }
    }

    /// Why a device that was asked did not answer.
    #[must_use]
    pub fn silent(error: &DriverError) -> Self {
        match error {
            DriverError::Unauthorised { .. } => Self::Unauthorised,
            DriverError::NoPermission { .. } => Self::NoPermission,
            DriverError::NotAttached { .. } => Self::NotAttached,
            DriverError::NoAdbServer { .. } => Self::NoServer,
            DriverError::SeveralAttached { count, .. } => Self::SameSerial { count: *count },
            DriverError::NotReady { state, .. } if state == "offline" => Self::Offline,
            DriverError::NotReady { state, .. } => Self::NotReady { word: state.clone() },
            _ => Self::Unreachable { why: sentence(error), hint: error.hint().map(str::to_owned) },
        }
    }

    /// Everything that stands against a session on a device that answers, what weighs most first; empty when it is
    /// ready. What could not be read stands against nothing. `elsewhere` is the other host that has the device, as
    /// [`held_elsewhere`](crate::held_elsewhere) tells it.
    #[must_use]
    pub fn obstacles(glance: &Glance, limits: StopLimits, elsewhere: Option<String>) -> Vec<Self> {
        let mut found = Vec::new();
        let holder = elsewhere.or_else(|| Some(format!("session {}", glance.session.as_ref()?)));
        found.extend(holder.map(|holder| Self::Busy { holder }));
        if let (Ok(percent), Some(stop)) = (&glance.battery_percent, limits.battery_percent) {
            let (percent, least) = (*percent, stop + RESERVE_PERCENT);
            found.extend((percent < least).then_some(Self::LowBattery { percent, least }));
        }
        found.extend(heat(glance, limits).map(|by| Self::Hot { by }));
        if let Ok(free_bytes) = glance.free_bytes
            && free_bytes < LEAST_FREE_BYTES
        {
            found.push(Self::LowStorage { free_bytes, least_bytes: LEAST_FREE_BYTES });
        }
        found.extend((glance.is_locked == Ok(true)).then_some(Self::Locked));
        found
    }
}

fn heat(glance: &Glance, limits: StopLimits) -> Option<Heat> {
    let most = limits.celsius.map_or(HOT_CELSIUS, |stop| stop.min(HOT_CELSIUS));
    let battery = glance.battery_celsius.as_ref().ok().filter(|celsius| **celsius >= most);
    let status = glance.thermal_status.as_ref().ok().filter(|status| **status >= HOT_STATUS);
    battery
        .map(|celsius| Heat::Battery(*celsius, most))
        .or_else(|| status.map(|status| Heat::Status(*status)))
}

#[cfg(test)]
mod tests;
