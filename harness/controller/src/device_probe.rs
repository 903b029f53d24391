//! Asking a device about itself, outside of any run.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use edgesoak_drivers::{DeviceAddress, Driver, agent_program};
use edgesoak_protocol::probe::Probe;

use crate::agent::{self, ATTACH, Agent, PROGRAM_MODE};
use crate::context::{program_for, runner_program};
use crate::error::ControllerError;
use crate::request::ProbeRequest;
use crate::setback::Setback;
use crate::world::{Disk, SystemDisk};

const PUSH: Duration = Duration::from_mins(5);

/// Reaches the device, puts this version's agent on it if need be, and has it look around.
///
/// # Errors
/// [`ControllerError::AskingDevice`] when it cannot be reached, [`ControllerError::AskingAgent`] when its agent
/// makes no sense, [`ControllerError::FindingProgram`] when there is no agent to push.
pub async fn probe_device(request: &ProbeRequest) -> Result<Probe, ControllerError> {
    attached(request).await.map(|(probe, _)| probe)
}

/// What a run would meet on a device now, without running anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Stand {
    /// What it says of itself.
    pub probe: Probe,
    /// SHA-256 of the program of each runtime that was asked for, as it would be put there.
    pub runners: BTreeMap<String, String>,
}

/// Has the device look around, and takes the digests of the programs that these runtimes would be run with.
///
/// # Errors
/// As [`probe_device`], for each program.
pub async fn stand_of(request: &ProbeRequest, runtimes: &[&str]) -> Result<Stand, ControllerError> {
    let (probe, driver) = attached(request).await?;
    let disk = SystemDisk::default();
    let digest = |runtime: &&str| {
        let program = runner_program(runtime);
        let local = program_for(&disk, &request.agents_dir, &program, driver.abi());
        let digest = disk.digest(&local).map_err(|source| missing(request, &program, &local, source))?;
        Ok(((*runtime).to_owned(), digest.sha256))
    };
    let runners = runtimes.iter().map(digest).collect::<Result<_, ControllerError>>()?;
    Ok(Stand { probe, runners })
}

fn missing(request: &ProbeRequest, program: &str, local: &Path, source: io::Error) -> ControllerError {
    let directory = local.parent().unwrap_or(&request.agents_dir).to_owned();
    ControllerError::FindingProgram { program: program.to_owned(), directory, source }
}

async fn attached(request: &ProbeRequest) -> Result<(Probe, Box<dyn Driver>), ControllerError> {
    let asking = |source| ControllerError::AskingDevice { device: request.device.clone(), source };
    let address = DeviceAddress {
        device: request.device.clone(),
        state_dir: request.state_dir.clone(),
        parts: request.address.clone(),
    };
    let driver = edgesoak_drivers::open(&request.driver, &address).map_err(asking)?;
    driver.attach(ATTACH).await.map_err(asking)?;
    let (agent, disk) = (agent_program(&request.driver), SystemDisk::default());
    let local = program_for(&disk, &request.agents_dir, agent, driver.abi());
    let digest = disk.digest(&local).map_err(|source| missing(request, agent, &local, source))?;
    let blame = |setback: Setback| ControllerError::AskingAgent {
        device: request.device.clone(),
        problem: setback.detail,
    };
    let program = agent::program().map_err(blame)?;
    if !is_there(driver.as_ref(), &digest.sha256).await {
        driver.push(&local, &program, PROGRAM_MODE, PUSH).await.map_err(asking)?;
    }
    let probe = Agent::on(driver.as_ref()).watch(request.watch_s).await.map_err(blame)?;
    Ok((probe, driver))
}

/// A device without a working agent has none.
async fn is_there(driver: &dyn Driver, sha256: &str) -> bool {
    let Ok(program) = agent::program() else { return false };
    let Ok(found) = Agent::on(driver).verify(&[program]).await else { return false };
    let right = |file: &edgesoak_protocol::probe::FoundFile| {
        file.sha256 == sha256 && file.mode & 0o777 == PROGRAM_MODE
    };
    found.first().and_then(|file| file.found.as_ref()).is_some_and(right)
}
