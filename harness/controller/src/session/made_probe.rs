//! Probes for tests.

use std::collections::BTreeMap;

use edgesoak_protocol::probe::{Probe, ProbedChannel};
use edgesoak_protocol::{Quantity, Unit};

/// A probe with these channels: name, quantity and value.
pub(crate) fn probe(channels: &[(&str, Quantity, Option<f64>)]) -> Probe {
    let channel = |(name, quantity, value): &(&str, Quantity, Option<f64>)| ProbedChannel {
        name: (*name).to_owned(),
        quantity: *quantity,
        unit: Unit::One,
        source: "made up".to_owned(),
        value: *value,
        missing: None,
        raw: String::new(),
        quality: edgesoak_protocol::quality::Quality::default(),
    };
    Probe {
        agent: String::new(),
        protocol: [1, 1],
        kernel: String::new(),
        os: String::new(),
        cpu: String::new(),
        cores: 1,
        cpu_features: Vec::new(),
        memory_bytes: 0,
        storage_free_bytes: Some(0),
        facts: BTreeMap::new(),
        commands: Vec::new(),
        boot_id: String::new(),
        is_virtual: false,
        channels: channels.iter().map(channel).collect(),
    }
}
