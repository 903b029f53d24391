//! Batteries and chargers: `/sys/class/power_supply/*`, in µV, µA, µW, µAh, tenths of a degree and per cent.
//!
//! The ABI says that a positive current flows into the battery. ACPI batteries give magnitudes without a sign,
//! and some phones turn it around: the direction that counts is the `status` channel. Drivers of some vendors
//! write mA and mV, which the first reading tells; where it cannot, there is no channel rather than a wrong one.

mod battery;
mod gauge;

use edgesoak_protocol::{Quantity, Reason, Unit};

use crate::bank::SLOW;
use crate::label;
use crate::listing;
use crate::root::Root;
use crate::table::{Channel, Table};

pub(super) const DIR: &str = "/sys/class/power_supply";
/// Names tried where the directory refuses to be listed.
const GUESSES: [&str; 9] = ["bms", "battery", "BAT0", "BAT1", "AC", "usb", "ac", "wireless", "dc"];

/// Folders of this device's own batteries.
pub(crate) fn batteries(root: &Root) -> Vec<String> {
    let batteries = supplies(root).into_iter().filter(|(_, kind)| matches!(kind.as_str(), "Battery" | "BMS"));
    batteries.map(|(name, _)| format!("{DIR}/{name}")).collect()
}

/// Names and types of this device's own supplies.
fn supplies(root: &Root) -> Vec<(String, String)> {
    let of_device = names(root).into_iter().filter_map(|name| {
        let dir = format!("{DIR}/{name}");
        // The battery of a mouse or a headset says nothing about this device.
        let is_foreign = root.word(&format!("{dir}/scope")).as_deref() == Some("Device");
        Some((name, root.word(&format!("{dir}/type")).filter(|_| !is_foreign)?))
    });
    of_device.collect()
}

pub(super) fn find(table: &mut Table<'_>) {
    let mut batteries = Vec::new();
    for (name, kind) in supplies(table.root) {
        match kind.as_str() {
            "Battery" | "BMS" => {
                let gauge = kind == "BMS" || gauge::is_named(&name);
                batteries.push((!gauge, name));
            }
            _ => add_supply(table, &format!("{DIR}/{name}"), &name),
        }
    }
    // A fuel gauge is nearer to the cell than a supply called `battery`, so that its channels come first. The sort
    // keeps the order of the rest.
    batteries.sort_by_key(|(behind, _)| *behind);
    for (_, name) in batteries {
        battery::add(table, &format!("{DIR}/{name}"), &label::lower(&name));
    }
}

fn names(root: &Root) -> Vec<String> {
    let listing = listing::all(root, DIR, |_| true);
    if !listing.names.is_empty() || listing.reason != Reason::Denied {
        return listing.names;
    }
    let answers = |name: &&str| root.word(&format!("{DIR}/{name}/type")).is_some();
    GUESSES.into_iter().filter(answers).map(str::to_owned).collect()
}

fn add_supply(table: &mut Table<'_>, dir: &str, name: &str) {
    let channel =
        Channel::new(format!("supply/{}/online", label::lower(name)), Quantity::Plugged, Unit::One, 1.0);
    table.add_integer(&format!("{dir}/online"), SLOW, channel);
}
