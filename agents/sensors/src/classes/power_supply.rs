//! Batteries and chargers: `/sys/class/power_supply/*`, in µV, µA, µW, tenths of a degree and per cent.
//!
//! The ABI says that a positive current flows into the battery. ACPI batteries give magnitudes without a sign,
//! and some phones turn it around: the direction that counts is the `status` channel.

use edgesoak_protocol::{Quantity, Reason, Unit};

use crate::bank::{FAST, SLOW};
use crate::label;
use crate::listing;
use crate::parse::supply;
use crate::source::Kind;
use crate::table::{Channel, Entry, Table};

pub(super) const DIR: &str = "/sys/class/power_supply";
/// Names tried where the directory refuses to be listed.
const GUESSES: [&str; 8] = ["battery", "bms", "BAT0", "BAT1", "AC", "usb", "ac", "wireless"];

pub(super) fn find(table: &mut Table<'_>) {
    let listing = listing::all(table.root, DIR, |_| true);
    let mut names = listing.names;
    if names.is_empty() && listing.reason == Reason::Denied {
        let exists = |name: &&str| table.root.at(&format!("{DIR}/{name}/type")).exists();
        names = GUESSES.into_iter().filter(exists).map(str::to_owned).collect();
    }
    for name in names {
        let dir = format!("{DIR}/{name}");
        // The battery of a mouse or a headset says nothing about this device.
        if table.root.word(&format!("{dir}/scope")).as_deref() == Some("Device") {
            continue;
        }
        match table.root.word(&format!("{dir}/type")).as_deref() {
            Some("Battery" | "BMS") => add_battery(table, &dir, &label::plain(&name)),
            Some(_) => {
                let channel = format!("supply/{}/online", label::plain(&name));
                let channel = Channel::new(channel, Quantity::Plugged, Unit::One, 1.0);
                table.add_integer(&format!("{dir}/online"), SLOW, channel);
            }
            None => {}
        }
    }
}

fn add_battery(table: &mut Table<'_>, dir: &str, name: &str) {
    let channel = |what: &str, quantity, unit, scale| {
        Channel::new(format!("battery/{name}/{what}"), quantity, unit, scale)
    };
    let numbers = [
        ("voltage_now", FAST, channel("voltage", Quantity::Voltage, Unit::Volt, 1e-6)),
        ("current_now", FAST, channel("current", Quantity::Current, Unit::Ampere, 1e-6)),
        ("power_now", FAST, channel("power", Quantity::Power, Unit::Watt, 1e-6)),
        ("capacity", SLOW, channel("level", Quantity::ChargeLevel, Unit::Percent, 1.0)),
        ("temp", SLOW, Channel::celsius(format!("battery/{name}/temperature"), 0.1)),
    ];
    for (file, group, channel) in numbers {
        table.add_integer(&format!("{dir}/{file}"), group, channel);
    }
    table.add(Entry {
        path: &format!("{dir}/status"),
        group: SLOW,
        kind: Kind::Small,
        parse: supply::status,
        channels: vec![channel("status", Quantity::ChargeStatus, Unit::One, 1.0)],
    });
}
