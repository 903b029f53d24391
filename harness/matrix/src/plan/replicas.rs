//! More units of simulated devices: the same phone with other seeds.

use std::num::NonZeroU32;

use crate::node::{Entry, Node, Table, Value};
use crate::plan::device::is_simulated;
use crate::plan::request::Chosen;
use crate::problem::Problem;
use crate::report::Report;

/// The chosen devices, every simulated one `replicas` times, each with whether it was named in full.
pub(super) fn units(
    chosen: &[Chosen<'_>],
    replicas: Option<NonZeroU32>,
    reports: &mut Vec<Report>,
) -> Vec<(Table, bool)> {
    let count = replicas.map_or(1, NonZeroU32::get);
    if count > 1 && !chosen.iter().any(|Chosen { device, .. }| is_simulated(device)) {
        let complaint = "replicas are units of simulated devices, and none is chosen".to_owned();
        reports.push(Report::nowhere(Problem::Contradiction { complaint }));
    }
    let units = chosen.iter().flat_map(|Chosen { device, by_name }| {
        let copies = if is_simulated(device) { count } else { 1 };
        (1..=copies).map(|number| (unit(device, number), *by_name))
    });
    units.collect()
}

/// The first is the device itself; the others have a number behind their name, and seeds that follow its own.
fn unit(device: &Table, number: u32) -> Table {
    let mut unit = device.clone();
    if number == 1 {
        return unit;
    }
    let id = format!("{}#{number}", device.text("id").unwrap_or_default());
    let seed = device.table("address").and_then(|address| address.integer("seed")).unwrap_or(0);
    let seed = u64::from(seed) + u64::from(number) - 1;
    for entry in &mut unit.entries {
        match (entry.name.as_str(), &mut entry.node.value) {
            ("id", value) => *value = Value::Text(id.clone()),
            ("address", Value::Table(address)) => set_seed(address, seed),
            _ => {}
        }
    }
    unit
}

fn set_seed(address: &mut Table, seed: u64) {
    let value = Value::Integer(seed);
    let place = address.entries.iter().position(|entry| entry.name == "seed");
    if let Some(entry) = place.and_then(|place| address.entries.get_mut(place)) {
        entry.node.value = value;
    } else {
        let node = Node { value, at: None };
        address.entries.push(Entry { name: "seed".to_owned(), key_at: address.at, node });
    }
}
