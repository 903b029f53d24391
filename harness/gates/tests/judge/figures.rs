//! The figures against the truth of made-up devices.

use edgesoak_gates::judge;
use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{self, Made};
use crate::{gate, measured, outcome};

fn assert_near(run: &edgesoak_record::Run, of: Gate, truth: f64, tolerance: f64) {
    let value = measured(run, of);
    assert!((value / truth - 1.0).abs() <= tolerance, "{of}: {value} is not {truth}");
}

#[test]
fn a_steady_device_passes_and_all_its_rates_are_one() {
    let run = Made::default().run();
    let verdict = judge(&run);
    assert_eq!(
        (verdict.verdict, verdict.exit, verdict.reason.as_str()),
        (Verdict::Pass, 0, "pass"),
        "{verdict:#?}"
    );
    for rate in [
        Gate::BurstTps,
        Gate::SustainedTps,
        Gate::FloorTps,
        Gate::PeakTps,
        Gate::WorstMinuteTps,
        Gate::Last30sTps,
    ] {
        assert_near(&run, rate, 20.0, 0.005);
    }
    assert_near(&run, Gate::Retention, 1.0, 0.005);
    assert!(measured(&run, Gate::ThrottleDepth).abs() < 0.005);
    assert_near(&run, Gate::TtftP50, 300.0, 1e-6);
    assert_near(&run, Gate::E2eP50, 300.0 + 127.0 * 50.0, 0.005);
    for never in [Gate::TimeToThrottle, Gate::TimeTo90, Gate::TimeTo75] {
        let result = gate(&verdict, never);
        assert_eq!((result.outcome, result.measured), (Outcome::Info, None), "{}", result.sentence);
        assert!(result.lo.is_some_and(|lo| lo >= 600.0), "censored at the length of the soak");
    }
}

#[test]
fn prefill_is_never_counted_as_decoding() {
    // Almost half of the time is prefill: by wall time the rate would be near 11 tokens/s.
    let run = Made { prefill_s: 5.0, ..Made::default() }.run();
    for rate in [Gate::BurstTps, Gate::SustainedTps, Gate::FloorTps] {
        assert_near(&run, rate, 20.0, 0.005);
    }
    assert!(measured(&run, Gate::DutyCycle) > 0.999);
}

#[test]
fn a_step_down_shows_in_sustained_and_floor_and_its_moment_is_found() {
    let run = Made { rate: |t| if t < 200.0 { 20.0 } else { 12.0 }, ..Made::default() }.run();
    assert_near(&run, Gate::BurstTps, 20.0, 0.005);
    assert_near(&run, Gate::SustainedTps, 12.0, 0.005);
    assert_near(&run, Gate::FloorTps, 12.0, 0.005);
    assert_near(&run, Gate::Retention, 0.6, 0.01);
    assert!((measured(&run, Gate::ThrottleDepth) - 0.4).abs() < 0.01);
    let throttle = measured(&run, Gate::TimeToThrottle);
    assert!((throttle - 200.0).abs() <= 15.0, "{throttle}");
    for fall in [Gate::TimeTo90, Gate::TimeTo75] {
        let t = measured(&run, fall);
        assert!((200.0..=206.0).contains(&t), "{fall}: {t}");
    }
    let verdict = judge(&run);
    assert_eq!((verdict.verdict, verdict.reason.as_str()), (Verdict::Fail, "sustained_tps"));
    assert_eq!(verdict.exit, 1);
}

#[test]
fn a_linear_sag_has_the_floor_of_its_end() {
    // 20 tokens/s falling by 1 every minute: the slowest windows are the last ones.
    let run = Made { rate: |t| 20.0 - t / 60.0, ..Made::default() }.run();
    let end =
        made::seconds(*run.sessions[0].prompts.last().expect("prompts").token_times.last().expect("tokens"));
    // The rate of a minute is that of its middle; a twentieth of the windows, which begin at 30 s, is slower.
    let last_middle = end - 30.0;
    assert_near(&run, Gate::FloorTps, 20.0 - (last_middle - 0.05 * (end - 90.0)) / 60.0, 0.005);
    assert_near(&run, Gate::WorstMinuteTps, 20.0 - last_middle / 60.0, 0.005);
    assert_eq!(outcome(&run, Gate::FloorTps).0, Outcome::Fail);
}

#[test]
fn a_device_that_still_sags_fails_or_is_not_proven_but_never_passes() {
    let mut run = Made { rate: |t| 20.0 - t / 150.0, ..Made::default() }.run();
    made::replan(&mut run, |planned| {
        planned.route.bars.iter_mut().for_each(|bar| {
            if bar.gate == Gate::FloorTps {
                bar.limit = 10.0;
            }
        });
    });
    assert_eq!(outcome(&run, Gate::FloorTps), (Outcome::NotProven, "not_settled".to_owned()));
}

