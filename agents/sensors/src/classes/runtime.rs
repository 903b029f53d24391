//! The runtime process: memory by kind, processor time, major faults.
//!
//! Memory-mapped weights are file-backed memory that the kernel may drop; growth is judged on anonymous memory
//! and swap, so the kinds stay apart. `smaps_rollup` would say more, but it walks every page of the weights.

use edgesoak_protocol::{Quantity, Unit};

use crate::parse::process;
use crate::table::{Channel, Table};

/// The source of these channels, up to the file: the process is known only later.
pub(crate) const SOURCE: &str = "/proc/RUNTIME/";

pub(super) fn find(table: &mut Table<'_>) {
    let memory = |name| Channel::new(format!("runtime/{name}"), Quantity::RuntimeMemory, Unit::Byte, 1024.0);
    table.add_unopened(
        &format!("{SOURCE}status"),
        process::memory,
        ["rss_anon", "rss_file", "swap"].map(memory).into(),
    );
    table.add_unopened(
        &format!("{SOURCE}stat"),
        process::usage,
        vec![
            Channel::new("runtime/cpu_time", Quantity::CpuTime, Unit::Second, seconds_per_tick()),
            Channel::new("runtime/major_faults", Quantity::EventCount, Unit::One, 1.0),
        ],
    );
}

/// Length of the clock tick in which the kernel counts processor time.
pub(super) fn seconds_per_tick() -> f64 {
    1.0 / rustix::param::clock_ticks_per_second() as f64
}
