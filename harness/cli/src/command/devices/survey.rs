//! Everything that is there: the matrix, what adb servers have, and what only USB shows. All are asked at once, each
//! with a deadline of its own, so that a slow one delays nobody.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use edgesoak_controller::DeviceState;
use edgesoak_drivers::{Attached, UsbDevice, usb_devices};
use edgesoak_matrix::DeviceEntry;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::ask::{Asked, attached as ask_attached, listed as ask_listed};
use super::row::{Row, Subject};
use super::servers::{self, Server, place};
use crate::failure::Failure;
use crate::places::Places;

/// Devices that are asked at once: each has a process of this host.
const AT_ONCE: usize = 64;
/// Devices whose programs run on this host compete for its processors.
const AT_ONCE_HERE: usize = 4;

/// One row for each device: those of the matrix in its order, then those of adb servers, then those of USB ports.
pub async fn survey(entries: &[DeviceEntry], places: &Places) -> Result<Vec<Row>, Failure> {
    let usb = usb_devices(&places.usb).map_err(|error| unread(places, &error))?;
    let servers = Arc::new(servers::ask(entries).await);
    let asked = Arc::new(Asked { places: places.clone(), usb, servers: servers.clone() });
    let unlisted = unlisted(entries, &servers);
    let (far, here) = (Arc::new(Semaphore::new(AT_ONCE)), Arc::new(Semaphore::new(AT_ONCE_HERE)));
    let mut asking = JoinSet::new();
    for (index, entry) in entries.iter().cloned().enumerate() {
        let turns = if entry.driver == "adb" { far.clone() } else { here.clone() };
        let asked = asked.clone();
        asking.spawn(async move {
            let _turn = turns.acquire_owned().await;
            (index, ask_listed(&asked, entry).await)
        });
    }
    for (index, (server, serial)) in unlisted.into_iter().enumerate() {
        let (asked, turns) = (asked.clone(), far.clone());
        asking.spawn(async move {
            let _turn = turns.acquire_owned().await;
            (entries_end(index), ask_attached(&asked, &server, serial).await)
        });
    }
    let mut rows = asking.join_all().await;
    rows.sort_by_key(|(index, _)| *index);
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    rows.extend(plugged(entries, &asked.usb, &servers));
    Ok(rows)
}

/// Behind every entry: a matrix has fewer.
fn entries_end(index: usize) -> usize {
    usize::MAX / 2 + index
}

fn unread(places: &Places, error: &io::Error) -> Failure {
    Failure::infrastructure(format!("cannot read {}", places.usb.display())).because(error)
}

/// Devices that a server has and the matrix has not, as `(server, serial)`. They are sorted: servers change their order
/// with each connection.
fn unlisted(entries: &[DeviceEntry], servers: &[Server]) -> BTreeSet<(String, String)> {
    let known: BTreeSet<(String, String)> = entries.iter().filter_map(place).collect();
    let had = servers.iter().flat_map(|server| {
        let serials = server.devices.iter().flatten().map(|found| found.serial.clone());
        serials.map(|serial| (server.address.clone(), serial))
    });
    had.filter(|place| !known.contains(place)).collect()
}

/// What only USB shows: neither has an adb server of this host got it, nor does the matrix know its serial number.
fn plugged<'a>(
    entries: &'a [DeviceEntry],
    usb: &'a [UsbDevice],
    servers: &'a [Server],
) -> impl Iterator<Item = Row> + 'a {
    let here = || servers.iter().filter(|server| server.is_here);
    let runs = here().any(|server| server.devices.is_ok());
    let is_had = move |device: &UsbDevice| {
        here().flat_map(|server| server.devices.iter().flatten()).any(|found| is_same(device, found))
    };
    let is_listed = |device: &UsbDevice| {
        let known = |entry: &DeviceEntry| place(entry).map(|(_, serial)| serial);
        entries.iter().any(|entry| device.serial.is_some() && device.serial == known(entry))
    };
    let alone = usb.iter().filter(move |device| !is_had(device) && !is_listed(device));
    alone.filter_map(move |device| {
        let state = DeviceState::plugged(device, runs)?;
        Some(Row::of(Subject::Plugged(device.clone()), state))
    })
}

/// By serial number. A device without one, and one that the server may not ask for it, by its port: a server that is
/// reached through a tunnel tells ports of another host.
fn is_same(device: &UsbDevice, found: &Attached) -> bool {
    match &device.serial {
        Some(serial) if found.state != "no permissions" => *serial == found.serial,
        _ => found.usb.as_ref() == Some(&device.port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_by_its_serial_number_and_by_its_port_where_it_has_none() {
        let device = |serial: Option<&str>| UsbDevice {
            port: "1-4".to_owned(),
            vendor: 0x18d1,
            product: 0x4ee7,
            maker: None,
            name: None,
            serial: serial.map(str::to_owned),
            class: 0,
            interfaces: Vec::new(),
            self_powered: None,
            node: None,
        };
        let found = |serial: &str, state: &str, port: &str| Attached {
            serial: serial.to_owned(),
            state: state.to_owned(),
            product: None,
            model: None,
            device: None,
            usb: Some(port.to_owned()),
            transport: None,
        };
        for (serial, known, expected) in [
            (Some("A"), found("A", "device", "1-4"), true),
            (Some("A"), found("A", "device", "2-1"), true),
            (Some("A"), found("B", "device", "1-4"), false),
            (Some("A"), found("????????????", "no permissions", "1-4"), true),
            (None, found("B", "device", "1-4"), true),
            (None, found("B", "device", "2-1"), false),
        ] {
            assert_eq!(is_same(&device(serial), &known), expected, "{serial:?} {known:?}");
        }
    }
}
