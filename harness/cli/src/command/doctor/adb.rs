//! adb on this host: its programs, its servers, its key.

use std::path::Path;
use std::time::Duration;

use edgesoak_drivers::{DriverError, abis, agent_program, protocol_version};
use edgesoak_matrix::DeviceEntry;

use super::adb_program::{self, Found};
use super::finding::Finding;
use super::{adb_key, program};
use crate::command::{devices, host_threads};
use crate::failure::Failure;
use crate::places::Places;

/// How long a server may take to tell its version.
const ANSWER: Duration = Duration::from_secs(5);

/// What was asked of a server.
struct Server {
    address: String,
    is_wanted: bool,
    is_here: bool,
    version: Result<u16, DriverError>,
}

/// Everything about adb. A host without devices behind adb needs none.
pub fn all(entries: &[DeviceEntry], places: &Places) -> Result<Vec<Finding>, Failure> {
    let servers = host_threads()?.block_on(async {
        let mut servers = Vec::new();
        for (address, is_wanted) in devices::servers_of(entries) {
            let is_here = devices::is_here(&address).await;
            let version = protocol_version(&address, ANSWER).await;
            servers.push(Server { address, is_wanted, is_here, version });
        }
        servers
    });
    let is_needed = servers.iter().any(|server| server.is_wanted && server.is_here);
    let runs = servers.iter().any(|server| server.is_here && server.version.is_ok());
    let found = adb_program::on_path();
    let mut findings = adb_program::all(&found, is_needed);
    let protocol = found.iter().find_map(|Found { version, .. }| version.as_ref().ok()).map(|it| it.protocol);
    let wanted = servers.iter().filter(|server| server.is_wanted || server.version.is_ok());
    findings.extend(wanted.map(|server| of_server(server, protocol)));
    if is_needed || runs {
        findings.push(adb_key::of_host(runs));
    }
    if servers.iter().any(|server| server.is_wanted) {
        findings.push(agents(&places.agents));
    }
    Ok(findings)
}

fn of_server(server: &Server, adb: Option<u16>) -> Finding {
    let address = &server.address;
    match (&server.version, adb) {
        (Ok(version), Some(adb)) if server.is_here && *version != adb => Finding::bad(
            "adb",
            format!("the server at {address} speaks version {version}, and the adb of this host {adb}"),
            "each stops the other's server, and all links with it: keep one adb, and `adb kill-server` once",
        ),
        (Ok(version), _) => Finding::good("adb", format!("the server at {address} speaks version {version}")),
        (Err(DriverError::NoAdbServer { .. }), _) if server.is_here => Finding::good(
            "adb",
            format!("no server at {address} yet; the first run, or `adb start-server`, starts it"),
        ),
        (Err(error), _) => {
            let words = Failure::infrastructure("").because(error).causes().join(": ");
            Finding::bad(
                "adb",
                words,
                "start it where the device is plugged in: adb start-server; by network it must listen there: see the lab \
                 handbook",
            )
        }
    }
}

/// Whether there is an agent for any processor that phones have.
fn agents(folder: &Path) -> Finding {
    let name = agent_program("adb");
    let built: Vec<&str> =
        abis("adb").iter().copied().filter(|abi| program::may_run(&folder.join(abi).join(name))).collect();
    if built.is_empty() {
        let words = format!("{} has no agent for phones: {}", folder.display(), abis("adb").join(", "));
        let hint = "scripts/build_agents builds it; only virtual phones run the agent of this host";
        return Finding::doubtful("program", words, hint);
    }
    Finding::good("program", format!("agents for phones with {}", built.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(version: Result<u16, DriverError>, is_here: bool, adb: Option<u16>) -> String {
        let server = Server { address: "rack:5037".to_owned(), is_wanted: true, is_here, version };
        of_server(&server, adb).lines()
    }

    #[test]
    fn a_server_is_told_with_its_version() {
        let gone = || {
            let source = std::io::ErrorKind::ConnectionRefused.into();
            Err(DriverError::NoAdbServer { server: "rack:5037".to_owned(), source })
        };
        let told = [
            lines(Ok(41), true, Some(41)),
            lines(Ok(41), true, Some(39)),
            // Another host's adb is its own affair.
            lines(Ok(39), false, Some(41)),
            lines(Ok(41), true, None),
            lines(gone(), true, Some(41)),
            lines(gone(), false, Some(41)),
        ];
        insta::assert_snapshot!("servers", told.concat());
    }
}
