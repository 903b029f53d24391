//! The adb servers of the matrix and this host's own, and what they have.

use std::time::Duration;

use edgesoak_drivers::{Attached, DriverError, attached, is_on_this_host, start_server, usual_server};
use edgesoak_matrix::DeviceEntry;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long a server may take for an answer of its own.
const ANSWER: Duration = Duration::from_secs(5);
/// A server that was just started needs a moment to meet its devices.
const MEETING: Duration = Duration::from_secs(2);

/// An adb server.
#[derive(Debug)]
pub struct Server {
    /// `host:port`.
    pub address: String,
    /// It listens on this host.
    pub is_here: bool,
    /// What it has, or why it did not say.
    pub devices: Result<Vec<Attached>, DriverError>,
}

/// The server and the serial number of a device of the matrix that is behind one.
pub fn place(entry: &DeviceEntry) -> Option<(String, String)> {
    let part = |key: &str| entry.address.iter().find(|part| part.key == key).map(|part| part.value.clone());
    let serial = (entry.driver == "adb").then(|| part("serial")).flatten()?;
    Some((part("server").map_or_else(usual_server, |server| plain(&server)), serial))
}

/// One spelling for each address.
fn plain(server: &str) -> String {
    server.strip_prefix("localhost:").map_or_else(|| server.to_owned(), |port| format!("127.0.0.1:{port}"))
}

/// Addresses of the servers of the matrix, and whether a device needs it; this host's usual one is the first.
pub fn of_matrix(entries: &[DeviceEntry]) -> Vec<(String, bool)> {
    let mut servers = vec![(usual_server(), false)];
    for (server, _) in entries.iter().filter_map(place) {
        match servers.iter_mut().find(|(known, _)| *known == server) {
            Some((_, is_wanted)) => *is_wanted = true,
            None => servers.push((server, true)),
        }
    }
    servers
}

/// Whether a server listens on this host; one whose name nobody knows does not.
pub async fn is_here(address: &str) -> bool {
    matches!(timeout(ANSWER, is_on_this_host(address)).await, Ok(Ok(true)))
}

/// Asks all of them at once.
pub async fn ask(entries: &[DeviceEntry]) -> Vec<Server> {
    let mut asking = JoinSet::new();
    for (index, (address, is_wanted)) in of_matrix(entries).into_iter().enumerate() {
        asking.spawn(async move { (index, one(address, is_wanted).await) });
    }
    let mut answers = asking.join_all().await;
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, server)| server).collect()
}

async fn one(address: String, is_wanted: bool) -> Server {
    let mut devices = attached(&address, ANSWER).await;
    // A run would start it, too; without a device that needs it nothing is started.
    if is_wanted
        && matches!(devices, Err(DriverError::NoAdbServer { .. }))
        && start_server(&address).await.is_ok_and(|started| started)
    {
        sleep(MEETING).await;
        devices = attached(&address, ANSWER).await;
    }
    let is_here = is_here(&address).await;
    Server { address, is_here, devices }
}
