//! What blocks, what is accepted, what was waived, and which families are covered.

use edgesoak_gates::judge;
use edgesoak_record::Run;
use edgesoak_record::gate::Gate;
use edgesoak_record::host_entry::WaiverUses;
use edgesoak_record::policy::Waiver;
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{self, Made};
use crate::{gate, outcome};

fn short() -> Run {
    let mut run = Made { soak_s: 60.0, ..Made::default() }.run();
    run.plan.policy.blocking = vec![Gate::Artifact, Gate::BurstTps, Gate::FloorTps];
    run
}

fn waiver(expires: &str) -> Waiver {
    Waiver {
        gate: Gate::FloorTps,
        device: Some("bench-1".to_owned()),
        family: None,
        reason: "fan replaced next week".to_owned(),
        owner: "lab".to_owned(),
        approver: "release".to_owned(),
        ticket: "LAB-7".to_owned(),
        expires: expires.to_owned(),
        max_uses: None,
    }
}

fn reason(run: &Run) -> (Verdict, String) {
    let verdict = judge(run);
    (verdict.verdict, verdict.reason)
}

#[test]
fn a_tier_accepts_by_name_and_says_so() {
    let mut run = short();
    assert_eq!(reason(&run), (Verdict::NotProven, "too_short".to_owned()));
    run.plan.policy.accept_not_proven = vec![Gate::FloorTps];
    let verdict = judge(&run);
    assert_eq!(verdict.verdict, Verdict::Pass);
    assert_eq!(verdict.accepted, ["bench-1: `floor_tps` accepted as not proven by tier merge."]);
    assert_eq!(gate(&verdict, Gate::FloorTps).outcome, Outcome::NotProven, "accepted is not green");
}

#[test]
fn acceptance_never_covers_a_session_that_did_not_run() {
    let mut run = short();
    run.plan.policy.accept_not_proven = Gate::ALL.to_vec();
    run.sessions[0].close = None;
    assert_eq!(reason(&run), (Verdict::NotProven, "unfinished".to_owned()));
    let mut all = short();
    all.plan.policy.blocking = vec![Gate::FloorTps];
    all.plan.policy.accept_not_proven = vec![Gate::FloorTps];
    assert_eq!(
        reason(&all),
        (Verdict::NotProven, "no_blocking_gate".to_owned()),
        "something must have passed"
    );
}

#[test]
fn acceptance_does_not_cover_a_failure() {
    let mut run = Made { rate: |_| 12.0, ..Made::default() }.run();
    run.plan.policy.accept_not_proven = Gate::ALL.to_vec();
    assert_eq!(judge(&run).verdict, Verdict::Fail);
}

#[test]
fn waivers_hold_until_their_day_and_fail_after_it() {
    let mut run = Made { rate: |t| if t < 200.0 { 20.0 } else { 12.0 }, ..Made::default() }.run();
    run.plan.policy.blocking = vec![Gate::Artifact, Gate::FloorTps];
    assert_eq!(reason(&run), (Verdict::Fail, "floor_tps".to_owned()));
    run.plan.policy.waivers = vec![waiver("2026-11-22")];
    let verdict = judge(&run);
    assert_eq!(verdict.verdict, Verdict::Pass);
    assert!(
        verdict.accepted[0].contains("waived until 2026-11-22 by release (LAB-7"),
        "{:?}",
        verdict.accepted
    );
    assert_eq!(
        gate(&verdict, Gate::FloorTps).outcome,
        Outcome::Fail,
        "a waived failure stays red in its row"
    );
    for over in ["2026-11-21", "not a day"] {
        run.plan.policy.waivers = vec![waiver(over)];
        assert_eq!(reason(&run), (Verdict::Fail, "floor_tps".to_owned()), "{over}");
    }
    run.plan.policy.waivers =
        vec![Waiver { device: None, family: Some("host".to_owned()), ..waiver("2027-01-01") }];
    assert_eq!(judge(&run).verdict, Verdict::Pass);
    for elsewhere in [
        Waiver { device: Some("bench-2".to_owned()), ..waiver("2027-01-01") },
        Waiver { device: None, ..waiver("2027-01-01") },
        Waiver { gate: Gate::BurstTps, ..waiver("2027-01-01") },
    ] {
        run.plan.policy.waivers = vec![elsewhere];
        assert_eq!(judge(&run).verdict, Verdict::Fail);
    }
}