#[test]
fn a_short_run_says_what_it_lacks() {
    let run = Made { soak_s: 60.0, ..Made::default() }.run();
    let verdict = judge(&run);
    assert_eq!(
        (verdict.verdict, verdict.exit, verdict.reason.as_str()),
        (Verdict::NotProven, 3, "too_short")
    );
    assert_eq!(gate(&verdict, Gate::BurstTps).outcome, Outcome::Pass);
    for long in [Gate::SustainedTps, Gate::FloorTps, Gate::MemoryGrowth] {
        let result = gate(&verdict, long);
        assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::NotProven, Some("too_short")));
        assert_eq!(result.measured, None);
    }
    assert!(
        gate(&verdict, Gate::FloorTps)
            .sentence
            .contains("for information, the slowest 20 s ran at 20.0 tokens/s")
    );
    let ttft = gate(&verdict, Gate::TtftP95);
    assert_eq!((ttft.outcome, ttft.cause.as_deref()), (Outcome::NotProven, Some("too_few")));
    assert!(ttft.sentence.contains("needs 59 prompts to pass and has 10"), "{}", ttft.sentence);
}

#[test]
fn repetitions_pool_their_prompts() {
    let made = Made { soak_s: 200.0, ..Made::default() };
    let alone = made::run_of(vec![made.session("s01")]);
    assert_eq!(outcome(&alone, Gate::TtftP95), (Outcome::NotProven, "too_few".to_owned()));
    let run = made::run_of(vec![made.session("s01"), made.session("s02")]);
    let pooled = gate(&judge(&run), Gate::TtftP95);
    assert_eq!((pooled.outcome, pooled.n), (Outcome::Pass, 62));
    let mut slept = run.clone();
    slept.sessions[1].clock_offsets[1].suspended = edgesoak_record::units::Nanos::from_secs(99);
    let alone = gate(&judge(&slept), Gate::TtftP95);
    assert_eq!((alone.outcome, alone.n), (Outcome::NotProven, 31), "an invalid repetition proves nothing");
}

#[test]
fn a_leak_is_measured_in_mebibytes_per_minute() {
    let run = Made { leak: 3.0, ..Made::default() }.run();
    assert_near(&run, Gate::MemoryGrowth, 3.0, 0.02);
    let small = Made { leak: 0.3, ..Made::default() }.run();
    assert_eq!(outcome(&small, Gate::MemoryGrowth).0, Outcome::Pass);
    let peak = measured(&run, Gate::MemoryPeak);
    assert!((339.0..342.0).contains(&peak), "200 + 110 + 30 MiB: {peak}");
}

#[test]
fn stalls_are_counted_not_averaged_away() {
    let run = Made { stalls: vec![(102.0, 2.5), (303.0, 4.0), (400.0, 1.0)], ..Made::default() }.run();
    let result = gate(&judge(&run), Gate::Stalls);
    assert_eq!((result.outcome, result.measured), (Outcome::Info, Some(2.0)));
    assert!(result.sentence.contains("the longest of 4"), "{}", result.sentence);
}

#[test]
fn the_spread_between_runs_comes_from_history_or_is_named_as_a_guess() {
    let mut run = Made::default().run();
    assert!(gate(&judge(&run), Gate::FloorTps).sentence.contains("assumed to be 3 % (prior)"));
    run.history.between_run_sigma.push(edgesoak_record::host_entry::BetweenRunSigma {
        device: "bench-1".to_owned(),
        candidate: "small-q4".to_owned(),
        sigma: 0.005,
        runs: 12,
        days: 4,
    });
    let narrow = gate(&judge(&run), Gate::FloorTps);
    assert!(narrow.sentence.contains("0.5 % from 12 earlier runs"));
    assert!(narrow.lo.is_some_and(|lo| lo > 19.7), "{narrow:?}");
}

#[test]
fn a_figure_close_to_its_bar_is_neither_green_nor_red() {
    for (bar, want) in
        [(18.5, Outcome::Pass), (19.8, Outcome::NotProven), (20.4, Outcome::NotProven), (21.6, Outcome::Fail)]
    {
        let mut run = Made::default().run();
        made::replan(&mut run, |planned| {
            planned.route.bars.iter_mut().for_each(|limit| {
                if limit.gate == Gate::FloorTps {
                    limit.limit = bar;
                }
            });
        });
        assert_eq!(outcome(&run, Gate::FloorTps).0, want, "bar {bar}");
    }
}

#[test]
fn longer_prompts_are_not_throttling() {
    // A cycle of 80 s whose prompts grow from 100 to 1200 tokens: the long ones run at two thirds of the speed.
    let growing = Made { context: 0.0005, cycle: 12, ..Made::default() };
    let never = gate(&judge(&growing.run()), Gate::TimeToThrottle);
    assert_eq!((never.outcome, never.measured), (Outcome::Info, None), "{}", never.sentence);
    let both = Made { rate: |t| if t < 300.0 { 20.0 } else { 15.0 }, ..growing };
    let t = measured(&both.run(), Gate::TimeToThrottle);
    assert!((t - 300.0).abs() <= 20.0, "{t}");
}

#[test]
fn what_a_person_reads_about_a_short_run() {
    let mut run = Made { soak_s: 60.0, ..Made::default() }.run();
    run.plan.profile = "quick".to_owned();
    let verdict = judge(&run);
    let session = &verdict.sessions[0];
    let rows = session.gates.iter().map(|gate| {
        let blocks = if gate.blocking { "blocks" } else { "" };
        format!("{:<20} {:<10} {blocks:<6} {}", gate.gate.word(), gate.outcome.word(), gate.sentence)
    });
    let head = [verdict.sentence.clone(), verdict.next_actions.join("\n"), session.sentence.clone()];
    insta::assert_snapshot!(head.into_iter().chain(rows).collect::<Vec<_>>().join("\n"));
}
