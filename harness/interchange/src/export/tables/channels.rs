//! Channels that were tried, those that could not be read with the reason.

use std::io;

use edgesoak_protocol::reading::Reason;

use super::{Rows, Table};
use crate::export::cell::Column;
use crate::export::target::Told;

pub(crate) const TABLE: Table = Table {
    name: "channels",
    columns: &[
        Column::text("channel"),
        Column::text("quantity"),
        Column::text("unit"),
        Column::text("source"),
        Column::nanos("period_ns"),
        Column::count("readings"),
        Column::text("missing_reason"),
    ],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    let periods = told.record.journal.as_ref().map_or(&[][..], |journal| &journal.group_period);
    told.record.channels.iter().try_for_each(|channel| {
        row(&[
            (&channel.name).into(),
            channel.quantity.word().into(),
            channel.unit.symbol().into(),
            (&channel.source).into(),
            periods.get(usize::from(channel.group)).copied().into(),
            (channel.samples.len() as u64).into(),
            channel.missing.map(Reason::word).into(),
        ])
    })
}
