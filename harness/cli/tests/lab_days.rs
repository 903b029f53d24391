//! Simulated lab days through store and gates: whatever goes wrong in a lab, a session's verdict is that of the undisturbed
//! day, or nothing is claimed and the reason is what happened.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use edgesoak_gates::judge;
use edgesoak_record::session::{CloseState, JournalEnding, SessionRecord};
use edgesoak_record::verdict::{Outcome, SessionVerdict, Verdict};
use edgesoak_store::Store;

/// A session and the verdict on it.
struct Judged {
    record: SessionRecord,
    verdict: SessionVerdict,
}

/// Sessions by the number of their run on its day, and their name.
type Sessions = BTreeMap<(String, String), Judged>;

/// Lives through days with these seeds; the folders of each are written below `out`.
fn live_through(first: u32, count: u32, out: &Path) {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--locked", "-p", "edgesoak-controller", "--example", "lab_day"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    assert!(build.status().expect("cargo starts").success(), "the simulation builds");
    let programs = Path::new(env!("CARGO_BIN_EXE_edgesoak")).parent().expect("a folder of programs");
    let mut simulation = Command::new(programs.join("examples/lab_day"));
    simulation
        .arg("--seed")
        .arg(first.to_string())
        .arg("--seeds")
        .arg(count.to_string())
        .arg("--out")
        .arg(out);
    let output = simulation.output().expect("the simulation starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// Stores and judges the runs of a day.
fn judged(day: &Path) -> Sessions {
    let mut store = Store::open(&day.join("edgesoak.db")).expect("a database");
    let errands = std::fs::read(day.join("errands.json")).expect("a list of runs");
    let errands: BTreeMap<String, String> = serde_json::from_slice(&errands).expect("JSON");
    let mut sessions = Sessions::new();
    for (number, run) in errands {
        let run_dir: PathBuf = day.join("runs").join(&run);
        let ingested = store.ingest_run(&run_dir).expect("a run");
        assert!(ingested.damaged_lines.is_empty(), "{run}: {:?}", ingested.damaged_lines);
        let run = store.load_run(&run).expect("it is stored");
        let verdicts = judge(&run).sessions;
        for record in run.sessions {
            let name = record.planned.session.clone();
            let verdict = verdicts.iter().find(|verdict| verdict.session == name).expect("judged").clone();
            sessions.insert((number.clone(), name), Judged { record, verdict });
        }
    }
    sessions
}

fn outcomes(verdict: &SessionVerdict) -> Vec<(&str, Outcome)> {
    verdict.gates.iter().filter(|gate| gate.blocking).map(|gate| (gate.gate.word(), gate.outcome)).collect()
}

/// Causes of the blocking gates that are not shown.
fn causes(verdict: &SessionVerdict) -> Vec<&str> {
    let open = verdict.gates.iter().filter(|gate| gate.blocking && gate.outcome == Outcome::NotProven);
    open.filter_map(|gate| gate.cause.as_deref()).collect()
}

/// The word that a session's end leaves in its gates: the agent's own one, else the host's.
fn end_of(record: &SessionRecord) -> String {
    let close = record.close.as_ref().expect("every session is closed");
    let word = match record.journal.as_ref().map(|journal| &journal.ending) {
        Some(JournalEnding::Finished { reason, .. }) if reason != "completed" => reason,
        _ => &close.cause,
    };
    word.replace('-', "_")
}

/// What speaks against the verdict on a disturbed session.
fn objection(disturbed: &Judged, undisturbed: &Judged) -> Option<String> {
    let (found, truth) = (&disturbed.verdict, &undisturbed.verdict);
    if found.verdict == truth.verdict && outcomes(found) == outcomes(truth) {
        return None;
    }
    let close = disturbed.record.close.as_ref().expect("every session is closed");
    let is_claim = matches!(found.verdict, Verdict::Pass | Verdict::Fail);
    let end = end_of(&disturbed.record);
    let says_why = if close.state == CloseState::Completed {
        // Its journal is whole: only the host's own clock can be in doubt, which begins anew when its power fails.
        causes(found) == ["clock_jump"]
    } else {
        causes(found).contains(&end.as_str())
    };
    (is_claim || !says_why).then(|| {
        let (was, is) = (truth.verdict.word(), found.verdict.word());
        format!("{was} became {is} for {:?}, closed: {close:?}: {}", causes(found), found.sentence)
    })
}

#[test]
fn a_disturbed_day_claims_nothing_that_an_undisturbed_one_does_not_show() {
    let folder = tempfile::tempdir().expect("a folder");
    live_through(1, 2, folder.path());
    let (mut objections, mut same, mut unclaimed) = (Vec::new(), BTreeMap::<&str, u32>::new(), 0);
    for seed in ["1", "2"] {
        let day = folder.path().join(seed);
        let (disturbed, undisturbed) = (judged(&day.join("disturbed")), judged(&day.join("undisturbed")));
        for (name, truth) in &undisturbed {
            let Some(found) = disturbed.get(name) else { continue };
            objections.extend(objection(found, truth).map(|why| format!("seed {seed}, {name:?}: {why}")));
            if found.verdict.verdict == truth.verdict.verdict {
                *same.entry(found.verdict.verdict.word()).or_default() += 1;
            } else {
                unclaimed += 1;
            }
        }
    }
    println!("verdicts of disturbed sessions: the undisturbed ones {same:?}, nothing claimed {unclaimed}");
    assert!(objections.is_empty(), "{}", objections.join("\n"));
    assert!(same.contains_key("pass") && same.contains_key("fail") && unclaimed > 10, "{same:?} {unclaimed}");
}
