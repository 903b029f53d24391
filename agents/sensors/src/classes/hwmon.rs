//! Hardware monitors: `/sys/class/hwmon/hwmon*/{temp,in,curr,power,energy}*_input` and `power*_average`.
//!
//! The kernel's unit rules hold here: m°C, mV, mA, µW, µJ.

use std::collections::HashSet;

use edgesoak_protocol::{Quantity, Reason, Unit, rule};

use crate::bank::{FAST, SLOW};
use crate::label;
use crate::listing;
use crate::table::{Channel, Table};

const DIR: &str = "/sys/class/hwmon";
/// Power monitors of Jetson boards, where the class is not shown.
const MONITORS: &str = "/sys/bus/i2c/drivers/ina3221";
/// Inputs tried where a monitor's directory refuses to be listed.
const GUESSES: std::ops::RangeInclusive<u32> = 1..=4;

/// The inputs of one kind on one monitor.
struct Kind {
    prefix: &'static str,
    /// Endings of their files; the first that is there is read.
    files: &'static [&'static str],
    quantity: Quantity,
    unit: Unit,
    scale: f64,
}

const INPUT: &[&str] = &["_input"];
const KINDS: [Kind; 5] = [
    Kind { prefix: "temp", files: INPUT, quantity: Quantity::Temperature, unit: Unit::Celsius, scale: 1e-3 },
    // Some chips give nothing but a mean over their own interval.
    Kind {
        prefix: "power",
        files: &["_input", "_average"],
        quantity: Quantity::Power,
        unit: Unit::Watt,
        scale: 1e-6,
    },
    Kind { prefix: "curr", files: INPUT, quantity: Quantity::Current, unit: Unit::Ampere, scale: 1e-3 },
    Kind { prefix: "in", files: INPUT, quantity: Quantity::Voltage, unit: Unit::Volt, scale: 1e-3 },
    Kind { prefix: "energy", files: INPUT, quantity: Quantity::Energy, unit: Unit::Joule, scale: 1e-6 },
];

pub(super) fn find(table: &mut Table<'_>) {
    let mirrored = mirrored(table);
    let mut monitors: Vec<String> = listing::numbered(table.root, DIR, "hwmon")
        .names
        .into_iter()
        .map(|monitor| format!("{DIR}/{monitor}"))
        .collect();
    if monitors.is_empty() {
        monitors = below_drivers(table);
    }
    for dir in monitors {
        let folder = dir.rsplit('/').next().unwrap_or(&dir);
        let chip = table.root.word(&format!("{dir}/name")).unwrap_or_else(|| folder.to_owned());
        if !mirrored.contains(&comparable(&chip)) {
            add_chip(table, &dir, &chip);
        }
    }
}

/// The same monitors below the folder of their driver.
fn below_drivers(table: &Table<'_>) -> Vec<String> {
    let devices = listing::all(table.root, MONITORS, |name| name.contains('-')).names;
    let folders = devices.into_iter().flat_map(|device| {
        let dir = format!("{MONITORS}/{device}/hwmon");
        let monitors = listing::numbered(table.root, &dir, "hwmon").names;
        monitors.into_iter().map(move |monitor| format!("{dir}/{monitor}"))
    });
    folders.collect()
}

fn add_chip(table: &mut Table<'_>, dir: &str, chip: &str) {
    let inputs: Vec<Vec<u32>> = KINDS.iter().map(|kind| inputs(table, dir, kind)).collect();
    let [_, power, current, ..] = inputs.as_slice() else { return };
    // Where a chip gives volts and amperes but no watts, both are needed at the rate of power.
    let volts_make_power = power.is_empty() && !current.is_empty();
    for (kind, inputs) in KINDS.iter().zip(&inputs) {
        let group = if kind.prefix == "in" && !volts_make_power { SLOW } else { FAST };
        for number in inputs {
            add_input(table, dir, chip, kind, *number, group);
        }
    }
}

fn add_input(table: &mut Table<'_>, dir: &str, chip: &str, kind: &Kind, number: u32, group: u8) {
    let input = format!("{}{number}", kind.prefix);
    // A current has the label of the voltage beside it, which is the only one that some drivers write.
    let named = table.root.word(&format!("{dir}/{input}_label")).or_else(|| {
        let beside = format!("{dir}/in{number}_label");
        (kind.prefix == "curr").then(|| table.root.word(&beside)).flatten()
    });
    // Jetson boards label unconnected inputs and a sum that is no voltage of its own.
    if named.as_deref().is_some_and(|label| label == "NC" || label.starts_with("sum of")) {
        return;
    }
    let name = format!("hwmon/{}/{}", label::lower(chip), label::lower(named.as_deref().unwrap_or(&input)));
    let channel = match kind.quantity {
        Quantity::Temperature => Channel::celsius(name, kind.scale),
        quantity => {
            let name = format!("{name}/{}", kind.prefix);
            Channel { rule: rule::SIGNED, ..Channel::new(name, quantity, kind.unit, kind.scale) }
        }
    };
    let path = |ending: &&str| format!("{dir}/{input}{ending}");
    let there = kind.files.iter().find(|ending| table.root.exists(&path(ending)));
    table.add_integer(&path(there.unwrap_or(&"_input")), group, channel);
}

/// The numbers of the inputs of this kind, as far as the monitor has them.
fn inputs(table: &Table<'_>, dir: &str, kind: &Kind) -> Vec<u32> {
    let number = |name: &str| -> Option<u32> {
        let rest = name.strip_prefix(kind.prefix)?;
        kind.files.iter().find_map(|ending| rest.strip_suffix(ending))?.parse().ok()
    };
    let listing = listing::all(table.root, dir, |name| number(name).is_some());
    let mut numbers: Vec<u32> = listing.names.iter().filter_map(|name| number(name)).collect();
    if numbers.is_empty() && listing.reason == Reason::Denied {
        let exists = |number: &u32| table.root.exists(&format!("{dir}/{}{number}_input", kind.prefix));
        numbers = GUESSES.filter(exists).collect();
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers
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
