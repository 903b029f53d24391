//! A device with its family's facts merged in.

use edgesoak_record::plan::{AddressPart, Beside, ChargeWindow, Charger, Device, DeviceSetting, StopAt};
use edgesoak_record::units::{Bytes, Celsius};

use crate::dimension::PERCENT;
use crate::effective::{fill, lay};
use crate::language;
use crate::node::{Node, Table, Value};
use crate::quantity::parse_range;

/// Charge in which batteries give their usual power and take no lasting harm from heat.
pub(super) const USUAL_CHARGE_WINDOW: &str = "50-90 %";

/// Whether ten minutes pass on it in an instant. A virtual phone behind an adb server lives in real time.
pub(crate) fn is_simulated(device: &Table) -> bool {
    device.text("driver") == Some("virtual")
}

/// Whether nothing that the device says is about hardware.
pub(crate) fn is_virtual(device: &Table) -> bool {
    is_simulated(device) || device.text("id").is_some_and(|id| id.starts_with("virtual:"))
}

/// From effective tables and the profile.
pub(super) fn of(device: &Table, family: &Table, profile: &Table) -> Option<Device> {
    Some(Device {
        id: device.text("id")?.to_owned(),
        family: device.text("family")?.to_owned(),
        family_title: family.text("title")?.to_owned(),
        driver: device.text("driver")?.to_owned(),
        is_virtual: is_virtual(device),
        address: address(device),
        power: device.text("power")?.to_owned(),
        hardware_heat: family.bool("hardware_heat")?,
        memory_budget: family.amount("memory_budget").map(|bytes| Bytes(whole(bytes))),
        evidence: family.text("evidence").map(str::to_owned),
        expect: device.texts("expect"),
        stop_at: stop_at(device),
        beside: beside(device, family, profile),
    })
}

/// Key by key; quantities in their base unit, each item of a list on its own.
pub(crate) fn address(device: &Table) -> Vec<AddressPart> {
    let entries = device.table("address").map_or(&[][..], |address| &address.entries);
    let values = |node: &Node| match &node.value {
        Value::Quantity { amount, .. } => vec![amount.to_string()],
        Value::List(items) => items.iter().map(Node::show).collect(),
        _ => vec![node.show()],
    };
    let parts = entries.iter().flat_map(|entry| {
        let part = |value| AddressPart { key: entry.name.clone(), value };
        values(&entry.node).into_iter().map(part)
    });
    parts.collect()
}

fn beside(device: &Table, family: &Table, profile: &Table) -> Beside {
    let charger = device.text("charger").map(|name| match name {
        "ask" => Charger::Ask,
        "node" => Charger::Node,
        hook => Charger::Hook(hook.to_owned()),
    });
    Beside {
        charger,
        ambient: device.text("ambient").map(str::to_owned),
        meter: device.text("meter").map(str::to_owned),
        settings: settings(device, profile),
        charge_window: profile.table("start_gate").and_then(|_| charge_window(device, family)),
    }
}

/// The device's own, or the usual one where its battery feeds it and heat or energy are judged.
fn charge_window(device: &Table, family: &Table) -> Option<ChargeWindow> {
    let own = device.text("charge_window");
    let usual = || (family.bool("hardware_heat") == Some(true)).then_some(USUAL_CHARGE_WINDOW);
    if device.text("power") != Some("battery") {
        return None;
    }
    let (low, high) = parse_range(own.or_else(usual)?, &PERCENT).ok()?;
    Some(ChargeWindow { low, high })
}

/// The profile's settings over the device's own, in the order of the language. A charger is switched by whoever the
/// device names, whatever a profile says of all devices.
fn settings(device: &Table, profile: &Table) -> Vec<DeviceSetting> {
    let own = device.table("settings").cloned().unwrap_or_else(|| Table::empty(device.at));
    let joined = match profile.table("settings") {
        Some(over) => lay(&own, over),
        None => own,
    };
    let switched = device.get("charger").is_some();
    let entries = fill(&language::settings::section(), &joined).entries;
    let kept = entries.into_iter().filter(|entry| !(switched && entry.name == "charging"));
    kept.map(|entry| DeviceSetting { value: in_agents_words(&entry.node), name: entry.name }).collect()
}

/// Words and numbers as they are; durations in milliseconds, as Android counts its timeouts.
fn in_agents_words(node: &Node) -> String {
    match node.value {
        Value::Quantity { amount, .. } => whole(amount).to_string(),
        _ => node.show(),
    }
}

pub(crate) fn stop_at(device: &Table) -> StopAt {
    let Some(limits) = device.table("stop_at") else { return StopAt::default() };
    StopAt {
        temperature: limits.amount("temperature").map(Celsius),
        battery_percent: limits.amount("battery"),
    }
}

/// On mains a low battery says nothing: its limit holds only where a person set it.
pub(crate) fn without_idle_limit(mut device: Table) -> Table {
    let on_mains = device.text("power") == Some("mains");
    let limits = device.entries.iter_mut().find(|entry| entry.name == "stop_at");
    if let Some(Value::Table(limits)) = limits.filter(|_| on_mains).map(|entry| &mut entry.node.value) {
        limits.entries.retain(|entry| entry.name != "battery" || entry.node.at.is_some());
    }
    device
}

/// Amounts of the language are bounded far below 2^53.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked against the key's bounds"
)]
pub(crate) fn whole(amount: f64) -> u64 {
    amount.round() as u64
}
