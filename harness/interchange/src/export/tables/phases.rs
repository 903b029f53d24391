//! Phases of a session and when each began.

use std::io;

use super::{Rows, Table};
use crate::export::cell::Column;
use crate::export::target::Told;
use crate::export::zero;

pub(crate) const TABLE: Table = Table {
    name: "phases",
    columns: &[Column::text("phase"), Column::nanos("begin_mono_ns"), Column::real("t_s", "s")],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    let zero = zero::of(told.record);
    let mut phases = told.record.phases.iter();
    phases.try_for_each(|phase| {
        row(&[(&phase.phase).into(), phase.begin.into(), zero::seconds(zero, phase.begin).into()])
    })
}