#[test]
fn a_waiver_holds_as_often_as_it_was_granted_for() {
    let mut run = Made { rate: |t| if t < 200.0 { 20.0 } else { 12.0 }, ..Made::default() }.run();
    run.plan.policy.blocking = vec![Gate::Artifact, Gate::FloorTps];
    run.plan.policy.waivers = vec![Waiver { max_uses: Some(2), ..waiver("2027-01-01") }];
    let uses = |gate, ticket: &str, runs| WaiverUses { gate, ticket: ticket.to_owned(), runs };
    for (before, number) in [(vec![], 1), (vec![uses(Gate::FloorTps, "LAB-7", 1)], 2)] {
        run.history.waiver_uses = before;
        let verdict = judge(&run);
        assert_eq!(verdict.verdict, Verdict::Pass);
        assert_eq!(gate(&verdict, Gate::FloorTps).waived.as_deref(), Some("LAB-7"));
        assert!(verdict.accepted[0].contains(&format!("use {number} of 2")), "{:?}", verdict.accepted);
    }
    run.history.waiver_uses = vec![uses(Gate::FloorTps, "LAB-8", 9), uses(Gate::BurstTps, "LAB-7", 9)];
    assert_eq!(judge(&run).verdict, Verdict::Pass, "uses of others");
    run.history.waiver_uses = vec![uses(Gate::FloorTps, "LAB-7", 2)];
    let result = gate(&judge(&run), Gate::FloorTps);
    assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::Fail, Some("waiver_used_up")));
    assert_eq!((result.accepted, result.waived), (None, None));
    assert!(
        result.sentence.contains("granted for 2 runs, and earlier ones used it up"),
        "{}",
        result.sentence
    );
}

#[test]
fn an_expired_waiver_turns_not_proven_into_a_failure_but_not_a_pass() {
    let mut run = short();
    run.plan.policy.waivers = vec![waiver("2026-01-01")];
    let result = gate(&judge(&run), Gate::FloorTps);
    assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::Fail, Some("waiver_expired")));
    let mut good = Made::default().run();
    good.plan.policy.waivers = vec![waiver("2026-01-01")];
    assert_eq!(judge(&good).verdict, Verdict::Pass);
}

#[test]
fn required_families_need_hardware_and_enough_of_it() {
    let mut run = Made::default().run();
    run.plan.policy.required_families = vec!["rugged-scanner".to_owned()];
    assert_eq!(reason(&run), (Verdict::NotProven, "not_run".to_owned()));
    run.plan.policy.required_families = vec!["host".to_owned()];
    assert_eq!(judge(&run).verdict, Verdict::Pass);
    run.plan.policy.units_per_family = 3;
    assert_eq!(reason(&run), (Verdict::NotProven, "too_few_units".to_owned()));
    run.plan.policy.units_per_family = 1;
    made::replan(&mut run, |planned| planned.device.is_virtual = true);
    assert_eq!(reason(&run), (Verdict::NotProven, "not_run".to_owned()));
}

#[test]
fn simulated_devices_prove_nothing_about_hardware() {
    let mut run = Made::default().run();
    // The agent's own word counts too, whatever the plan says.
    run.sessions[0].journal.as_mut().expect("a journal").is_virtual = true;
    let verdict = judge(&run);
    assert_eq!((verdict.verdict, verdict.reason.as_str()), (Verdict::NotProven, "virtual_only"));
    assert!(verdict.sessions[0].is_virtual);
    assert!(verdict.sessions[0].sentence.starts_with("bench-1 (virtual): "));
}

