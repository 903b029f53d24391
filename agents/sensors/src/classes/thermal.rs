//! Thermal zones: `/sys/class/thermal/thermal_zone*/{type,temp}`, known by their type.
//!
//! Numbers of zones change between builds of the same device, types do not. Some phones keep the class to
//! themselves and show the same zones by their types in `/dev/thermal/tz-by-name`.

use edgesoak_protocol::{Reading, Reason, rule};

use crate::bank::{FAST, SLOW};
use crate::label;
use crate::listing;
use crate::parse::temperature;
use crate::parse::zone_unit::Families;
use crate::table::{Channel, Table};

pub(super) const DIR: &str = "/sys/class/thermal";
const BY_NAME: &str = "/dev/thermal/tz-by-name";
/// Where one zone is warmer than this, another that reads exactly zero has no sensor, °C.
const WARM: f64 = 10.0;

struct Zone {
    kind: String,
    path: String,
    probed: Reading<i64>,
}

pub(super) fn find(table: &mut Table<'_>) {
    let zones = zones(table);
    let mut families = Families::default();
    for zone in &zones {
        families.note(&zone.kind, zone.probed);
    }
    let scale = |zone: &Zone| match zone.probed {
        Ok(raw) => families.scale(&zone.kind, raw),
        Err(_) => families.scale_unread(&zone.kind),
    };
    let warm = zones.iter().filter(|zone| why_none(zone).is_none()).any(|zone| {
        let value = zone.probed.and_then(|raw| rule::apply(rule::ZONE, raw, scale(zone)));
        value.is_ok_and(|celsius| celsius > WARM)
    });
    for zone in &zones {
        let name = format!("temperature/{}", label::lower(&zone.kind));
        let rule = if warm { rule::ZONE_ZERO_IS_NONE } else { rule::ZONE };
        let channel = Channel { rule, ..Channel::celsius(name, scale(zone)) };
        match why_none(zone) {
            Some(reason) => table.add_missing(channel, &zone.path, reason),
            None => table.add_integer(&zone.path, rate(zone, &zones), channel),
        }
    }
}

/// Why a zone has no place in the ticks although it can be read.
fn why_none(zone: &Zone) -> Option<Reason> {
    let raw = zone.probed.ok()?;
    if temperature::is_something_else(&zone.kind) {
        Some(Reason::NotATemperature)
    } else {
        temperature::is_stuck(&zone.kind, raw).then_some(Reason::Sentinel)
    }
}

/// Another view of a sensor that has a zone of its own tells nothing that would be worth a fast tick.
fn rate(zone: &Zone, zones: &[Zone]) -> u8 {
    let stem = temperature::other_view(&zone.kind);
    let usr = |other: &Zone| other.kind.strip_suffix(temperature::USER_VIEW) == stem;
    if stem.is_some() && zones.iter().any(usr) { SLOW } else { FAST }
}

fn zones(table: &Table<'_>) -> Vec<Zone> {
    let names = listing::numbered(table.root, DIR, "thermal_zone").names;
    if names.is_empty() {
        let kinds = listing::all(table.root, BY_NAME, |_| true).names;
        return kinds
            .into_iter()
            .map(|kind| {
                let path = format!("{BY_NAME}/{kind}/temp");
                Zone { probed: table.peek(&path), path, kind }
            })
            .collect();
    }
    names
        .into_iter()
        .map(|name| {
            let path = format!("{DIR}/{name}/temp");
            let kind = table.root.word(&format!("{DIR}/{name}/type")).unwrap_or(name);
            Zone { probed: table.peek(&path), path, kind }
        })
        .collect()
}
