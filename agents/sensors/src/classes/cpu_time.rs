//! Where the time of all processors went, cumulative.

use edgesoak_protocol::{Quantity, Unit};

use crate::bank::FAST;
use crate::parse::cpu_times;
use crate::source::Kind;
use crate::table::{Channel, Entry, Table};

pub(super) fn find(table: &mut Table<'_>) {
    let scale = super::runtime::seconds_per_tick();
    let channel = |name| Channel::new(format!("cpu/{name}"), Quantity::CpuTime, Unit::Second, scale);
    table.add(Entry {
        path: "/proc/stat",
        group: FAST,
        // On a machine of many processors their lines and the interrupt counts fill any buffer.
        kind: Kind::Head,
        parse: cpu_times::split,
        channels: ["user", "system", "idle", "iowait", "steal"].map(channel).into(),
    });
}
