//! Sessions: what was planned, with what it was measured, and how it ended.

use std::io;

use edgesoak_record::session::{CloseState, JournalEnding};

use super::{Rows, Table};
use crate::export::cell::{Cell, Column};
use crate::export::target::Told;
use crate::export::zero;

pub(crate) const TABLE: Table = Table {
    name: "sessions",
    columns: &[
        Column::count("repeat_number"),
        Column::text("device"),
        Column::text("family"),
        Column::flag("is_virtual"),
        Column::flag("is_imported"),
        Column::text("os_build"),
        Column::text("route"),
        Column::text("workload"),
        Column::real("planned_soak_s", "s"),
        Column::text("candidate"),
        Column::text("artifact_sha256"),
        Column::text("quantisation"),
        Column::text("runtime"),
        Column::text("runtime_version"),
        Column::count("threads"),
        Column::count("context_tokens"),
        Column::text("golden_set"),
        Column::text("agent_version"),
        Column::nanos("opened_mono_ns"),
        Column::nanos("opened_boottime_ns"),
        Column::nanos("opened_unix_ns"),
        Column::nanos("first_scored_submit_mono_ns"),
        Column::text("ending"),
        Column::text("close_state"),
        Column::text("close_cause"),
        Column::text("whose"),
        Column::count("missed_ticks"),
        Column::text("verdict"),
    ],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    let Told { record, verdict, .. } = told;
    let (planned, journal, close) = (&record.planned, record.journal.as_ref(), record.close.as_ref());
    let runtime = record.runtime.as_ref();
    let is_virtual = planned.device.is_virtual || journal.is_some_and(|journal| journal.is_virtual);
    row(&[
        planned.repeat.into(),
        (&planned.device.id).into(),
        (&planned.device.family).into(),
        is_virtual.into(),
        record.imported.is_some().into(),
        record.os_build.as_deref().into(),
        (&planned.route.id).into(),
        (&planned.workload.id).into(),
        planned.workload.duration.as_secs_f64().into(),
        (&planned.candidate.id).into(),
        Cell::said(&planned.candidate.sha256),
        planned.candidate.quantisation.as_deref().into(),
        runtime.map_or(&planned.candidate.runtime, |runtime| &runtime.runtime).into(),
        runtime.map(|runtime| &runtime.version).into(),
        runtime.map(|runtime| runtime.threads).into(),
        runtime.map(|runtime| runtime.context).into(),
        planned.golden.as_ref().map(|golden| &golden.set).into(),
        journal.map(|journal| &journal.agent).into(),
        journal.map(|journal| journal.mono).into(),
        journal.map(|journal| journal.boottime).into(),
        journal.map(|journal| journal.wall).into(),
        zero::of(record).into(),
        journal.map(|journal| ending(&journal.ending)).into(),
        close.map(|close| close_state(close.state)).into(),
        close.map_or(Cell::Missing, |close| Cell::said(&close.cause)),
        close.map_or(Cell::Missing, |close| Cell::said(&close.whose)),
        record.missed_ticks.into(),
        verdict.map(|verdict| verdict.verdict.word()).into(),
    ])
}

const fn ending(ending: &JournalEnding) -> &'static str {
    match ending {
        JournalEnding::Finished { .. } => "finished",
        JournalEnding::Open => "open",
        JournalEnding::Torn => "torn",
        JournalEnding::Corrupt(_) => "corrupt",
    }
}

const fn close_state(state: CloseState) -> &'static str {
    match state {
        CloseState::Completed => "completed",
        CloseState::Interrupted => "interrupted",
        CloseState::NotRun => "not_run",
    }
}
