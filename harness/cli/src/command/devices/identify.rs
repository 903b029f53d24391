//! `edgesoak devices --identify ID`: which of the phones in the rack is it?

use std::time::Duration;

use edgesoak_controller::{Glance, Told, glance, held_elsewhere, lease_holder, wake};
use edgesoak_drivers::{DeviceAddress, DriverError};
use edgesoak_matrix::DeviceEntry;
use serde_json::json;

use super::ask::address;
use super::servers;
use crate::args::{Format, Shared};
use crate::command::{host_threads, plan, print_json};
use crate::failure::Failure;
use crate::places::Places;
use crate::terminal::{printable, say};

const DEADLINE: Duration = Duration::from_secs(20);

/// Switches the screen of a device on, by its id in the matrix or its serial number.
pub fn identify(shared: &Shared, id: &str) -> Result<u8, Failure> {
    let matrix = plan::matrix(shared)?;
    let places = Places::find()?;
    host_threads()?.block_on(async {
        let (server, serial) = find(matrix.devices(), id).await?;
        if let Some(holder) = lease_holder(&places.state, id) {
            return Err(busy(id, &holder));
        }
        let address = address(&server, &serial);
        let seen = look(&address, id).await?;
        let session = || Some(format!("session {}", seen.session.as_ref()?));
        if let Some(holder) = held_elsewhere(&seen, &places.state).or_else(session) {
            return Err(busy(id, &holder));
        }
        let is_on = wake(&address, DEADLINE).await.map_err(|error| unreached(id, &error))?;
        match shared.format() {
            Format::Json => print_json(&json!({
                "device": id, "serial": serial, "server": server, "screen_on": is_on.as_ref().ok(),
                "unread": is_on.as_ref().err(),
            }))?,
            Format::Human => say(&printable(&sentence(id, &is_on)))?,
        }
        Ok(0)
    })
}

fn sentence(id: &str, is_on: &Told<bool>) -> String {
    match is_on {
        Ok(true) => format!("{id}: its screen is on now\n"),
        Ok(false) => format!("{id}: it took the key that wakes it, and its screen is still off\n"),
        Err(why) => {
            format!("{id}: it took the key that wakes it; whether its screen is on is not known ({why})\n")
        }
    }
}

/// Server and serial number of a device that is meant.
async fn find(entries: &[DeviceEntry], id: &str) -> Result<(String, String), Failure> {
    if let Some(entry) = entries.iter().find(|entry| entry.id == id) {
        return servers::place(entry).ok_or_else(|| {
            Failure::config(format!(
                "{id} has no screen that can be switched on from here: its driver is `{}`",
                entry.driver
            ))
            .hint("only devices behind adb can be identified")
        });
    }
    let servers = servers::ask(entries).await;
    let has = |server: &&servers::Server| server.devices.iter().flatten().any(|found| found.serial == id);
    let found: Vec<String> = servers.iter().filter(has).map(|server| server.address.clone()).collect();
    match found.as_slice() {
        [server] => Ok((server.clone(), id.to_owned())),
        [] => Err(Failure::config(format!(
            "neither the matrix nor an adb server has a device `{}`",
            printable(id)
        ))
        .hint("`edgesoak devices` lists all of them")),
        several => Err(Failure::config(format!("several adb servers have {id}: {}", several.join(", ")))),
    }
}

async fn look(address: &DeviceAddress, id: &str) -> Result<Glance, Failure> {
    glance(address, DEADLINE).await.map_err(|error| unreached(id, &error))
}

fn unreached(id: &str, error: &DriverError) -> Failure {
    let failure = Failure::infrastructure(format!("cannot wake {id}")).because(error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// A screen that comes on is heat that nobody planned.
fn busy(id: &str, holder: &str) -> Failure {
    Failure::infrastructure(format!(
        "{id} is being measured, and its screen would change the result: {holder}"
    ))
    .hint("wait for its end; `edgesoak devices` shows the state of all devices")
}