#[test]
fn a_gate_that_blocks_without_any_bar_must_show() {
    let mut run = Made::default().run();
    made::replan(&mut run, |planned| planned.route.bars.retain(|bar| bar.gate != Gate::FloorTps));
    assert_eq!(outcome(&run, Gate::FloorTps), (Outcome::NotProven, "no_bar".to_owned()));
    assert_eq!(reason(&run), (Verdict::NotProven, "no_bar".to_owned()));
    // Beside a route that has the bar, it is this route's own affair to promise nothing.
    let mut two = made::run_of(vec![Made::default().session("s01"), Made::default().session("s02")]);
    for planned in [&mut two.plan.sessions[1], &mut two.sessions[1].planned] {
        planned.route.id = "intent".to_owned();
        planned.route.bars.retain(|bar| bar.gate != Gate::FloorTps);
    }
    assert_eq!(judge(&two).verdict, Verdict::Pass);
}

#[test]
fn nothing_blocks_means_nothing_is_proven() {
    let mut run = Made::default().run();
    run.plan.policy.blocking.clear();
    assert_eq!(reason(&run), (Verdict::NotProven, "no_blocking_gate".to_owned()));
}

#[test]
fn integrity_speaks_before_speed() {
    let mut run = Made { rate: |_| 12.0, ..Made::default() }.run();
    run.sessions[0].placement = Some(made::placement("gpu"));
    let verdict = judge(&run);
    assert_eq!((verdict.verdict, verdict.reason.as_str()), (Verdict::Fail, "placement"));
}

#[test]
fn a_bar_that_does_not_block_is_a_warning() {
    let mut run = Made { prefill_s: 1.5, ..Made::default() }.run();
    run.plan.policy.blocking.retain(|gate| *gate != Gate::TtftP95);
    let verdict = judge(&run);
    assert_eq!(verdict.verdict, Verdict::Pass);
    assert_eq!(
        verdict.sessions[0].sentence,
        "bench-1: 11 of 11 blocking gates passed; bars missed that do not block: 1."
    );
}

#[test]
fn where_hardware_ran_a_simulated_failure_is_told_and_decides_nothing() {
    let slow = Made { rate: |_| 5.0, ..Made::default() };
    let mut run = made::run_of(vec![Made::default().session("s01"), slow.session("s02")]);
    for planned in [&mut run.plan.sessions[1], &mut run.sessions[1].planned] {
        planned.device.is_virtual = true;
        planned.device.id = "virtual:phone".to_owned();
    }
    let verdict = judge(&run);
    assert_eq!(verdict.verdict, Verdict::Pass, "{}", verdict.sentence);
    assert_eq!(verdict.sessions[1].verdict, Verdict::Fail);
    assert!(verdict.sentence.contains("Of 1 (virtual) session 0 passed, 1 failed"), "{}", verdict.sentence);
    // Where nothing but simulations ran, a failure is one.
    run.plan.sessions[0].device.is_virtual = true;
    run.sessions[0].planned.device.is_virtual = true;
    assert_eq!(judge(&run).verdict, Verdict::Fail);
    // Hardware that never came is no reason for a simulation to speak.
    let mut alone = made::run_of(vec![Made::default().session("s01"), slow.session("s02")]);
    for planned in [&mut alone.plan.sessions[1], &mut alone.sessions[1].planned] {
        planned.device.is_virtual = true;
    }
    alone.sessions.remove(0);
    assert_eq!(reason(&alone), (Verdict::Nothing, "nothing_ran".to_owned()));
}

#[test]
fn a_run_is_judged_job_by_job_to_the_same_bytes() {
    let run = made::run_of(vec![
        Made::default().session("s01"),
        Made { rate: |_| 12.0, ..Made::default() }.session("s02"),
        Made::default().session("s03"),
    ]);
    let mut run = run;
    for at in [1, 2] {
        run.plan.sessions[at].device.id = "other".to_owned();
        run.sessions[at].planned.device.id = "other".to_owned();
    }
    let of = |names: &[&str]| {
        let mut part = run.clone();
        part.sessions.retain(|record| names.contains(&record.planned.session.as_str()));
        edgesoak_gates::judge_sessions(&part)
    };
    let mut judged = of(&["s02", "s03"]);
    judged.extend(of(&["s01"]));
    let mut outline = run.clone();
    for record in &mut outline.sessions {
        record.prompts.iter_mut().for_each(|prompt| prompt.token_times.clear());
        record.channels.iter_mut().for_each(|channel| channel.samples.list_mut().clear());
    }
    assert_eq!(edgesoak_gates::conclude(&outline, judged), judge(&run));
}
