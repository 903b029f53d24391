//! Answers to golden items: ids, digests, scores and times. Never a word of a question or an answer, kept or not.

use std::io;

use edgesoak_protocol::units::Nanos;
use edgesoak_record::routing::Sensitivity;

use super::{Rows, Table};
use crate::export::cell::Column;
use crate::export::target::Told;

pub(crate) const TABLE: Table = Table {
    name: "answers",
    columns: &[
        Column::count("position"),
        Column::count("prompt"),
        Column::text("item"),
        Column::text("item_sha256"),
        Column::text("heat"),
        Column::text("outcome"),
        Column::real("points", "ratio"),
        Column::text("cell"),
        Column::flag("is_critical"),
        Column::flag("is_sensitive"),
        Column::text("classified"),
        Column::real("confidence", "ratio"),
        Column::text("answer_digest"),
        Column::text("finish"),
        Column::real("ttft_ms", "ms"),
        Column::real("e2e_ms", "ms"),
    ],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    let answers = told.record.golden.as_ref().map_or(&[][..], |golden| &golden.answers);
    answers.iter().try_for_each(|answer| {
        let scored = &answer.scored;
        row(&[
            answer.index.into(),
            answer.prompt.into(),
            (&scored.item).into(),
            (&scored.item_digest).into(),
            answer.heat.word().into(),
            scored.outcome.word().into(),
            scored.points.into(),
            scored.cell.word().into(),
            scored.critical.into(),
            scored.sensitive.into(),
            answer.classified.map(Sensitivity::word).into(),
            scored.confidence.into(),
            (&scored.answer_digest).into(),
            (&answer.finish).into(),
            answer.ttft.map(Nanos::as_millis_f64).into(),
            answer.e2e.map(Nanos::as_millis_f64).into(),
        ])
    })
}
