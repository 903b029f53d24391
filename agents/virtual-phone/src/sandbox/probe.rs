//! What a phone says of itself.

use std::collections::BTreeMap;
use std::time::Duration;

use edgesoak_agent::Home;
use edgesoak_protocol::Reason;
use edgesoak_protocol::journal;
use edgesoak_protocol::probe::{Probe, ProbedChannel};

use super::bench::Bench;
use super::glance::{self, Seen};
use super::sheet::Phone;
use crate::error::PhoneError;
use crate::profile::Os;

/// Describes the phone as it lies on its bench, at rest, after watching it for so long in no time.
pub(super) fn probe(phone: &Phone, bench: &Bench, home: &Home, watch: Duration) -> Result<Probe, PhoneError> {
    let (profile, sheet) = (&phone.profile, &phone.sheet);
    let seen = glance::at_rest(phone, watch)?;
    let memory = profile.face.memory_gib * f64::from(1 << 30);
    let mut facts = BTreeMap::new();
    for (name, value) in [
        ("simulated_as", profile.title.clone()),
        ("profile", profile.name.clone()),
        ("seed", sheet.seed.to_string()),
        ("faults", sheet.faults.join(", ")),
    ] {
        facts.insert(name.to_owned(), value);
    }
    Ok(Probe {
        agent: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: [journal::MIN, journal::CURRENT],
        kernel: "simulated".to_owned(),
        os: format!("{} (simulated)", system(profile.face.os)),
        cpu: profile.face.soc.clone(),
        cores: profile.face.cores,
        cpu_features: Vec::new(),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a profile bounds it")]
        memory_bytes: memory as u64,
        storage_free_bytes: free_bytes(home),
        boot_id: bench.boot_id(),
        is_virtual: true,
        facts,
        channels: seen.into_iter().map(channel).collect(),
        commands: Vec::new(),
    })
}

fn channel(seen: Seen) -> ProbedChannel {
    let Seen { spec, first: raw, quality } = seen;
    let value = spec.value(raw.0);
    ProbedChannel {
        value: value.ok(),
        missing: spec.missing.or(value.err()).filter(|_| value.is_err()),
        raw: raw.0.map_or_else(|_: Reason| String::new(), |raw| raw.to_string()),
        name: spec.name,
        quantity: spec.quantity,
        unit: spec.unit,
        source: spec.source,
        quality,
    }
}

fn free_bytes(home: &Home) -> Option<u64> {
    let space = rustix::fs::statvfs(home.path()).ok()?;
    Some(space.f_bavail.saturating_mul(space.f_frsize))
}

fn system(os: Os) -> &'static str {
    match os {
        Os::AndroidPixel | Os::AndroidSamsung => "Android",
        Os::Zebra => "Android on a Zebra handheld",
        Os::Honeywell => "Android on a Honeywell handheld",
        Os::LinuxBoard => "Linux on a board",
        Os::IosLike => "a system that tells next to nothing",
    }
}
