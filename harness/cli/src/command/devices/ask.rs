//! Asking one device.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use edgesoak_controller::{
    DeviceState, StopLimits, Ward, glance, held_elsewhere, lease_holder, probe_device,
};
use edgesoak_drivers::{Attached, DeviceAddress, UsbDevice};
use edgesoak_matrix::DeviceEntry;
use tokio::time::timeout;

use super::row::{Row, Subject};
use super::servers::{Server, place};
use crate::command::probe;
use crate::failure::Failure;
use crate::places::Places;

/// How long a device may take to say how it is.
const GLANCE: Duration = Duration::from_secs(12);
/// How long one that its server does not know may take to be found by network.
const FIND: Duration = Duration::from_secs(8);
/// How long its agent may take to be there and to look around.
const PROBE: Duration = Duration::from_mins(1);
/// What the agent's limits are on a device that no matrix knows.
const USUAL_LIMITS: StopLimits = StopLimits { battery_percent: Some(15.0), celsius: Some(60.0) };

/// What was found before any device was asked.
#[derive(Debug)]
pub struct Asked {
    pub places: Places,
    pub usb: Vec<UsbDevice>,
    pub servers: Arc<Vec<Server>>,
}

/// A device of the matrix.
pub async fn listed(asked: &Asked, entry: DeviceEntry) -> Row {
    if let Some(why) = &entry.unusable {
        let state = DeviceState::NotBuiltIn { why: why.clone() };
        return Row::of(Subject::Listed(entry), state);
    }
    if let Some(holder) = lease_holder(&asked.places.state, &entry.id) {
        return Row::of(Subject::Listed(entry), DeviceState::Busy { holder });
    }
    let mut row = match place(&entry) {
        Some((server, serial)) => {
            let limits = StopLimits {
                battery_percent: entry.stop_at.battery_percent,
                celsius: entry.stop_at.temperature.map(|celsius| celsius.0),
            };
            over_adb(asked, Subject::Listed(entry.clone()), (&server, &serial), limits).await
        }
        None => Row::of(Subject::Listed(entry.clone()), DeviceState::Ready),
    };
    // The agent says the rest, and that it runs there is what makes a device ready.
    if row.state == DeviceState::Ready {
        probed(asked, &entry, &mut row).await;
    }
    match quarantined(&asked.places.state, &entry.id) {
        Some(state) => row.outweighed_by(state),
        None => row,
    }
}

/// Why a person has to look at a device first, if one has to.
fn quarantined(state_dir: &Path, device: &str) -> Option<DeviceState> {
    let why = match Ward::of_host(state_dir, device) {
        Ok(None) => return None,
        Ok(Some(found)) => match found.check {
            Some(check) => format!("{} (its last check, run {}: {})", found.why, check.run, check.verdict),
            None => found.why,
        },
        Err(error) => format!("what is known of its quarantine cannot be read: {error}"),
    };
    Some(DeviceState::Quarantined { why })
}

/// A device that the server has and the matrix has not.
pub async fn attached(asked: &Asked, server: &str, serial: String) -> Row {
    let subject = Subject::Attached { serial: serial.clone(), server: server.to_owned() };
    over_adb(asked, subject, (server, &serial), USUAL_LIMITS).await
}

async fn over_adb(
    asked: &Asked,
    subject: Subject,
    (server, serial): (&str, &str),
    limits: StopLimits,
) -> Row {
    let known = asked.servers.iter().find(|known| known.address == server);
    let (state, patience) = match known.map(|known| (&known.devices, known.is_here)) {
        Some((Ok(devices), is_here)) => {
            let found: Vec<&Attached> = devices.iter().filter(|found| found.serial == serial).collect();
            match DeviceState::listed(&found) {
                // Its server can be told to connect to it.
                Some(DeviceState::NotAttached) if serial.contains(':') => (None, FIND),
                Some(DeviceState::NotAttached) if is_here => (Some(unattached(&asked.usb, serial)), FIND),
                state => (state, GLANCE),
            }
        }
        Some((Err(error), _)) => (Some(DeviceState::silent(error)), GLANCE),
        None => (None, GLANCE),
    };
    match state {
        Some(state) => Row::of(subject, state),
        None => looked(asked, subject, (server, serial), limits, patience).await,
    }
}

/// What a USB port of this host tells of a device that its server does not have.
fn unattached(usb: &[UsbDevice], serial: &str) -> DeviceState {
    let plugged = usb.iter().find(|device| device.serial.as_deref() == Some(serial));
    plugged.and_then(|device| DeviceState::plugged(device, true)).unwrap_or(DeviceState::NotAttached)
}

async fn looked(
    asked: &Asked,
    subject: Subject,
    (server, serial): (&str, &str),
    limits: StopLimits,
    patience: Duration,
) -> Row {
    match glance(&address(server, serial), patience).await {
        Err(error) => Row::of(subject, DeviceState::silent(&error)),
        Ok(glance) => {
            let elsewhere = held_elsewhere(&glance, &asked.places.state);
            let mut obstacles = DeviceState::obstacles(&glance, limits, elsewhere).into_iter();
            let state = obstacles.next().unwrap_or(DeviceState::Ready);
            Row { glance: Some(glance), also: obstacles.collect(), ..Row::of(subject, state) }
        }
    }
}

/// A device for its driver.
pub fn address(server: &str, serial: &str) -> DeviceAddress {
    let parts =
        [("serial", serial), ("server", server)].map(|(key, value)| (key.to_owned(), value.to_owned()));
    DeviceAddress { device: serial.to_owned(), state_dir: std::path::PathBuf::new(), parts: parts.into() }
}

async fn probed(asked: &Asked, entry: &DeviceEntry, row: &mut Row) {
    match timeout(PROBE, probe_device(&probe::request(entry, &asked.places, 0))).await {
        Ok(Ok(probe)) => row.probe = Some(probe),
        Ok(Err(error)) => {
            let why = Failure::infrastructure("").because(&error).causes().join(": ");
            row.state = DeviceState::Unreachable { why, hint: error.hint() };
        }
        Err(_) => {
            let why = format!("its agent did not answer within {} s", PROBE.as_secs());
            row.state = DeviceState::Unreachable { why, hint: None };
        }
    }
}
