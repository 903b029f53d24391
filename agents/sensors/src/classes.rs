//! Where Linux keeps which sensor: one file per kind.

mod absent;
mod cooling;
mod cpu_time;
mod cpufreq;
mod devfreq;
mod gpu;
mod hwmon;
mod iio;
mod load;
mod memory;
mod network;
mod power_supply;
mod pressure;
mod rapl;
mod runtime;
mod thermal;

pub(crate) use power_supply::batteries;
pub(crate) use runtime::SOURCE as RUNTIME_SOURCE;

use crate::command;
use crate::table::Table;

/// Adds one kind of sensor to the table.
type Find = fn(&mut Table<'_>);

/// Every kind, in the order of the channel table. Kinds of fixed size come first, so that a device with endless
/// zones cannot crowd them out. Where two know the same sensor the first has its name: the thermal service before
/// the zones, since it is believed first, and the battery's service behind the files, which are read more often.
/// What is asked only where the files are silent comes behind them, and `absent` last: it sees what all found.
pub(crate) const ALL: &[Find] = &[
    load::find,
    cpu_time::find,
    runtime::find,
    memory::find,
    pressure::find,
    network::find,
    command::find::services,
    thermal::find,
    hwmon::find,
    cooling::find,
    power_supply::find,
    command::find::battery,
    iio::find,
    rapl::find,
    cpufreq::find,
    gpu::find,
    devfreq::find,
    command::find::fallbacks,
    absent::find,
];
