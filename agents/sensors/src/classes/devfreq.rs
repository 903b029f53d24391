//! Clocks of buses and graphics processors under `devfreq`, in Hz as the kernel promises; drivers of memory buses
//! write megabytes per second, which are no clock.

use edgesoak_protocol::{Quantity, Reason, Unit, rule};

use super::gpu::{self, Holds};
use crate::bank::SLOW;
use crate::label;
use crate::listing;
use crate::table::{Channel, Table};

const DIR: &str = "/sys/class/devfreq";
/// Parts of a name that tell a graphics processor.
const GRAPHICS: [&str; 10] =
    ["kgsl", "gpu", "mali", "g3d", "panfrost", "panthor", "ga10b", "gv11b", "gp10b", "qcom,kgsl"];
/// No bus is clocked lower, Hz.
const LEAST_HERTZ: i64 = 20_000_000;

pub(super) fn find(table: &mut Table<'_>) {
    for name in listing::all(table.root, DIR, |_| true).names {
        let dir = format!("{DIR}/{name}");
        if GRAPHICS.iter().any(|part| name.to_ascii_lowercase().contains(part)) {
            gpu::add(table, &format!("{dir}/cur_freq"), Holds::Clock(1.0), "gpu/clock");
            gpu::add(table, &format!("{dir}/max_freq"), Holds::Cap(1.0), "gpu/clock_cap");
            gpu::add(table, &format!("{dir}/load"), Holds::Tenths, "gpu/load");
        } else {
            add_bus(table, &dir, &label::lower(&name));
        }
    }
}

fn add_bus(table: &mut Table<'_>, dir: &str, name: &str) {
    let files = [("cur", "cur_freq", Quantity::ClockCurrent), ("cap", "max_freq", Quantity::ClockCap)];
    // The highest clock tells the unit: at rest a bus may stand still.
    let is_clock = table.peek(&format!("{dir}/max_freq")).is_ok_and(|most| most >= LEAST_HERTZ);
    for (what, file, quantity) in files {
        let path = format!("{dir}/{file}");
        let channel = Channel::new(format!("devfreq/{name}/{what}"), quantity, Unit::Hertz, 1.0);
        match table.peek(&path) {
            Err(Reason::Absent) => {}
            Ok(_) if !is_clock => table.add_missing(channel, &path, Reason::Implausible),
            _ => table.add_integer(&path, SLOW, Channel { rule: rule::SIGNED, ..channel }),
        }
    }
}
