//! One battery: its single files, or its `uevent` where a policy denies them.

use edgesoak_protocol::{Quantity, Reading, Reason, Unit, rule};

use super::gauge::{self, Beside, FILES, File, Holds};
use crate::bank::{FAST, SLOW};
use crate::parse::{charge, supply};
use crate::source::Kind;
use crate::table::{Channel, Entry, Table};

/// Samsung's current in µA, beside a `current_now` in mA.
const SAMSUNG_CURRENT: &str = "batt_current_ua_now";

pub(super) fn add(table: &mut Table<'_>, dir: &str, name: &str) {
    // The one battery of a phone has no name of its own.
    let prefix = if name == "battery" { "battery".to_owned() } else { format!("battery/{name}") };
    let refused = FILES[..2].iter().any(|file| probe(table, dir, file.name) == Err(Reason::Denied));
    if refused && add_uevent(table, dir, &prefix) {
        return;
    }
    let beside = Beside { status: status(table, dir), level: level(probe(table, dir, "capacity")) };
    for file in &FILES {
        add_file(table, dir, &prefix, file, beside);
    }
    table.add(Entry {
        path: &format!("{dir}/status"),
        group: SLOW,
        kind: Kind::Small,
        parse: supply::status,
        channels: vec![status_channel(&prefix)],
    });
}

fn add_file(table: &mut Table<'_>, dir: &str, prefix: &str, file: &File, beside: Beside) {
    let mut name = file.name;
    let mut raw = probe(table, dir, name);
    if file.leaf == "current" {
        let micro = probe(table, dir, SAMSUNG_CURRENT);
        if micro.is_ok() {
            (name, raw) = (SAMSUNG_CURRENT, micro);
        }
    }
    if raw == Err(Reason::Absent) && !file.expected {
        return;
    }
    let (mut channel, mut doubt) = gauge::channel(format!("{prefix}/{}", file.leaf), file.holds, raw, beside);
    if name == SAMSUNG_CURRENT {
        // Its name promises the unit.
        (channel.scale, channel.rule, doubt) = (1e-6, rule::SIGNED, None);
    }
    let path = format!("{dir}/{name}");
    match doubt {
        Some(reason) => table.add_missing(channel, &path, reason),
        None => table.add_integer(&path, rate(file.holds), channel),
    }
}

fn rate(holds: Holds) -> u8 {
    if matches!(holds, Holds::MicroVolt | Holds::Flow | Holds::MicroWatt) { FAST } else { SLOW }
}

/// All channels from one read of `uevent`, which asks the driver for everything at once: too dear for a fast tick.
/// Whether there was such a file.
fn add_uevent(table: &mut Table<'_>, dir: &str, prefix: &str) -> bool {
    let path = format!("{dir}/uevent");
    let Ok(text) = table.root.read(&path, 16 * 1024) else { return false };
    let mut raws = [Err(Reason::Absent); FILES.len() + 1];
    supply::uevent(&text, &mut raws);
    let beside = Beside { status: raws[FILES.len()].ok(), level: level(raws[LEVEL]) };
    let mut doubts = Vec::new();
    let mut channels = Vec::new();
    for (file, raw) in FILES.iter().zip(raws) {
        let (channel, doubt) = gauge::channel(format!("{prefix}/{}", file.leaf), file.holds, raw, beside);
        channels.push(channel);
        doubts.push(doubt);
    }
    channels.push(status_channel(prefix));
    let first = table.specs.len();
    table.add(Entry { path: &path, group: SLOW, kind: Kind::Small, parse: supply::uevent, channels });
    for (spec, doubt) in table.specs[first..].iter_mut().zip(doubts) {
        spec.missing = spec.missing.or(doubt);
    }
    true
}

/// Place of the level in [`FILES`].
const LEVEL: usize = 3;

fn status_channel(prefix: &str) -> Channel {
    Channel::new(format!("{prefix}/status"), Quantity::ChargeStatus, Unit::One, 1.0)
}

fn probe(table: &Table<'_>, dir: &str, file: &str) -> Reading<i64> {
    table.peek(&format!("{dir}/{file}"))
}

fn status(table: &Table<'_>, dir: &str) -> Option<i64> {
    let text = table.root.read(&format!("{dir}/status"), 64).ok()?;
    let mut out = [Err(Reason::Absent)];
    supply::status(&text, &mut out);
    out[0].ok()
}

fn level(raw: Reading<i64>) -> Option<f64> {
    charge::level(raw, None).ok()
}
