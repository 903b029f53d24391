//! The table of drivers.

use std::path::PathBuf;

use crate::adb::{Adb, WorkerProgram};
use crate::driver::Driver;
use crate::error::DriverError;
use crate::local::Local;
use crate::simulated::Simulated;

/// What a driver needs to know to reach one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceAddress {
    /// Id of the device in the matrix.
    pub device: String,
    /// EdgeSoak's own state directory on the host; devices that live on the host are kept below it.
    pub state_dir: PathBuf,
    /// The matrix' address of the device, key by key, as text without units; a key of a list comes once per item.
    pub parts: Vec<(String, String)>,
}

type Make = fn(&DeviceAddress) -> Result<Box<dyn Driver>, DriverError>;

/// A driver of the matrix.
struct Kind {
    name: &'static str,
    /// Absent where this build only knows the name.
    make: Option<Make>,
    /// File name of the program that is the agent there.
    agent: &'static str,
    /// Which programs its devices may need, as Android names ABIs; none where the host's own run there.
    abis: &'static [&'static str],
}

impl Kind {
    const fn unmade(name: &'static str) -> Self {
        Self { name, make: None, agent: AGENT, abis: &[] }
    }
}

/// File name of the agent that devices of hardware get.
const AGENT: &str = "edgesoak-agent";

/// Every driver by its name in the matrix.
const KINDS: &[Kind] = &[
    Kind {
        name: "local",
        make: Some(|address| Ok(Box::new(Local::new(&address.state_dir, &address.device)?))),
        agent: AGENT,
        abis: &[],
    },
    Kind {
        name: "virtual",
        make: Some(|address| Ok(Box::new(Simulated::new(address)?))),
        agent: "edgesoak-virtual-phone",
        abis: &[],
    },
    Kind {
        name: "adb",
        make: Some(|address| Ok(Box::new(Adb::new(address, WorkerProgram::this())?))),
        agent: AGENT,
        abis: &["arm64-v8a", "armeabi-v7a", "x86_64"],
    },
    Kind::unmade("ssh"),
];

/// Every driver's name, and whether this build has it.
pub fn kinds() -> impl Iterator<Item = (&'static str, bool)> {
    KINDS.iter().map(|kind| (kind.name, kind.make.is_some()))
}

/// File name, in the folder of programs for devices, of the one that is the agent on devices of this kind.
#[must_use]
pub fn agent_program(kind: &str) -> &'static str {
    KINDS.iter().find(|known| known.name == kind).map_or(AGENT, |known| known.agent)
}

/// The ABIs that devices of this kind may have, as Android names them: programs for them lie in folders of these names
/// below that of the host's own. Which one a device has, [`Driver::abi`] tells.
#[must_use]
pub fn abis(kind: &str) -> &'static [&'static str] {
    KINDS.iter().find(|known| known.name == kind).map_or(&[], |known| known.abis)
}

/// Opens a device; nothing is sent to it yet.
///
/// # Errors
/// [`DriverError::NotBuiltIn`] and [`DriverError::UnknownDriver`] name the driver.
pub fn open(kind: &str, address: &DeviceAddress) -> Result<Box<dyn Driver>, DriverError> {
    match KINDS.iter().find(|known| known.name == kind) {
        Some(Kind { make: Some(make), .. }) => make(address),
        Some(_) => Err(DriverError::NotBuiltIn(kind.to_owned())),
        None => Err(DriverError::UnknownDriver(kind.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Whose;

    #[test]
    fn what_is_not_built_in_is_refused_by_name() {
        let address = |kind| {
            let parts = match kind {
                "virtual" => vec![("profile".to_owned(), "some-phone".to_owned())],
                "adb" => vec![("serial".to_owned(), "R58N1234ABC".to_owned())],
                _ => Vec::new(),
            };
            DeviceAddress { device: "d1".to_owned(), state_dir: PathBuf::from("state"), parts }
        };
        for (kind, built_in) in kinds() {
            match open(kind, &address(kind)) {
                Ok(driver) => assert!(built_in && !driver.describe().is_empty()),
                Err(error) => {
                    assert!(!built_in && error.to_string().contains(kind), "{error}");
                    assert_eq!(error.whose(), Whose::Config);
                }
            }
        }
        assert!(matches!(open("telepathy", &address("telepathy")), Err(DriverError::UnknownDriver(_))));
    }

    #[test]
    fn only_simulated_devices_have_an_agent_of_their_own() {
        let own: Vec<&str> =
            kinds().map(|(name, _)| name).filter(|name| agent_program(name) != AGENT).collect();
        assert_eq!(own, ["virtual"]);
        assert_eq!(agent_program("telepathy"), AGENT);
    }
}
