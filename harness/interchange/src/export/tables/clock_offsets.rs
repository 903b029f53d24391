//! How the device's monotonic clock stood to the host's: what brings `beside` and `samples` together.

use std::io;

use super::{Rows, Table};
use crate::export::cell::Column;
use crate::export::target::Told;

pub(crate) const TABLE: Table = Table {
    name: "clock_offsets",
    columns: &[
        Column::nanos("host_mono_ns"),
        Column::nanos("offset_ns"),
        Column::nanos("uncertainty_ns"),
        Column::nanos("suspended_ns"),
    ],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    told.record.clock_offsets.iter().try_for_each(|offset| {
        row(&[
            offset.host_mono.into(),
            offset.offset_ns.into(),
            offset.uncertainty_ns.into(),
            offset.suspended.into(),
        ])
    })
}
