//! `probe`: one document about the device.

use std::time::Duration;

use edgesoak_protocol::journal;
use edgesoak_protocol::probe::Probe;
use edgesoak_sensors::{Bank, Root, identity};

use crate::error::AgentError;
use crate::layout::Home;
use crate::settings;
use crate::watching;

/// Reads the device's identity, how it is set, and one value of every channel; then watches the channels for as long
/// as is asked to learn their quality. A recorded folder never changes, so nothing is learnt from watching it.
///
/// `home` is where the free space is told of.
pub(crate) fn probe(home: Option<&Home>, root: &Root, watch: Duration) -> Result<Probe, AgentError> {
    let root = &root.hasty();
    let storage_free_bytes = home.map(free_bytes).transpose()?;
    let identity = identity::probe(root);
    let mut bank = Bank::open(root);
    let mut channels = bank.probed();
    let mut facts = bank.facts();
    settings::facts(root, &mut facts);
    // A runtime inherits it; see the setting `oom-score`.
    if let Ok(number) = settings::own_oom_score(root) {
        facts.insert("oom_score_adj".to_owned(), number.to_string());
    }
    if root.is_live() && !watch.is_zero() {
        let qualities = watching::watch(&mut bank, watch);
        for (channel, quality) in channels.iter_mut().zip(qualities) {
            channel.quality = quality;
        }
    }
    Ok(Probe {
        agent: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: [journal::MIN, journal::CURRENT],
        kernel: identity.kernel,
        os: identity.os,
        cpu: identity.cpu,
        cores: identity.cores,
        cpu_features: identity.cpu_features,
        memory_bytes: identity.memory_bytes,
        storage_free_bytes,
        boot_id: identity.boot_id,
        is_virtual: identity.is_virtual,
        facts,
        channels,
        commands: bank.probed_commands().to_vec(),
    })
}

fn free_bytes(home: &Home) -> Result<u64, AgentError> {
    let space = rustix::fs::statvfs(home.path())
        .map_err(|error| AgentError::io("reading the space of", home.path())(error.into()))?;
    Ok(space.f_bavail.saturating_mul(space.f_frsize))
}
