//! The table of drivers.

use std::path::PathBuf;

use crate::driver::Driver;
use crate::error::DriverError;
use crate::local::Local;

/// What a driver needs to know to reach one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceAddress {
    /// Id of the device in the matrix.
    pub device: String,
    /// EdgeSoak's own state directory on the host; devices that live on the host are kept below it.
    pub state_dir: PathBuf,
}

type Make = fn(&DeviceAddress) -> Result<Box<dyn Driver>, DriverError>;

/// Every driver by its name in the matrix; without a maker it is a name that this build only knows.
const KINDS: &[(&str, Option<Make>)] = &[
    ("local", Some(|address| Ok(Box::new(Local::new(&address.state_dir, &address.device)?)))),
    ("adb", None),
    ("ssh", None),
    ("virtual", None),
];

/// Every driver's name, and whether this build has it.
pub fn kinds() -> impl Iterator<Item = (&'static str, bool)> {
    KINDS.iter().map(|(name, make)| (*name, make.is_some()))
}

/// Opens a device; nothing is sent to it yet.
///
/// # Errors
/// [`DriverError::NotBuiltIn`] and [`DriverError::UnknownDriver`] name the driver.
pub fn open(kind: &str, address: &DeviceAddress) -> Result<Box<dyn Driver>, DriverError> {
    match KINDS.iter().find(|(name, _)| *name == kind) {
        Some((_, Some(make))) => make(address),
        Some((_, None)) => Err(DriverError::NotBuiltIn(kind.to_owned())),
        None => Err(DriverError::UnknownDriver(kind.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Whose;

    #[test]
    fn what_is_not_built_in_is_refused_by_name() {
        let address = DeviceAddress { device: "d1".to_owned(), state_dir: PathBuf::from("state") };
        for (kind, built_in) in kinds() {
            match open(kind, &address) {
                Ok(driver) => assert!(built_in && !driver.describe().is_empty()),
                Err(error) => {
                    assert!(!built_in && error.to_string().contains(kind), "{error}");
                    assert_eq!(error.whose(), Whose::Config);
                }
            }
        }
        assert!(matches!(open("telepathy", &address), Err(DriverError::UnknownDriver(_))));
    }
}
