//! What stood beside the device: meters and the air around it, on the host's monotonic clock.

use std::io;

use super::{Rows, Table};
use crate::export::cell::{Cell, Column};
use crate::export::target::Told;

pub(crate) const TABLE: Table = Table {
    name: "beside",
    columns: &[
        Column::text("instrument"),
        Column::text("scope"),
        Column::nanos("host_mono_ns"),
        Column::real("value", ""),
        Column::text("reason"),
        Column::text("unit"),
    ],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    for meter in &told.record.meters {
        for reading in &meter.readings {
            let [value, reason] = Cell::reading(reading.watts.map(|watts| watts.0));
            let (name, scope) = ((&meter.name).into(), meter.scope.word().into());
            row(&[name, scope, reading.host_mono.into(), value, reason, "W".into()])?;
        }
    }
    for reading in &told.record.ambient {
        let [value, reason] = Cell::reading(reading.celsius.map(|celsius| celsius.0));
        row(&["ambient".into(), "air".into(), reading.host_mono.into(), value, reason, "°C".into()])?;
    }
    Ok(())
}
