//! Sessions of several runs, judged by one policy and the same bars.

use edgesoak_gates::selection::Measured;
use edgesoak_record::Run;
use edgesoak_store::Store;

use super::sessions::Places;
use super::yardstick::Yardstick;
use crate::args::{JudgedBy, Shared};
use crate::failure::Failure;
use crate::stored::{self, JudgedRun};

/// What was picked, judged.
pub struct JudgedAlike {
    /// The runs, the latest first, each judged whole.
    pub runs: Vec<JudgedRun>,
    /// Which of their sessions were picked.
    pub places: Places,
    /// By what.
    pub yardstick: Yardstick,
}

impl JudgedAlike {
    /// Judges the runs of these sessions by what is named, else by what the newest of them was planned with; without what is older
    /// than the policy allows, where only the young count.
    pub fn read(
        shared: &Shared,
        store: &Store,
        by: &JudgedBy,
        mut places: Places,
        only_young: bool,
    ) -> Result<Self, Failure> {
        let load = |run: &&str| store.load_outline(run).map_err(|error| stored::unreadable(shared, &error));
        let outlines: Vec<Run> = places.runs().iter().map(load).collect::<Result<_, _>>()?;
        let yardstick = Yardstick::read(shared, by, &outlines, &places)?;
        if only_young {
            places.keep_young(yardstick.age());
        }
        let picked = outlines.into_iter().filter(|run| places.of_run(&run.id).next().is_some());
        let runs = picked.map(|run| judged_by(shared, store, &yardstick, run));
        Ok(Self { runs: runs.collect::<Result<_, _>>()?, places, yardstick })
    }

    /// Every session that was picked.
    pub fn measured(&self) -> impl Iterator<Item = Measured<'_>> {
        self.runs.iter().flat_map(|JudgedRun { run, verdict, .. }| {
            self.places.of_run(&run.id).filter_map(move |place| {
                let record = run.sessions.iter().find(|it| it.planned.session == place.session)?;
                let verdict = verdict.sessions.iter().find(|it| it.session == place.session)?;
                Some(Measured { run, record, verdict })
            })
        })
    }
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
