//! Where Linux keeps which sensor: one file per kind.

mod absent;
mod cooling;
mod cpu_time;
mod cpufreq;
mod hwmon;
mod load;
mod memory;
mod network;
mod power_supply;
mod pressure;
mod rapl;
mod runtime;
mod thermal;

pub(crate) use runtime::SOURCE as RUNTIME_SOURCE;

use crate::table::Table;

/// Adds one kind of sensor to the table.
type Find = fn(&mut Table<'_>);

/// Every kind, in the order of the channel table. Kinds of fixed size come first, so that a device with endless
/// zones cannot crowd them out; `absent` comes last: it sees what the others found.
pub(crate) const ALL: &[Find] = &[
    load::find,
    cpu_time::find,
    runtime::find,
    memory::find,
    pressure::find,
    network::find,
    thermal::find,
    hwmon::find,
    cooling::find,
    power_supply::find,
    rapl::find,
    cpufreq::find,
    absent::find,
];
