//! Energy counters of x86 processors: `/sys/class/powercap/intel-rapl:N[:M]/energy_uj`.
//!
//! Readable by root alone since Linux 5.10. A subzone is part of its package: never add the two.

use edgesoak_protocol::channel::MODULO;
use edgesoak_protocol::{Quantity, Unit};

use crate::bank::FAST;
use crate::label;
use crate::listing;
use crate::table::{Channel, Table};

pub(super) const DIR: &str = "/sys/class/powercap";

pub(super) fn find(table: &mut Table<'_>) {
    // The same counters appear again under `intel-rapl-mmio:`.
    for zone in listing::all(table.root, DIR, |name| name.starts_with("intel-rapl:")).names {
        let dir = format!("{DIR}/{zone}");
        let mut name = word(table, &dir, &zone);
        if let Some((parent, _)) = zone.rsplit_once(':').filter(|(parent, _)| parent.contains(':')) {
            name = format!("{}/{name}", word(table, &format!("{DIR}/{parent}"), parent));
        }
        let channel = Channel::new(format!("rapl/{name}"), Quantity::Energy, Unit::Joule, 1e-6);
        let path = format!("{dir}/energy_uj");
        table.add_integer(&path, FAST, channel);
        let range = table.root.word(&format!("{dir}/max_energy_range_uj"));
        if let Some(range) = range.and_then(|range| range.parse::<u64>().ok()) {
            table.annotate(&path, &format!("{MODULO}{range}"));
        }
    }
}

fn word(table: &Table<'_>, dir: &str, otherwise: &str) -> String {
    label::lower(&table.root.word(&format!("{dir}/name")).unwrap_or_else(|| otherwise.to_owned()))
}
