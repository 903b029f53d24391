//! Memory of the whole system, and how often it had to go to the disk for it.

use edgesoak_protocol::{Quantity, Unit};

use crate::bank::SLOW;
use crate::parse::keyed;
use crate::source::Kind;
use crate::table::{Channel, Entry, Table};

pub(super) fn find(table: &mut Table<'_>) {
    let memory = |name| Channel::new(format!("memory/{name}"), Quantity::SystemMemory, Unit::Byte, 1024.0);
    table.add(Entry {
        path: "/proc/meminfo",
        group: SLOW,
        kind: Kind::Small,
        parse: keyed::memory,
        channels: ["available", "free", "swap_free"].map(memory).into(),
    });
    let count = |name| Channel::new(format!("memory/{name}"), Quantity::EventCount, Unit::One, 1.0);
    table.add(Entry {
        path: "/proc/vmstat",
        group: SLOW,
        kind: Kind::Paged,
        parse: keyed::paging,
        channels: ["major_faults", "swap_ins", "oom_kills"].map(count).into(),
    });
}
