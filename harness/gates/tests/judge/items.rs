//! Routes without decode: answers that end by themselves, counted whole.

use edgesoak_gates::{judge, judge_sessions};
use edgesoak_record::Run;
use edgesoak_record::gate::Gate;
use edgesoak_record::plan::Bar;
use edgesoak_record::trial::Shown;
use edgesoak_record::units::Millis;
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{self, Made};
use crate::{gate, measured, outcome};

/// A minute of lookups of this many milliseconds each, with these pauses between them that nobody planned.
fn lookups(each_ms: f64, unplanned_ms: f64) -> Run {
    let think_s = 0.05 + unplanned_ms / 1e3;
    let made = Made { tokens: 1, prefill_s: each_ms / 1e3, think_s, soak_s: 60.0, ..Made::default() };
    let mut run = made.run();
    made::replan(&mut run, |planned| {
        planned.workload.is_of_items = true;
        planned.workload.output_tokens = 160;
        planned.workload.think_time = Millis(50);
        let bars = [(Gate::E2eP95, 60.0), (Gate::ItemsPerSecond, 16.0)];
        planned.route.bars = bars.map(|(gate, limit)| Bar { gate, limit }).to_vec();
    });
    for prompt in &mut run.sessions[0].prompts {
        prompt.finish = Some("eos".to_owned());
        prompt.decoded_tokens = Some(1);
        prompt.engine_decode = None;
    }
    run.plan.policy.blocking = vec![
        Gate::Artifact,
        Gate::DutyCycle,
        Gate::BurstTps,
        Gate::FloorTps,
        Gate::E2eP95,
        Gate::ItemsPerSecond,
    ];
    run
}

#[test]
fn lookups_pass_by_items_and_by_the_time_to_their_end() {
    let run = lookups(2.0, 0.0);
    let verdict = judge(&run);
    assert_eq!(verdict.verdict, Verdict::Pass, "{}", verdict.sentence);
    assert!(
        (measured(&run, Gate::ItemsPerSecond) - 500.0).abs() < 1.0,
        "by busy time: nobody asks in the pauses"
    );
    assert!((measured(&run, Gate::E2eP95) - 2.0).abs() < 0.01);
}

#[test]
fn what_speaks_of_decoding_does_not_apply_and_holds_nothing_up() {
    let verdict = judge(&lookups(2.0, 0.0));
    for listed in [Gate::BurstTps, Gate::FloorTps] {
        let result = gate(&verdict, listed);
        assert_eq!((result.outcome, result.blocking, result.measured), (Outcome::Info, false, None));
        assert!(result.sentence.contains("does not apply"), "{}", result.sentence);
    }
    let shown = |wanted: Gate| verdict.sessions[0].gates.iter().any(|result| result.gate == wanted);
    assert!(!shown(Gate::PeakTps) && !shown(Gate::TimeToThrottle), "nobody asked for these");
    assert!(shown(Gate::MemoryGrowth) && shown(Gate::TtftP95), "these have a meaning for items too");
}

#[test]
fn a_bar_on_decoding_is_owed_whatever_is_asked() {
    let mut run = lookups(2.0, 0.0);
    // No matrix has both; the bars are those of a branch that the change did not write.
    made::replan(&mut run, |planned| {
        planned.route.bars.push(Bar { gate: Gate::FloorTps, limit: 15.0 });
    });
    let verdict = judge(&run);
    assert_eq!((verdict.verdict, verdict.reason.as_str()), (Verdict::NotProven, "items_not_decoded"));
    let owed = gate(&verdict, Gate::FloorTps);
    assert_eq!((owed.outcome, owed.blocking, owed.limit), (Outcome::NotProven, true, Some(15.0)));
    let without = gate(&verdict, Gate::BurstTps);
    assert_eq!((without.outcome, without.blocking), (Outcome::Info, false), "nobody promised it");
}

#[test]
fn a_comparison_takes_no_rate_of_decoding_from_items() {
    let sessions = judge_sessions(&lookups(2.0, 0.0));
    let shown = &sessions[0].trial().trial.shown;
    assert!(matches!(shown, Shown::Invalid { cause } if cause == "counted_by_items"), "{shown:?}");
}

#[test]
fn slow_items_fail_their_bars() {
    let run = lookups(90.0, 0.0);
    assert_eq!(outcome(&run, Gate::E2eP95), (Outcome::Fail, "e2e_p95".to_owned()));
    assert_eq!(outcome(&run, Gate::ItemsPerSecond).0, Outcome::Fail);
    assert_eq!(judge(&run).verdict, Verdict::Fail);
}

#[test]
fn planned_pauses_are_no_idling_and_others_are() {
    let held = gate(&judge(&lookups(2.0, 0.5)), Gate::DutyCycle);
    assert_eq!(held.outcome, Outcome::Pass);
    assert!(held.sentence.contains("; work alone was 3.8 %"), "the busy part is told: {}", held.sentence);
    let idle = lookups(2.0, 10.0);
    assert_eq!(outcome(&idle, Gate::DutyCycle).0, Outcome::NotProven);
    assert_eq!(outcome(&idle, Gate::ItemsPerSecond), (Outcome::NotProven, "idle".to_owned()));
}

#[test]
fn pauses_between_prompts_of_forced_length_stay_idling() {
    let mut run = Made { think_s: 1.0, soak_s: 120.0, ..Made::default() }.run();
    made::replan(&mut run, |planned| planned.workload.think_time = Millis(1000));
    assert_eq!(outcome(&run, Gate::DutyCycle).0, Outcome::NotProven);
}

#[test]
fn an_item_that_nobody_answered_leaves_a_soak_that_is_not_whole() {
    let mut run = lookups(2.0, 0.0);
    run.sessions[0].prompts[40].finish = None;
    assert_eq!(outcome(&run, Gate::ItemsPerSecond), (Outcome::NotProven, "incomplete".to_owned()));
}
