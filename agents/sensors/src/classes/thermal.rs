//! Thermal zones: `/sys/class/thermal/thermal_zone*/{type,temp}`, known by their type.
//!
//! Numbers of zones change between builds of the same device, types do not.

use edgesoak_protocol::{Reading, Reason, rule};

use crate::bank::FAST;
use crate::errno;
use crate::label;
use crate::listing;
use crate::parse::{integer, temperature};
use crate::table::{Channel, Table};

pub(super) const DIR: &str = "/sys/class/thermal";
/// Where one zone is warmer than this, another that reads exactly zero has no sensor, °C.
const WARM: f64 = 10.0;

struct Zone {
    kind: String,
    path: String,
    probed: Reading<i64>,
    scale: f64,
}

pub(super) fn find(table: &mut Table<'_>) {
    let names = listing::numbered(table.root, DIR, "thermal_zone").names;
    let zones: Vec<Zone> = names.iter().map(|name| probe(table, name)).collect();
    let warm = zones.iter().any(|zone| {
        let value = zone.probed.and_then(|raw| rule::apply(rule::TEMPERATURE, raw, zone.scale));
        value.is_ok_and(|celsius| celsius > WARM)
    });
    for zone in zones {
        let mut channel = Channel::celsius(format!("thermal/{}", label::plain(&zone.kind)), zone.scale);
        if warm {
            channel.rule = rule::TEMPERATURE_ZERO_IS_NONE;
        }
        if temperature::is_something_else(&zone.kind) {
            table.add_missing(channel, &zone.path, Reason::NotATemperature);
        } else {
            table.add_integer(&zone.path, FAST, channel);
        }
    }
}

fn probe(table: &Table<'_>, name: &str) -> Zone {
    let kind = table.root.word(&format!("{DIR}/{name}/type")).unwrap_or_else(|| name.to_owned());
    let path = format!("{DIR}/{name}/temp");
    let probed = match table.root.read(&path, 64) {
        Ok(text) => integer::decimal(&text),
        Err(error) => Err(errno::reason(&error)),
    };
    Zone { kind, path, probed, scale: temperature::proposed_scale(probed) }
}
