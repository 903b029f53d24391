//! Graphics processors: the files of Adreno, Samsung, Mali, Tegra and desktop drivers, by their exact paths, since
//! phones often refuse to list the folders in which a file can be read.

use edgesoak_protocol::{Quantity, Reason, Unit, rule};

use crate::bank::{FAST, SLOW};
use crate::errno;
use crate::parse::{gpu, integer, temperature};
use crate::source::{Kind, Parse};
use crate::table::{Channel, Entry, Table};

/// What a file holds.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Holds {
    /// A clock, in this unit unless its number says otherwise, Hz.
    Clock(f64),
    /// The highest clock allowed, in the same way.
    Cap(f64),
    /// Per cent.
    Share,
    /// Tenths of per cent, or per cent before an `@`.
    Tenths,
    /// Busy and total time since the last read.
    BusyAndTotal,
    /// m°C, or on some versions °C or tenths of it.
    Temperature,
}

/// Folder, file, what it holds, our name for it. Of one name the first that answers is read.
const FILES: [(&str, &str, Holds, &str); 19] = [
    ("/sys/class/kgsl/kgsl-3d0", "gpuclk", Holds::Clock(1.0), "gpu/clock"),
    ("/sys/class/kgsl/kgsl-3d0", "max_gpuclk", Holds::Cap(1.0), "gpu/clock_cap"),
    ("/sys/class/kgsl/kgsl-3d0", "gpubusy", Holds::BusyAndTotal, "gpu/load"),
    ("/sys/class/kgsl/kgsl-3d0", "gpu_busy_percentage", Holds::Share, "gpu/load_percentage"),
    ("/sys/class/kgsl/kgsl-3d0", "temp", Holds::Temperature, "gpu/temperature"),
    ("/sys/kernel/gpu", "gpu_clock", Holds::Clock(1e3), "gpu/clock"),
    ("/sys/kernel/gpu", "gpu_max_clock", Holds::Cap(1e3), "gpu/clock_cap"),
    ("/sys/kernel/gpu", "gpu_busy", Holds::Share, "gpu/load"),
    ("/sys/kernel/ged/hal", "gpu_utilization", Holds::Share, "gpu/load"),
    ("/sys/class/misc/mali0/device", "utilization", Holds::Share, "gpu/load"),
    ("/sys/class/misc/mali0/device", "utilisation", Holds::Share, "gpu/load"),
    ("/sys/devices/platform/gpu.0", "load", Holds::Tenths, "gpu/load"),
    ("/sys/devices/gpu.0", "load", Holds::Tenths, "gpu/load"),
    ("/sys/class/drm/card0", "gt_act_freq_mhz", Holds::Clock(1e6), "gpu/clock"),
    ("/sys/class/drm/card0", "gt_max_freq_mhz", Holds::Cap(1e6), "gpu/clock_cap"),
    ("/sys/class/drm/card1", "gt_act_freq_mhz", Holds::Clock(1e6), "gpu/clock"),
    ("/sys/class/drm/card1", "gt_max_freq_mhz", Holds::Cap(1e6), "gpu/clock_cap"),
    ("/sys/class/drm/card0/device", "gpu_busy_percent", Holds::Share, "gpu/load"),
    ("/sys/class/drm/card1/device", "gpu_busy_percent", Holds::Share, "gpu/load"),
];

pub(super) fn find(table: &mut Table<'_>) {
    for (dir, file, holds, name) in FILES {
        add(table, &format!("{dir}/{file}"), holds, name);
    }
}

/// Adds the file as `name` unless it is not there, or another one is read under that name.
pub(super) fn add(table: &mut Table<'_>, path: &str, holds: Holds, name: &str) {
    if table.specs.iter().any(|spec| spec.name == name && spec.missing.is_none()) {
        return;
    }
    let text = match table.root.read(path, 64) {
        Ok(text) => text,
        Err(error) if errno::reason(&error) == Reason::Absent => return,
        Err(_) => Vec::new(),
    };
    let of =
        |quantity, unit, scale| Channel { rule: rule::SHARE, ..Channel::new(name, quantity, unit, scale) };
    let load = |scale| of(Quantity::Utilisation, Unit::Percent, scale);
    let clock = |quantity, unit| Channel {
        rule: rule::SIGNED,
        ..of(quantity, Unit::Hertz, gpu::hertz_per(&text).unwrap_or(unit))
    };
    let (channel, parse): (Channel, Parse) = match holds {
        Holds::Clock(unit) => (clock(Quantity::ClockCurrent, unit), gpu::clock),
        Holds::Cap(unit) => (clock(Quantity::ClockCap, unit), gpu::clock),
        Holds::Share => (load(1.0), gpu::first_number),
        Holds::Tenths if text.contains(&b'@') => (load(1.0), gpu::first_number),
        Holds::Tenths => (load(0.1), gpu::first_number),
        Holds::BusyAndTotal => (load(1e-3), gpu::share),
        Holds::Temperature => {
            (Channel::celsius(name, temperature::proposed_scale(integer::decimal(&text))), integer::one)
        }
    };
    let group = if matches!(holds, Holds::Cap(_)) { SLOW } else { FAST };
    table.add(Entry { path, group, kind: Kind::Small, parse, channels: vec![channel] });
}
