//! `probe`: one document about the device.

use std::collections::BTreeMap;

use edgesoak_protocol::journal;
use edgesoak_protocol::probe::Probe;
use edgesoak_sensors::{Bank, Root, identity};

use crate::error::AgentError;
use crate::layout::AgentRoot;

/// Reads the device's identity and one value of every channel.
pub(crate) fn probe(root: &AgentRoot, system: &Root) -> Result<Probe, AgentError> {
    let space = rustix::fs::statvfs(root.path())
        .map_err(|error| AgentError::io("reading the space of", root.path())(error.into()))?;
    let identity = identity::probe(system);
    Ok(Probe {
        agent: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: [journal::MIN, journal::CURRENT],
        kernel: identity.kernel,
        os: identity.os,
        cpu: identity.cpu,
        cores: identity.cores,
        cpu_features: identity.cpu_features,
        memory_bytes: identity.memory_bytes,
        storage_free_bytes: Some(space.f_bavail.saturating_mul(space.f_frsize)),
        boot_id: identity.boot_id,
        is_virtual: identity.is_virtual,
        facts: BTreeMap::new(),
        channels: Bank::open(system).probed(),
        commands: Vec::new(),
    })
}
