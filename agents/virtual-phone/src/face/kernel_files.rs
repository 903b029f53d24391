//! Files of the kernel: thermal zones, cooling devices, clocks, battery.
//!
//! Their paths are the sources of the channels, and their numbers the raw integers, but for what vendors write
//! otherwise.

use edgesoak_protocol::{ChannelSpec, Quantity, Reason};

use super::readings::Readings;
use super::{Page, file};
use crate::profile::{Kind, Os, Profile};

const BATTERY: &str = "sys/class/power_supply/battery";
/// Zones of older Qualcomm kernels, which count in tenths of a degree.
const TENTHS: &str = "tsens_tz_sensor";

/// Types and limits, which never change.
pub(super) fn fixed(profile: &Profile) -> Vec<Page> {
    let mut pages = Vec::new();
    if profile.face.os != Os::IosLike {
        for (index, sensor) in profile.sensors.iter().enumerate() {
            pages.push(file(format!("sys/class/thermal/thermal_zone{index}/type"), &*sensor.name));
        }
        pages.push(file("sys/bus/iio/devices/iio:device0/name", "virtual-room"));
        let mut first_core = 0;
        for (index, cluster) in profile.clusters.iter().enumerate() {
            let dir = format!("sys/class/thermal/cooling_device{index}");
            pages.push(file(format!("{dir}/type"), &*cluster.name));
            pages.push(file(format!("{dir}/max_state"), (cluster.points.len() - 1).to_string()));
            let clocks: Vec<u64> = cluster.points.iter().map(|(khz, _)| *khz).collect();
            if cluster.kind == Kind::Cpu {
                pages.extend(policy(first_core, cluster.cores, &clocks));
                first_core += cluster.cores;
            } else {
                let path = format!("sys/class/devfreq/{}/available_frequencies", cluster.name);
                pages.push(file(path, spaced(clocks.iter().map(|khz| khz * 1_000))));
            }
        }
    }
    if let Some(battery) = &profile.battery {
        for (name, text) in [("type", "Battery".to_owned()), ("present", "1".to_owned())] {
            pages.push(file(format!("{BATTERY}/{name}"), text));
        }
        pages.push(file("sys/class/power_supply/usb/type", "USB"));
        if profile.face.os != Os::IosLike {
            pages.push(file(format!("{BATTERY}/technology"), "Li-ion"));
            pages.push(file(format!("{BATTERY}/cycle_count"), battery.cycles.to_string()));
        }
    }
    pages
}

fn policy(first: u32, cores: u32, clocks: &[u64]) -> Vec<Page> {
    let dir = format!("sys/devices/system/cpu/cpufreq/policy{first}");
    let least = clocks.first().copied().unwrap_or_default();
    let cpus = spaced((first..first + cores).map(u64::from));
    vec![
        file(format!("{dir}/related_cpus"), cpus),
        file(format!("{dir}/cpuinfo_min_freq"), least.to_string()),
        file(format!("{dir}/scaling_available_frequencies"), spaced(clocks.iter().copied())),
        file(format!("{dir}/scaling_governor"), "schedutil"),
    ]
}

/// What the channels of files show.
pub(super) fn live(profile: &Profile, specs: &[ChannelSpec], readings: &Readings) -> Vec<Page> {
    let of_kernel = specs.iter().filter(|spec| spec.source.starts_with("/sys/"));
    of_kernel.map(|spec| file(&spec.source[1..], text(profile, spec, readings.at(&spec.source)))).collect()
}

/// A driver without a value writes nothing.
fn text(profile: &Profile, spec: &ChannelSpec, raw: Result<i64, Reason>) -> String {
    let Ok(raw) = raw else { return String::new() };
    match spec.quantity {
        Quantity::ChargeStatus => status_word(raw).to_owned(),
        Quantity::Temperature if counts_tenths(profile, spec) => {
            // The kernel rounds towards zero, as division of integers does.
            (raw / 100).to_string()
        }
        Quantity::Current if profile.face.os == Os::AndroidSamsung => (raw / 1_000).to_string(),
        _ => raw.to_string(),
    }
}

fn counts_tenths(profile: &Profile, spec: &ChannelSpec) -> bool {
    let zone = spec.source.strip_prefix("/sys/class/thermal/thermal_zone");
    let index = zone.and_then(|rest| rest.strip_suffix("/temp")?.parse::<usize>().ok());
    index.and_then(|index| profile.sensors.get(index)).is_some_and(|sensor| sensor.name.starts_with(TENTHS))
}

/// The kernel's word for what a battery does.
fn status_word(raw: i64) -> &'static str {
    match raw {
        2 => "Charging",
        3 => "Discharging",
        4 => "Not charging",
        5 => "Full",
        _ => "Unknown",
    }
}

fn spaced(numbers: impl Iterator<Item = u64>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}
