//! Every reading of every channel: a value in the channel's unit, or the reason why there is none.

use std::io;

use super::{Rows, Table};
use crate::export::cell::{Cell, Column};
use crate::export::target::Told;
use crate::export::zero;

pub(crate) const TABLE: Table = Table {
    name: "samples",
    columns: &[
        Column::text("channel"),
        Column::text("quantity"),
        Column::nanos("t_mono_ns"),
        Column::real("t_s", "s"),
        Column::real("value", ""),
        Column::text("reason"),
        Column::text("unit"),
    ],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    let zero = zero::of(told.record);
    for channel in &told.record.channels {
        for sample in &channel.samples {
            let [value, reason] = Cell::reading(sample.value);
            row(&[
                (&channel.name).into(),
                channel.quantity.word().into(),
                sample.t.into(),
                zero::seconds(zero, sample.t).into(),
                value,
                reason,
                channel.unit.symbol().into(),
            ])?;
        }
    }
    Ok(())
}
