//! Gates and figures of a session, as the verdict has them.

use std::io;

use super::{Rows, Table};
use crate::export::cell::{Cell, Column};
use crate::export::target::Told;

pub(crate) const TABLE: Table = Table {
    name: "gates",
    columns: &[
        Column::text("gate"),
        Column::text("outcome"),
        Column::real("measured", ""),
        Column::text("cause"),
        Column::real("lo", ""),
        Column::real("hi", ""),
        Column::real("limit_value", ""),
        Column::text("unit"),
        Column::count("n"),
        Column::flag("blocking"),
        Column::text("accepted"),
        Column::text("waived"),
        Column::text("sentence"),
    ],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    let gates = told.verdict.map_or(&[][..], |verdict| &verdict.gates);
    gates.iter().try_for_each(|gate| {
        row(&[
            gate.gate.word().into(),
            gate.outcome.word().into(),
            gate.measured.into(),
            gate.cause.as_deref().into(),
            gate.lo.into(),
            gate.hi.into(),
            gate.limit.into(),
            Cell::said(&gate.unit),
            gate.n.into(),
            gate.blocking.into(),
            gate.accepted.as_deref().into(),
            gate.waived.as_deref().into(),
            (&gate.sentence).into(),
        ])
    })
}
