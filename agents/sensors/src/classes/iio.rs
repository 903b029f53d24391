//! Power monitors of the `iio` bus: rails of phones with on-device power monitors, cumulative energy per rail, and
//! the three-channel monitors of Jetson boards with older kernels; and thermometers of the air.

use std::collections::HashMap;

use edgesoak_protocol::{Quantity, Reason, Unit, rule};

use crate::bank::{FAST, SLOW};
use crate::label;
use crate::listing;
use crate::parse::rails;
use crate::source::Kind;
use crate::table::{Channel, Entry, Table};

const DIR: &str = "/sys/bus/iio/devices";
/// Monitors of Jetson boards, with `iio` devices below each.
const MONITORS: &str = "/sys/bus/i2c/drivers/ina3221x";
/// One text with every rail of a monitor.
const ENERGY: &str = "energy_value";
/// The air around a thermometer, in thousandths of a degree.
const AIR: &str = "in_temp_ambient_input";

pub(super) fn find(table: &mut Table<'_>) {
    let devices = listing::numbered(table.root, DIR, "iio:device").names;
    let devices: Vec<String> = devices.into_iter().map(|device| format!("{DIR}/{device}")).collect();
    add_meters(table, &devices);
    add_rooms(table, &devices);
    let mut monitors: Vec<String> =
        devices.into_iter().filter(|dir| table.root.word(&format!("{dir}/rail_name_0")).is_some()).collect();
    if monitors.is_empty() {
        monitors = below_driver(table);
    }
    for dir in monitors {
        add_monitor(table, &dir);
    }
}

/// Energy meters. A rail that two of them show has no value: nobody knows whether the two add up.
fn add_meters(table: &mut Table<'_>, devices: &[String]) {
    let mut meters = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for dir in devices {
        let path = format!("{dir}/{ENERGY}");
        match table.root.read(&path, 16 * 1024) {
            Ok(text) => {
                let names: Vec<String> = rails::names(&text).map(|name| label::lower(&name)).collect();
                for name in &names {
                    *seen.entry(name.clone()).or_default() += 1;
                }
                meters.push((path, names));
            }
            Err(error) if crate::errno::reason(&error) == Reason::Denied => {
                table.add_missing(energy("rail/any"), &path, Reason::Denied);
            }
            Err(_) => {}
        }
    }
    for (path, names) in meters {
        let channels = names.iter().map(|name| energy(&format!("rail/{name}"))).collect();
        let first = table.specs.len();
        // The counters stand still between the chip's own samples, and each read is a transaction on its bus.
        table.add(Entry { path: &path, group: SLOW, kind: Kind::Small, parse: rails::energies, channels });
        for (spec, name) in table.specs[first..].iter_mut().zip(&names) {
            if seen.get(name).is_some_and(|times| *times > 1) {
                spec.missing = Some(Reason::Parse);
            }
        }
    }
}

/// Thermometers that tell the air's temperature apart from that of what they look at, by the chip's name.
fn add_rooms(table: &mut Table<'_>, devices: &[String]) {
    for dir in devices {
        let path = format!("{dir}/{AIR}");
        if table.peek(&path) == Err(Reason::Absent) {
            continue;
        }
        let chip = table.root.word(&format!("{dir}/name")).unwrap_or_default();
        let name = format!("ambient/{}", label::lower(&chip));
        let channel =
            Channel { rule: rule::TEMPERATURE, ..Channel::new(name, Quantity::Ambient, Unit::Celsius, 1e-3) };
        // A room changes within minutes.
        table.add_integer(&path, SLOW, channel);
    }
}

fn energy(name: &str) -> Channel {
    // µWs since boot.
    Channel { rule: rule::SIGNED, ..Channel::new(name, Quantity::Energy, Unit::Joule, 1e-6) }
}

fn below_driver(table: &Table<'_>) -> Vec<String> {
    let devices = listing::all(table.root, MONITORS, |name| name.contains('-')).names;
    let folders = devices.into_iter().flat_map(|device| {
        let dir = format!("{MONITORS}/{device}");
        let monitors = listing::numbered(table.root, &dir, "iio:device").names;
        monitors.into_iter().map(move |monitor| format!("{dir}/{monitor}"))
    });
    folders.collect()
}

/// Three rails, in mW, mV and mA, each with its name.
fn add_monitor(table: &mut Table<'_>, dir: &str) {
    const INPUTS: [(&str, Quantity, Unit, u8); 3] = [
        ("power", Quantity::Power, Unit::Watt, FAST),
        ("voltage", Quantity::Voltage, Unit::Volt, SLOW),
        ("current", Quantity::Current, Unit::Ampere, SLOW),
    ];
    for number in 0..3 {
        let Some(rail) = table.root.word(&format!("{dir}/rail_name_{number}")) else { continue };
        if rail == "NC" || rail.starts_with("sum of") {
            continue;
        }
        for (what, quantity, unit, group) in INPUTS {
            let name = format!("{what}/{}", label::lower(&rail));
            let channel = Channel { rule: rule::SIGNED, ..Channel::new(name, quantity, unit, 1e-3) };
            table.add_integer(&format!("{dir}/in_{what}{number}_input"), group, channel);
        }
    }
}
