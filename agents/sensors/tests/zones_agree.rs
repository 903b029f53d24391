//! A folder of thermal zones says the same when it is read as a device and when somebody's listing of it is parsed.

mod tree;

use std::fmt::Write;

use edgesoak_protocol::{Quantity, Reading, Reason};
use edgesoak_sensors::Bank;
use edgesoak_sensors::capture::{Kind, Measure};
use tree::Tree;

const LISTINGS: [(&str, &str); 10] = [
    ("board_files", include_str!("outputs/thermal-zones/board_files.txt")),
    ("handset_log", include_str!("outputs/thermal-zones/handset_log.txt")),
    ("handset_semicolons", include_str!("outputs/thermal-zones/handset_semicolons.txt")),
    ("phone_colons", include_str!("outputs/thermal-zones/phone_colons.txt")),
    ("phone_in_degrees", include_str!("outputs/thermal-zones/phone_in_degrees.txt")),
    ("phone_mixed_units", include_str!("outputs/thermal-zones/phone_mixed_units.txt")),
    ("phone_withheld", include_str!("outputs/thermal-zones/phone_withheld.txt")),
    ("one unit per family", "tsens0 309\ntsens1 322\ntsens2 98\ntsens3 1004\ntsens4 -400\ntsens5 -40\n"),
    ("parked", "a -40\nb -273\nc 125\nd -127000\ne 65535\nf -22\ng 31000\nh 0\ni -1073741\nj -44000\n"),
    ("a board of old", "bcm2835_thermal 85000\ncpu-0-0-usr 41000\ncpu-0-0-step 0\nvbat 4112\nsoc 88\n"),
];

/// A zone of a folder: its type, and what its file holds.
type Zone = (String, Result<String, Reason>);

fn zones(listing: &str) -> Vec<Zone> {
    let capture = Kind::ThermalZones.parse(listing);
    let celsius = capture.readings().iter().filter(|reading| reading.unit == Measure::Celsius);
    celsius
        .map(|reading| {
            let told = match reading.value {
                Err(reason) if reading.raw.is_empty() => Err(reason),
                _ => Ok(reading.raw.clone()),
            };
            (reading.name.clone(), told)
        })
        // The kernel's files hold integers; anything else was made by whoever printed the listing.
        .filter(|(_, told)| told.as_ref().map_or(true, |raw| raw.parse::<i64>().is_ok()))
        .collect()
}

/// The folder, and the text of `grep . */type */temp` over it.
fn folder(zones: &[Zone]) -> (Tree, String) {
    let tree = Tree::from_capture("");
    let (mut text, mut refused) = (String::new(), String::new());
    for (number, (kind, told)) in zones.iter().enumerate() {
        let dir = format!("/sys/class/thermal/thermal_zone{number}");
        tree.put(&format!("{dir}/type"), &format!("{kind}\n"));
        writeln!(text, "{dir}/type:{kind}").expect("a string grows");
        let (errno, words) = match told {
            Ok(raw) => {
                tree.put(&format!("{dir}/temp"), &format!("{raw}\n"));
                writeln!(text, "{dir}/temp:{raw}").expect("a string grows");
                continue;
            }
            Err(Reason::Sentinel) => {
                tree.put(&format!("{dir}/temp"), "\n");
                writeln!(text, "{dir}/temp:").expect("a string grows");
                continue;
            }
            Err(Reason::Denied) => ("EACCES", "Permission denied"),
            Err(Reason::Failed) => ("EINVAL", "Invalid argument"),
            Err(_) => ("ENOENT", "No such file or directory"),
        };
        writeln!(refused, "{errno} {dir}/temp").expect("a string grows");
        writeln!(text, "cat: {dir}/temp: {words}").expect("a string grows");
    }
    tree.put("/refused.txt", &refused);
    (tree, text)
}

fn live(tree: &Tree) -> Vec<(String, Reading<f64>)> {
    let channels = Bank::open(&tree.root()).probed().into_iter();
    let zones = channels.filter(|channel| channel.quantity == Quantity::Temperature);
    zones
        .map(|channel| {
            let value = channel.value.ok_or_else(|| channel.missing.expect("no value has a reason"));
            (channel.name, value)
        })
        .collect()
}

#[test]
fn every_listing_as_a_folder() {
    for (what, listing) in LISTINGS {
        let zones = zones(listing);
        let (tree, text) = folder(&zones);
        let live = live(&tree);
        let capture = Kind::ThermalZones.parse(&text);
        let captured: Vec<_> =
            capture.readings().iter().filter(|reading| reading.unit == Measure::Celsius).collect();
        let names = |live: &(String, Reading<f64>)| live.0.clone();
        assert_eq!(
            live.iter().map(names).collect::<Vec<_>>(),
            captured.iter().map(|reading| reading.channel.clone()).collect::<Vec<_>>(),
            "{what}"
        );
        for ((name, live), captured) in live.iter().zip(captured) {
            match (live, captured.value) {
                (Ok(live), Ok(captured)) => {
                    assert!((live - captured).abs() < 1e-9, "{what}: {name}: {live} and {captured}");
                }
                (live, captured) => assert_eq!(*live, captured, "{what}: {name}"),
            }
        }
    }
}

#[test]
fn listings_hold_enough_zones_to_prove_something() {
    let all: usize = LISTINGS.iter().map(|(_, listing)| zones(listing).len()).sum();
    assert!(all > 60, "only {all} zones");
}
