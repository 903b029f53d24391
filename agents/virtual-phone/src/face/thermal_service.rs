//! `dumpsys thermalservice`, as Android prints it.

use super::{Page, View, answer};
use crate::profile::{Kind, Os, Profile, ZoneKind};

pub(super) fn page(profile: &Profile, view: &View<'_>) -> Page {
    let is_overridden = view.readings.raw("thermal/override") == Ok(1);
    let status = view.readings.raw("thermal/status").unwrap_or(0);
    let mut lines = vec![format!("IsStatusOverride: {is_overridden}")];
    for listeners in ["ThermalEventListeners:", "ThermalStatusListeners:"] {
        lines.extend(
            [listeners, "\tcallbacks: 1", "\tkilled: false", "\tbroadcasts count: -1"].map(str::to_owned),
        );
    }
    lines.push(format!("Thermal Status: {status}"));
    lines.push("Cached temperatures:".to_owned());
    lines.push("HAL Ready: true".to_owned());
    lines.push("HAL connection:".to_owned());
    lines.push(connection(profile.face.os).to_owned());
    lines.push("Current temperatures from HAL:".to_owned());
    lines.extend(temperatures(profile, view, status));
    lines.push("Current cooling devices from HAL:".to_owned());
    lines.extend(profile.clusters.iter().map(|cluster| {
        let state = view.readings.raw(&format!("cooling/{}", cluster.name)).unwrap_or(0);
        let kind = cooling_kind(cluster.kind);
        format!("\tCoolingDevice{{mValue={state}, mType={kind}, mName={}}}", cluster.name)
    }));
    answer("dumpsys thermalservice", lines.join("\n"))
}

/// As far as it tells of settings, on a phone that nobody has heated or overridden.
pub(super) fn at_rest() -> Page {
    answer("dumpsys thermalservice", "IsStatusOverride: false\nThermal Status: 0")
}

/// The line of a newer or an older HAL.
fn connection(os: Os) -> &'static str {
    match os {
        Os::AndroidPixel | Os::AndroidSamsung => "\tThermalHAL AIDL 3  connected: yes",
        _ => "\tThermalHAL 2.0 connected: yes",
    }
}

fn temperatures(profile: &Profile, view: &View<'_>, status: i64) -> Vec<String> {
    let of_status = profile.status.as_ref().map(|status| status.sensor.as_str());
    let line = |sensor: &crate::profile::Sensor| {
        let name = &sensor.name;
        let channel = format!("temperature/{}", name.to_ascii_lowercase());
        let celsius = view.readings.raw(&channel).ok()? as f64 / 1e3;
        let severity = if of_status == Some(name) { status } else { 0 };
        let kind = zone_kind(sensor.kind);
        Some(format!("\tTemperature{{mValue={celsius:?}, mType={kind}, mName={name}, mStatus={severity}}}"))
    };
    profile.sensors.iter().filter_map(line).collect()
}

/// Android's number of a kind of zone.
fn zone_kind(kind: ZoneKind) -> u8 {
    match kind {
        ZoneKind::Cpu => 0,
        ZoneKind::Gpu => 1,
        ZoneKind::Battery => 2,
        ZoneKind::Skin | ZoneKind::Board => 3,
        ZoneKind::Npu => 9,
        ZoneKind::Soc => 13,
    }
}

/// Android's number of a kind of cooling device.
fn cooling_kind(kind: Kind) -> u8 {
    match kind {
        Kind::Cpu => 2,
        Kind::Gpu => 3,
        Kind::Npu => 5,
        Kind::Memory => 7,
    }
}
