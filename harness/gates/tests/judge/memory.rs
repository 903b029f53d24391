//! What was predicted of a session's memory, beside what it took.

use edgesoak_gates::judge;
use edgesoak_record::gate::Gate;
use edgesoak_record::memory::{MemoryOutlook, MemoryPart, MemoryPrediction, MemoryUse};
use edgesoak_record::plan::Bar;
use edgesoak_record::session::CloseState;
use edgesoak_record::units::Bytes;
use edgesoak_record::verdict::{Outcome, Verdict};
use edgesoak_record::{Reason, Run};

use crate::made::{self, Made};
use crate::{gate, outcome};

/// A run whose one session took 310 MiB, and of which this was predicted.
fn with_prediction(mut run: Run, mib: u64) -> Run {
    let part = MemoryPart { what: MemoryUse::Weights, bytes: Bytes(mib << 20), basis: String::new() };
    let outlook = MemoryOutlook::Predicted(MemoryPrediction::of(vec![part]));
    run.plan.memory.insert(run.sessions[0].planned.session.clone(), outlook);
    run
}

fn predicted(mib: u64) -> Run {
    with_prediction(Made::default().run(), mib)
}

#[test]
fn what_was_taken_stands_beside_what_was_predicted() {
    let mut run = predicted(300);
    made::replan(&mut run, |planned| planned.device.memory_budget = Some(Bytes(400 << 20)));
    let verdict = judge(&run);
    let held = gate(&verdict, Gate::MemoryPrediction);
    assert_eq!((held.outcome, held.limit), (Outcome::Pass, Some(300.0 * 1.1)), "{}", held.sentence);
    let peak = gate(&verdict, Gate::MemoryPeak);
    assert_eq!(peak.outcome, Outcome::Pass);
    let words = "Largest resident set 310 MiB stays within the bar of 400 MiB; 300 MiB were predicted";
    assert!(peak.sentence.contains(words), "{}", peak.sentence);
}

#[test]
fn a_bar_tightens_a_limit_and_never_widens_it() {
    let limits = |bar: f64| {
        let mut run = predicted(300);
        made::replan(&mut run, |planned| {
            planned.device.memory_budget = Some(Bytes(400 << 20));
            let bars = [Gate::MemoryPeak, Gate::MemoryPrediction].map(|gate| Bar { gate, limit: bar });
            planned.route.bars.extend(bars);
        });
        let verdict = judge(&run);
        [Gate::MemoryPeak, Gate::MemoryPrediction].map(|of| gate(&verdict, of).limit)
    };
    assert_eq!(limits(9000.0), [Some(400.0), Some(300.0 * 1.1)]);
    assert_eq!(limits(305.0), [Some(305.0), Some(305.0)]);
}

#[test]
fn a_prediction_that_was_too_low_is_said_in_a_verdict_that_passes() {
    let verdict = judge(&predicted(250));
    let wrong = gate(&verdict, Gate::MemoryPrediction);
    assert_eq!((wrong.outcome, wrong.cause.as_deref()), (Outcome::Fail, Some("memory_prediction")));
    let words =
        "Largest resident set 310 MiB is over the bar of 275 MiB; 250 MiB predicted (weights 250 MiB)";
    assert!(wrong.sentence.contains(words), "{}", wrong.sentence);
    assert_eq!(verdict.verdict, Verdict::Pass, "it does not block");
    let words = "its 310 MiB of memory are more than was predicted, and a budget was trusted on that";
    assert!(verdict.sentence.contains(words), "{}", verdict.sentence);
    let mut blocking = predicted(250);
    blocking.plan.policy.blocking.push(Gate::MemoryPrediction);
    assert_eq!(judge(&blocking).verdict, Verdict::Fail);
}

#[test]
fn without_a_measured_peak_nothing_is_proven() {
    let mut unread = predicted(300);
    for channel in &mut unread.sessions[0].channels {
        if channel.name == "runtime/rss_anon" {
            channel.samples.list_mut().iter_mut().for_each(|sample| sample.value = Err(Reason::Denied));
        }
    }
    assert_eq!(outcome(&unread, Gate::MemoryPrediction), (Outcome::NotProven, "no_sensor".to_owned()));
    unread.sessions[0].channels.retain(|channel| channel.name != "runtime/swap");
    assert_eq!(outcome(&unread, Gate::MemoryPrediction), (Outcome::NotProven, "no_sensor".to_owned()));
}

#[test]
fn what_was_not_predicted_is_not_judged() {
    let judged = |run: &Run| {
        let gates = judge(run).sessions.remove(0).gates;
        gates.iter().find(|gate| gate.gate == Gate::MemoryPrediction).map(|gate| gate.outcome)
    };
    assert_eq!(judged(&Made::default().run()), None);
    let mut reasoned = Made::default().run();
    let why = MemoryOutlook::NotPredicted("nobody knows".to_owned());
    reasoned.plan.memory.insert(reasoned.sessions[0].planned.session.clone(), why);
    assert_eq!(judged(&reasoned), None);
    reasoned.plan.policy.blocking.push(Gate::MemoryPrediction);
    assert_eq!(judged(&reasoned), Some(Outcome::NotProven), "a tier that lists it is owed it");
}

#[test]
fn a_session_that_was_refused_says_what_to_change() {
    let mut run = predicted(300);
    let close = run.sessions[0].close.as_mut().expect("a close");
    (close.state, close.cause, close.whose) =
        (CloseState::NotRun, "memory-over-budget".to_owned(), "config".to_owned());
    let verdict = judge(&run);
    assert_eq!((verdict.exit, verdict.reason.as_str()), (3, "memory_over_budget"));
    assert!(verdict.next_actions[0].contains("shorter context"), "{:?}", verdict.next_actions);
    assert!(!verdict.sessions[0].gates.iter().any(|gate| gate.outcome == Outcome::Pass && gate.blocking));
}
