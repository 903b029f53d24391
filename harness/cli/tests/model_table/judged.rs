//! A recorded run through the store and the gates.

use std::path::Path;

use edgesoak_gates::judge;
use edgesoak_record::plan::Bar;
use edgesoak_record::session::SessionRecord;
use edgesoak_record::verdict::{GateResult, Outcome, SessionVerdict};
use edgesoak_record::{Gate, Run};
use edgesoak_store::Store;

use super::fleet::{Line, Red};
use super::host;

/// Stores a run's folder and reads it back.
pub fn stored(run_dir: &Path, lines: &[Line]) -> Run {
    host::write(run_dir, lines);
    let folder = run_dir.parent().expect("a folder of runs");
    let mut store = Store::open(&folder.join("edgesoak.db")).expect("a database");
    let ingested = store.ingest_run(run_dir).expect("a run");
    assert!(ingested.damaged_lines.is_empty(), "{:?}", ingested.damaged_lines);
    for (session, result) in &ingested.sessions {
        assert!(result.is_ok(), "{session}: {result:?}");
    }
    assert_eq!(ingested.sessions.len(), lines.len(), "every journal is stored");
    store.load_run(&ingested.run).expect("the run")
}

/// Sets the bars of every session, in the plan and in its record, and judges.
pub fn verdicts(run: &mut Run, bars: &[Vec<Bar>]) -> Vec<SessionVerdict> {
    for (session, bars) in run.plan.sessions.iter_mut().zip(bars) {
        session.route.bars.clone_from(bars);
    }
    for (session, bars) in run.sessions.iter_mut().zip(bars) {
        session.planned.route.bars.clone_from(bars);
    }
    let mut verdicts = judge(run).sessions;
    let place = |verdict: &SessionVerdict| {
        run.sessions.iter().position(|record| record.planned.session == verdict.session)
    };
    verdicts.sort_by_key(place);
    verdicts
}

/// Median time to the first token of the scored prompts, ms.
pub fn median_ttft_ms(record: &SessionRecord) -> f64 {
    let mut times: Vec<f64> = record
        .prompts
        .iter()
        .filter(|prompt| prompt.phase == "soaking")
        .filter_map(|prompt| Some(prompt.token_times.first()?.since(prompt.submit).as_millis_f64()))
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The blocking gates that are red, the one that speaks first before all others.
pub fn reds(verdict: &SessionVerdict) -> Vec<Red> {
    let blocking = || verdict.gates.iter().filter(|gate| gate.blocking);
    let of = |outcome| blocking().filter(move |gate| gate.outcome == outcome);
    let is_integrity =
        |gate: &&GateResult| [Gate::Artifact, Gate::Placement, Gate::RuntimeAlive].contains(&gate.gate);
    let failed =
        of(Outcome::Fail).filter(is_integrity).chain(of(Outcome::Fail).filter(|gate| !is_integrity(gate)));
    failed
        .chain(of(Outcome::NotProven))
        .map(|gate| Red {
            gate: gate.gate.word().to_owned(),
            cause: gate.cause.clone().unwrap_or_else(|| gate.gate.word().to_owned()),
        })
        .collect()
}

/// What a gate measured.
pub fn measured(verdict: &SessionVerdict, gate: Gate) -> Option<f64> {
    verdict.gates.iter().find(|result| result.gate == gate)?.measured
}
