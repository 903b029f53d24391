//! Pressure stall information: time in which some or all tasks waited for a resource, cumulative.

use edgesoak_protocol::{Quantity, Unit};

use crate::bank::SLOW;
use crate::parse::pressure;
use crate::source::Kind;
use crate::table::{Channel, Entry, Table};

pub(super) fn find(table: &mut Table<'_>) {
    for resource in ["cpu", "memory", "io"] {
        let channel =
            |who| Channel::new(format!("pressure/{resource}/{who}"), Quantity::Pressure, Unit::Second, 1e-6);
        table.add(Entry {
            path: &format!("/proc/pressure/{resource}"),
            group: SLOW,
            kind: Kind::Small,
            parse: if resource == "cpu" { pressure::of_processor } else { pressure::totals },
            channels: ["some", "full"].map(channel).into(),
        });
    }
}
