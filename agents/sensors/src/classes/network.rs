//! Bytes over every interface but the loopback: a route that promises to stay local must not move them.

use edgesoak_protocol::{Quantity, Unit};

use crate::bank::SLOW;
use crate::parse::network;
use crate::source::Kind;
use crate::table::{Channel, Entry, Table};

pub(super) fn find(table: &mut Table<'_>) {
    let channel = |name| Channel::new(format!("network/{name}"), Quantity::NetworkBytes, Unit::Byte, 1.0);
    table.add(Entry {
        path: "/proc/net/dev",
        group: SLOW,
        kind: Kind::Paged,
        parse: network::bytes,
        channels: ["received", "sent"].map(channel).into(),
    });
}
