//! Load average of the last minute.

use edgesoak_protocol::{Quantity, Unit};

use crate::bank::FAST;
use crate::parse::load;
use crate::source::Kind;
use crate::table::{Channel, Entry, Table};

pub(super) fn find(table: &mut Table<'_>) {
    table.add(Entry {
        path: "/proc/loadavg",
        group: FAST,
        kind: Kind::Small,
        parse: load::hundredths,
        channels: vec![Channel::new("load/1min", Quantity::Load, Unit::One, 0.01)],
    });
}
