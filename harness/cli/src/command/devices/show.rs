//! A device as a document for programs, and as lines for people.

use std::fmt::Write as _;

use edgesoak_controller::{Glance, Probe};
use serde_json::{Value, json};

use super::advice::{what_to_do, word};
use super::row::{Row, Subject};
use super::servers::place;

/// A device for programs. What is not known is null, and `unread` says why.
pub fn document(row: &Row) -> Value {
    let (server, serial, port) = match &row.subject {
        Subject::Listed(entry) => {
            let (server, serial) = place(entry).unzip();
            (server, serial, None)
        }
        Subject::Attached { serial, server } => (Some(server.clone()), Some(serial.clone()), None),
        Subject::Plugged(usb) => (None, usb.serial.clone(), Some(usb.port.clone())),
    };
    let entry = row.entry();
    json!({
        "device": entry.map(|entry| &entry.id),
        "family": entry.map(|entry| &entry.family),
        "driver": entry.map(|entry| &entry.driver),
        "serial": serial,
        "server": server,
        "usb_port": port,
        "virtual": row.is_virtual(),
        "state": word(&row.state),
        "also": row.also.iter().map(word).collect::<Vec<_>>(),
        "what_to_do": what_to_do(row),
        "said": row.glance.as_ref().map(said),
        "probe": row.probe,
    })
}

fn said(glance: &Glance) -> Value {
    let identity = &glance.identity;
    let unread = glance.unread().into_iter().map(|(what, why)| json!({ "what": what, "why": why }));
    json!({
        "maker": identity.maker,
        "model": identity.model,
        "soc": identity.soc,
        "android": identity.release,
        "serial": identity.serial,
        "battery_percent": glance.battery_percent.as_ref().ok(),
        "battery_celsius": glance.battery_celsius.as_ref().ok(),
        "thermal_status": glance.thermal_status.as_ref().ok(),
        "free_bytes": glance.free_bytes.as_ref().ok(),
        "locked": glance.is_locked.as_ref().ok(),
        "screen_on": glance.is_awake.as_ref().ok(),
        "session": glance.session,
        "tenancy": glance.tenancy,
        "unread": unread.collect::<Vec<_>>(),
    })
}

/// A device for people.
pub fn lines(row: &Row) -> String {
    let mut text = heading(row);
    let _ = writeln!(text, "  what to do: {}", what_to_do(row));
    if !row.also.is_empty() {
        let _ = writeln!(text, "  also: {}", row.also.iter().map(word).collect::<Vec<_>>().join(", "));
    }
    if let Some(glance) = &row.glance {
        text.push_str(&glanced(glance));
    }
    if let Some(probe) = &row.probe {
        text.push_str(&probed(probe));
    }
    text
}

fn heading(row: &Row) -> String {
    let (name, state) = (row.name(), word(&row.state));
    let mark = if row.is_virtual() { " (virtual)" } else { "" };
    match &row.subject {
        Subject::Listed(entry) => format!("{name}{mark} | {} | {} | {state}\n", entry.family, entry.driver),
        Subject::Attached { server, .. } => {
            format!("{name}{mark} | not in the matrix | adb at {server} | {state}\n")
        }
        Subject::Plugged(usb) => {
            let (maker, model) = (usb.maker.as_deref(), usb.name.as_deref());
            let words = [maker, model].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let what =
                if words.is_empty() { format!("{:04x}:{:04x}", usb.vendor, usb.product) } else { words };
            format!("{name} | not in the matrix | USB port {}, {what} | {state}\n", usb.port)
        }
    }
}

fn glanced(glance: &Glance) -> String {
    let identity = &glance.identity;
    let words = |parts: [&Option<String>; 2]| {
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    let mut facts = vec![words([&identity.maker, &identity.model])];
    facts.extend(identity.soc.clone());
    facts.extend(identity.release.as_ref().map(|release| format!("Android {release}")));
    facts.extend(glance.battery_percent.as_ref().ok().map(|percent| format!("{percent:.0} %")));
    facts.extend(glance.battery_celsius.as_ref().ok().map(|celsius| format!("{celsius:.1} °C")));
    facts.extend(glance.free_bytes.as_ref().ok().map(|bytes| format!("{} MiB free", bytes >> 20)));
    facts.retain(|fact| !fact.is_empty());
    let mut text = String::new();
    if !facts.is_empty() {
        let _ = writeln!(text, "  {}", facts.join(", "));
    }
    let unread = glance.unread();
    if !unread.is_empty() {
        let why: Vec<String> = unread.iter().map(|(what, why)| format!("{what} ({why})")).collect();
        let _ = writeln!(text, "  not known: {}", why.join(", "));
    }
    text
}

fn probed(probe: &Probe) -> String {
    let mut text = format!("  {}, {} cores, {}\n", probe.cpu, probe.cores, probe.os);
    // Channels of the runtime have nothing to follow until one runs.
    let channels = || probe.channels.iter().filter(|channel| !channel.name.starts_with("runtime/"));
    let missing = || channels().filter_map(|channel| Some((channel, channel.missing?)));
    let (known, unread) = (channels().count(), missing().count());
    let _ = match unread {
        0 => writeln!(text, "  all {known} channels readable"),
        _ => writeln!(text, "  {} channels readable, {unread} not:", known - unread),
    };
    for (channel, reason) in missing() {
        let _ = writeln!(text, "    {}: {} ({})", channel.name, reason.word(), channel.source);
    }
    text
}

#[cfg(test)]
mod tests;
