//! `edgesoak select`: which candidate each route gets, from stored runs, without any device.

mod sessions;
mod words;
mod yardstick;

use edgesoak_gates::selection::{Measured, Selection, conclude};
use edgesoak_record::Run;
use edgesoak_store::{SessionPlace, Store};
use serde::Serialize;

use crate::args::{Format, Select, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::stored::{self, JudgedRun};
use crate::terminal::{say, tell};

use sessions::{Places, tells};
use yardstick::Yardstick;

/// A selection, and what it does not rest on.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    selection: &'a Selection,
    /// Sessions that are older than the policy allows.
    too_old: &'a [SessionPlace],
}

/// Selects; the exit code is that of the verdict.
pub fn select(shared: &Shared, asked: &Select) -> Result<u8, Failure> {
    let Select { runs, routes, by } = asked;
    let store = stored::open_for_reading(shared)?;
    let mut places = Places::of(shared, &store, runs, routes)?;
    let outlines = outlines(shared, &store, &places)?;
    let yardstick = Yardstick::read(shared, by, &outlines, &places)?;
    if runs.is_empty() {
        places.keep_young(yardstick.age());
    }
    let judged = outlines.into_iter().filter(|run| places.of_run(&run.id).next().is_some());
    let judged = judged.map(|run| judged_by(shared, &store, &yardstick, run));
    let judged: Vec<JudgedRun> = judged.collect::<Result<_, _>>()?;
    let measured: Vec<Measured<'_>> = judged.iter().flat_map(|run| measured(run, &places)).collect();
    let selection = conclude(yardstick.policy(), yardstick.source(), routes, (&measured, &places.tried));
    match shared.format() {
        Format::Json => print_json(&Document { selection: &selection, too_old: &places.too_old })?,
        Format::Human => say(&words::told(&selection, &places.too_old, yardstick.age()))?,
    }
    let Selection { verdict, exit, reason, .. } = &selection;
    tell(&format!("verdict={} exit={exit} reason={reason}", verdict.word()));
    Ok(selection.exit)
}

/// The runs that were picked, in outline, the latest first.
fn outlines(shared: &Shared, store: &Store, places: &Places) -> Result<Vec<Run>, Failure> {
    let load = |run: &&str| store.load_outline(run).map_err(|error| stored::unreadable(shared, &error));
    places.runs().iter().map(load).collect()
}

fn judged_by(
    shared: &Shared,
    store: &Store,
    yardstick: &Yardstick,
    mut run: Run,
) -> Result<JudgedRun, Failure> {
    let failed = |error| stored::unreadable(shared, &error);
    if yardstick.lay_on(&mut run) {
        stored::recount_waivers(store, &mut run).map_err(failed)?;
    }
    stored::judge_as(store, run).map_err(failed)
}

/// The sessions of a run that were picked and tell anything.
fn measured<'a>(
    JudgedRun { run, verdict, .. }: &'a JudgedRun,
    places: &Places,
) -> impl Iterator<Item = Measured<'a>> {
    places.of_run(&run.id).filter_map(|place| {
        let record = run.sessions.iter().find(|record| record.planned.session == place.session)?;
        let verdict = verdict.sessions.iter().find(|judged| judged.session == place.session)?;
        tells(verdict).then_some(Measured { run, record, verdict })
    })
}
