//! Hardware monitors: `/sys/class/hwmon/hwmon*/{temp,in,curr,power}*_input`.
//!
//! The kernel's unit rules hold here: m°C, mV, mA, µW.

use std::collections::HashSet;

use edgesoak_protocol::{Quantity, Unit};

use crate::bank::{FAST, SLOW};
use crate::label;
use crate::listing;
use crate::table::{Channel, Table};

const DIR: &str = "/sys/class/hwmon";
/// Inputs tried where a monitor's directory refuses to be listed.
const GUESSES: std::ops::RangeInclusive<u32> = 1..=4;

/// The inputs of one kind on one monitor.
struct Kind {
    prefix: &'static str,
    quantity: Quantity,
    unit: Unit,
    scale: f64,
}

const KINDS: [Kind; 4] = [
    Kind { prefix: "temp", quantity: Quantity::Temperature, unit: Unit::Celsius, scale: 1e-3 },
    Kind { prefix: "power", quantity: Quantity::Power, unit: Unit::Watt, scale: 1e-6 },
    Kind { prefix: "curr", quantity: Quantity::Current, unit: Unit::Ampere, scale: 1e-3 },
    Kind { prefix: "in", quantity: Quantity::Voltage, unit: Unit::Volt, scale: 1e-3 },
];

pub(super) fn find(table: &mut Table<'_>) {
    let mirrored = mirrored(table);
    for monitor in listing::numbered(table.root, DIR, "hwmon").names {
        let dir = format!("{DIR}/{monitor}");
        let chip = table.root.word(&format!("{dir}/name")).unwrap_or(monitor);
        if !mirrored.contains(&comparable(&chip)) {
            add_chip(table, &dir, &chip);
        }
    }
}

fn add_chip(table: &mut Table<'_>, dir: &str, chip: &str) {
    let inputs: Vec<Vec<String>> = KINDS.iter().map(|kind| inputs(table, dir, kind.prefix)).collect();
    let [_, power, current, _] = inputs.as_slice() else { return };
    // Where a chip gives volts and amperes but no watts, both are needed at the rate of power.
    let volts_make_power = power.is_empty() && !current.is_empty();
    for (kind, inputs) in KINDS.iter().zip(&inputs) {
        let group = if kind.prefix == "in" && !volts_make_power { SLOW } else { FAST };
        for input in inputs {
            let named = table.root.word(&format!("{dir}/{input}_label"));
            // Jetson boards label unconnected inputs and a sum that is no voltage of its own.
            if named.as_deref().is_some_and(|label| label == "NC" || label.starts_with("sum of")) {
                continue;
            }
            let name =
                format!("hwmon/{}/{}", label::plain(chip), label::plain(named.as_deref().unwrap_or(input)));
            let channel = match kind.quantity {
                Quantity::Temperature => Channel::celsius(name, kind.scale),
                quantity => Channel::new(format!("{name}/{}", kind.prefix), quantity, kind.unit, kind.scale),
            };
            table.add_integer(&format!("{dir}/{input}_input"), group, channel);
        }
    }
}

/// `temp1`, `temp2` and so on, as far as the monitor has them.
fn inputs(table: &Table<'_>, dir: &str, prefix: &str) -> Vec<String> {
    let number =
        |name: &str| -> Option<u32> { name.strip_prefix(prefix)?.strip_suffix("_input")?.parse().ok() };
    let listing = listing::all(table.root, dir, |name| number(name).is_some());
    let mut numbers: Vec<u32> = listing.names.iter().filter_map(|name| number(name)).collect();
    if numbers.is_empty() && listing.reason == edgesoak_protocol::Reason::Denied {
        let exists = |number: &u32| table.root.at(&format!("{dir}/{prefix}{number}_input")).exists();
        numbers = GUESSES.filter(exists).collect();
    }
    numbers.sort_unstable();
    numbers.into_iter().map(|number| format!("{prefix}{number}")).collect()
}

/// The kernel shows thermal zones and batteries a second time as monitors of the same name.
fn mirrored(table: &Table<'_>) -> HashSet<String> {
    let zones = listing::numbered(table.root, super::thermal::DIR, "thermal_zone").names;
    let types =
        zones.iter().filter_map(|zone| table.root.word(&format!("{}/{zone}/type", super::thermal::DIR)));
    let supplies = listing::all(table.root, super::power_supply::DIR, |_| true).names;
    types.chain(supplies).map(|name| comparable(&name)).collect()
}

/// Monitors may not have dashes in their names, so the kernel replaces them.
fn comparable(name: &str) -> String {
    name.replace('-', "_")
}
