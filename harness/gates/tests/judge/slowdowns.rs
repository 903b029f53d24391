//! Soaks that slow down, each for a reason that the made-up telemetry shows, and some that nothing shows.

use edgesoak_gates::judge;
use edgesoak_record::session::Prompt;
use edgesoak_record::slowdown::{Cause, Grade, Slowdown, Slowed, Suspect};
use edgesoak_record::units::Nanos;
use edgesoak_record::{Quantity, Run, Unit};
use proptest::prelude::*;

use crate::made::{self, Made, channel, present};

/// Two steps down, as a governor takes them.
fn steps(t: f64) -> f64 {
    match t {
        t if t < 150.0 => 1.0,
        t if t < 330.0 => 0.8,
        _ => 0.6,
    }
}

/// A channel over time.
type Told<'a> = (&'static str, Quantity, Unit, &'a dyn Fn(f64) -> f64);

/// A device whose rate takes these steps, with further channels.
fn run_of(channels: &[Told]) -> Run {
    run_at(|t| 20.0 * steps(t), channels)
}

/// The same at another rate.
fn run_at(rate: fn(f64) -> f64, channels: &[Told]) -> Run {
    let mut run = Made { rate, ..Made::default() }.run();
    for (name, quantity, unit, value) in channels {
        let samples = present(2.0, 606.0, value);
        run.sessions[0].channels.push(channel(name, *quantity, *unit, samples));
    }
    run
}

fn slowdowns(run: &Run) -> Vec<Slowdown> {
    judge(run).sessions.remove(0).slowdowns
}

/// The one slowdown of a run.
fn only(run: &Run) -> Slowdown {
    let mut slowdowns = slowdowns(run);
    assert_eq!(slowdowns.len(), 1, "{slowdowns:?}");
    slowdowns.remove(0)
}

fn clock(t: f64) -> f64 {
    2e9 * steps(t)
}

fn warm(t: f64) -> f64 {
    25.0 + 20.0 * (1.0 - (-t.max(0.0) / 120.0).exp())
}

/// State of a cooling device that goes with the steps.
fn cooling(t: f64) -> f64 {
    ((1.0 - steps(t)) * 10.0).round()
}

const CUR: (&str, Quantity, Unit) = ("cpufreq/policy0/cur", Quantity::ClockCurrent, Unit::Hertz);
const CAP: (&str, Quantity, Unit) = ("cpufreq/policy0/cap", Quantity::ClockCap, Unit::Hertz);
const SOC: (&str, Quantity, Unit) = ("temperature/soc", Quantity::Temperature, Unit::Celsius);
const COOLING: (&str, Quantity, Unit) = ("cooling/cpu", Quantity::CoolingState, Unit::One);

fn with<'a>(
    (name, quantity, unit): (&'static str, Quantity, Unit),
    value: &'a dyn Fn(f64) -> f64,
) -> Told<'a> {
    (name, quantity, unit, value)
}

/// A rest and a burst of two cold prompts behind the soak.
fn recover(run: &mut Run, part: f64) {
    let prompts = &mut run.sessions[0].prompts;
    let after = prompts.last().and_then(|last| last.token_times.last()).expect("tokens").0 + 120_000_000_000;
    let cold: Vec<Prompt> = prompts[1..3].to_vec();
    let begin = cold[0].submit.0;
    for mut prompt in cold {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "made-up times")]
        let moved = |t: Nanos| Nanos(after + ((t.0 - begin) as f64 / part) as u64);
        "recovering".clone_into(&mut prompt.phase);
        prompt.submit = moved(prompt.submit);
        prompt.token_times = prompt.token_times.iter().map(|t| moved(*t)).collect();
        prompts.push(prompt);
    }
}

#[test]
fn heat_has_a_cooling_device_behind_lower_clocks_and_goes_with_a_rest() {
    let heat = [with(CUR, &clock), with(CAP, &clock), with(SOC, &warm), with(COOLING, &cooling)];
    let slowdown = only(&run_of(&heat));
    assert_eq!((slowdown.slowed, slowdown.cause), (Slowed::Decode, Cause::Thermal));
    assert_eq!(slowdown.grade, Some(Grade::B));
    assert!((slowdown.loss.expect("a loss") - 0.4).abs() < 0.02, "{slowdown:?}");
    let clocks = slowdown.shares[0];
    assert_eq!(clocks.suspect, Suspect::Clock);
    assert!(clocks.loss.expect("a part") > 0.95, "{slowdown:?}");
    assert!(
        slowdown.sentence.starts_with("Slowed by heat (grade B): decoding lost 40 %"),
        "{}",
        slowdown.sentence
    );

    let mut rested = run_of(&heat);
    recover(&mut rested, 0.97);
    let slowdown = only(&rested);
    assert_eq!((slowdown.cause, slowdown.grade), (Cause::Thermal, Some(Grade::A)));
    assert!(slowdown.recovered.expect("a rest") > 0.9, "{slowdown:?}");
}

#[test]
fn the_first_screen_names_heat_beside_the_bar_that_was_missed() {
    let mut run = run_of(&[with(CUR, &clock), with(SOC, &warm), with(COOLING, &cooling)]);
    made::replan(&mut run, |planned| {
        planned.route.bars.retain(|bar| bar.gate != edgesoak_record::Gate::SustainedTps);
        planned
            .route
            .bars
            .push(edgesoak_record::plan::Bar { gate: edgesoak_record::Gate::SustainedTps, limit: 18.0 });
    });
    run.plan.policy.blocking = vec![edgesoak_record::Gate::SustainedTps];
    let verdict = judge(&run);
    assert!(verdict.sentence.ends_with("; slowed by heat, evidence B."), "{}", verdict.sentence);
}

#[test]
fn a_cap_without_heat_is_somebodys_order() {
    let idle = |_: f64| 0.0;
    let policy = [with(CUR, &clock), with(CAP, &clock), with(SOC, &warm), with(COOLING, &idle)];
    let slowdown = only(&run_of(&policy));
    assert_eq!((slowdown.cause, slowdown.grade), (Cause::PolicyCap, Some(Grade::A)));
    // A cooling device that rose in the same minutes, and not when the caps fell, is no heat behind them.
    let beside = |t: f64| cooling(t - 20.0);
    let policy = [with(CUR, &clock), with(CAP, &clock), with(SOC, &warm), with(COOLING, &beside)];
    assert_eq!(only(&run_of(&policy)).cause, Cause::PolicyCap);
}

#[test]
fn without_any_cooling_device_warming_says_it_and_with_nothing_else_nobody_does() {
    let slowdown = only(&run_of(&[with(CUR, &clock), with(SOC, &warm)]));
    assert_eq!((slowdown.cause, slowdown.grade), (Cause::Thermal, Some(Grade::B)));
    let slowdown = only(&run_of(&[with(CUR, &clock)]));
    assert_eq!((slowdown.cause, slowdown.grade), (Cause::Unexplained, None));
}

#[test]
fn announced_heat_alone_is_the_weakest_sign() {
    let status = ("thermal/status", Quantity::ThermalStatus, Unit::One);
    let slowdown = only(&run_of(&[with(status, &|t| f64::from(t >= 150.0) + f64::from(t >= 330.0))]));
    assert_eq!((slowdown.cause, slowdown.grade), (Cause::Thermal, Some(Grade::C)));
}

#[test]
fn work_that_moves_to_slower_cores_leaves_faster_ones_idle() {
    let moved = |t: f64| t >= 150.0;
    let fast = |t: f64| if moved(t) { 4e8 } else { 2.8e9 };
    let slow = |t: f64| if moved(t) { 1.8e9 } else { 3e8 };
    let top = |_: f64| 2.8e9;
    let rate = |t: f64| if t >= 150.0 { 11.0 } else { 20.0 };
    let slowdown = only(&run_at(
        rate,
        &[
            with(("cpufreq/policy4/cur", Quantity::ClockCurrent, Unit::Hertz), &fast),
            with(("cpufreq/policy4/cap", Quantity::ClockCap, Unit::Hertz), &top),
            with(("cpufreq/policy0/cur", Quantity::ClockCurrent, Unit::Hertz), &slow),
            with(COOLING, &|_| 0.0),
        ],
    ));
    assert_eq!((slowdown.cause, slowdown.grade), (Cause::SlowerCores, Some(Grade::A)));
}

#[test]
fn a_shortage_of_memory_shows_in_waits_and_pages() {
    // What was counted until then: the integral of what the steps cost.
    let counted = |t: f64| 0.2 * (t - 150.0).clamp(0.0, 180.0) + 0.4 * (t - 330.0).max(0.0);
    let waits = ("pressure/memory/some", Quantity::Pressure, Unit::Second);
    let pages = ("runtime/major_faults", Quantity::EventCount, Unit::One);
    let flat = |_: f64| 2e9;
    let run = run_of(&[with(waits, &counted), with(pages, &|t| 100.0 * counted(t)), with(CUR, &flat)]);
    let slowdown = only(&run);
    assert_eq!((slowdown.cause, slowdown.grade), (Cause::Memory, Some(Grade::A)));
    let slowdown = only(&run_of(&[with(pages, &|t| 100.0 * counted(t))]));
    assert_eq!((slowdown.cause, slowdown.grade), (Cause::Memory, Some(Grade::B)));
}

#[test]
fn time_alone_explains_nothing() {
    // Falls evenly, and so does a clock that also wavers: time explains the course better.
    let mut run = Made { rate: |t| 20.0 * (-t / 1200.0).exp(), ..Made::default() }.run();
    let wavering = |t: f64| 2e9 * (-t / 1200.0 + 0.12 * (t / 17.0).sin()).exp();
    run.sessions[0].channels.push(channel(CUR.0, CUR.1, CUR.2, present(2.0, 606.0, wavering)));
    let slowdown = only(&run);
    assert_eq!(slowdown.cause, Cause::Unexplained, "{}", slowdown.sentence);
    let without = only(&Made { rate: |t| 20.0 * (-t / 1200.0).exp(), ..Made::default() }.run());
    assert_eq!((without.cause, without.grade), (Cause::Unexplained, None));
    assert!(without.sentence.starts_with("Slowed, unexplained: decoding lost"), "{}", without.sentence);
}

#[test]
fn a_clock_that_rises_has_slowed_nothing_down() {
    let slowdown = only(&run_of(&[with(CUR, &|t| 2e9 / steps(t)), with(SOC, &warm)]));
    assert_eq!(slowdown.cause, Cause::Unexplained, "{}", slowdown.sentence);
}

/// Prompts of other lengths, of which each token is read in a millisecond.
fn lengthened(length: impl Fn(u32) -> u32) -> Run {
    let mut run = Made { prefill_s: 0.3, ..Made::default() }.run();
    let mut behind = 0;
    for prompt in run.sessions[0].prompts.iter_mut().filter(|prompt| prompt.phase == "soaking") {
        let tokens = length(prompt.index);
        prompt.prompt_tokens = Some(tokens);
        prompt.submit = Nanos(prompt.submit.0 + behind);
        behind += u64::from(tokens.saturating_sub(300)) * 1_000_000;
        prompt.token_times = prompt.token_times.iter().map(|t| Nanos(t.0 + behind)).collect();
    }
    run
}

#[test]
fn longer_prompts_delay_the_first_token() {
    let longer = lengthened(|index| if index < 30 { 300 } else { 1_200 });
    let slowdown = only(&longer);
    assert_eq!((slowdown.slowed, slowdown.cause), (Slowed::FirstToken, Cause::PromptMix));
    let growing = lengthened(|index| 300 + 12 * index);
    let slowdown = only(&growing);
    assert_eq!((slowdown.slowed, slowdown.cause), (Slowed::FirstToken, Cause::Context));
    assert!(slowdown.sentence.contains("times as long"), "{}", slowdown.sentence);
    assert_eq!(slowdowns(&lengthened(|_| 300)), Vec::new());
}

/// Short answers to twelve prompts; from the 150th on most are other prompts, which take half as long again per token.
fn mixed(is_other: impl Fn(u32) -> bool) -> Run {
    let mut run = Made { prefill_s: 0.05, tokens: 16, cycle: 12, ..Made::default() }.run();
    let mut behind = 0;
    for prompt in run.sessions[0].prompts.iter_mut().filter(|prompt| prompt.phase == "soaking") {
        let (begin, other) = (prompt.submit.0, is_other(prompt.index));
        if other {
            prompt.item = format!("other-{}", prompt.item);
        }
        let slower = |t: &Nanos| if other { (t.0 - begin) / 2 } else { 0 };
        let last = prompt.token_times.last().map_or(0, slower);
        let times = prompt.token_times.iter();
        prompt.token_times = times.map(|t| Nanos(t.0 + behind + slower(t))).collect();
        prompt.submit = Nanos(begin + behind);
        behind += last;
    }
    run
}

#[test]
fn a_loss_that_no_prompt_shares_with_itself_comes_from_other_prompts() {
    let slowdown = only(&mixed(|index| index > 150 && index % 5 != 0));
    assert_eq!((slowdown.slowed, slowdown.cause), (Slowed::Decode, Cause::PromptMix), "{slowdown:?}");
    assert_eq!(slowdown.grade, Some(Grade::B));
    assert!(slowdown.sentence.contains("each of 12 prompts lost 0 % on average"), "{}", slowdown.sentence);
    // Clocks that fell meanwhile have slowed no prompt down.
    let mut with_clocks = mixed(|index| index > 150 && index % 5 != 0);
    let samples = present(2.0, 606.0, |t| if t < 130.0 { 2e9 } else { 1.4e9 });
    with_clocks.sessions[0].channels.push(channel(CUR.0, CUR.1, CUR.2, samples));
    assert_eq!(only(&with_clocks).cause, Cause::PromptMix);
}

#[test]
fn a_loss_that_every_prompt_shares_does_not() {
    let short = Made { rate: |t| 20.0 * steps(t), prefill_s: 0.05, tokens: 16, cycle: 12, ..Made::default() };
    assert_eq!(only(&short.run()).cause, Cause::Unexplained);
    // Long pauses that meet few prompts leave most of them as they were, and are no other prompts.
    let stalls = (0..18).map(|i| (330.0 + 15.0 * f64::from(i), 5.0)).collect();
    let paused = Made { rate: |_| 20.0, stalls, ..short };
    assert_eq!(only(&paused.run()).cause, Cause::Unexplained);
}

#[test]
fn a_charger_is_named_where_the_loss_came_behind_it() {
    let plugged = |t: f64| f64::from(t >= 140.0);
    let supply = ("supply/usb/online", Quantity::Plugged, Unit::One);
    let of = |from: &dyn Fn(f64) -> f64| {
        let mut run =
            run_of(&[with(CUR, &clock), with(SOC, &warm), with(COOLING, &cooling), with(supply, from)]);
        made::replan(&mut run, |planned| "battery".clone_into(&mut planned.device.power));
        only(&run).cause
    };
    assert_eq!(of(&plugged), Cause::Charger);
    assert_eq!(of(&|t| f64::from(t >= 500.0)), Cause::Thermal, "it was slow before");
}

#[test]
fn other_processes_count_from_the_share_that_is_allowed() {
    let made = |share: f64| {
        let mut run = run_of(&[]);
        let others = move |t: f64| {
            let lost = 0.2 * (t - 150.0).clamp(0.0, 180.0) + 0.4 * (t - 330.0).max(0.0);
            1_000.0 + 3.0 * (t + 10.0) + 4.0 * share * lost
        };
        let idle = move |t: f64| 1_000.0 + 4.0 * (t + 10.0) - (others(t) - 1_000.0);
        let session = &mut run.sessions[0];
        session.channels.retain(|channel| channel.name != "cpu/user" && channel.name != "cpu/idle");
        for (name, value) in
            [("cpu/user", present(2.0, 606.0, others)), ("cpu/idle", present(2.0, 606.0, idle))]
        {
            session.channels.push(channel(name, Quantity::CpuTime, Unit::Second, value));
        }
        only(&run).cause
    };
    assert_eq!(made(0.6), Cause::BackgroundCpu);
    assert_eq!(made(0.05), Cause::Unexplained);
}

#[test]
fn pauses_say_where_a_loss_lies_and_not_why() {
    let stalls: Vec<(f64, f64)> = (0..8).map(|minute| (70.0 + 60.0 * f64::from(minute), 15.0)).collect();
    let mut run = Made { stalls, ..Made::default() }.run();
    // A clock that fell a little at the same time has not done it.
    let clock = present(2.0, 606.0, |t| if t >= 65.0 { 1.9e9 } else { 2e9 });
    run.sessions[0].channels.push(channel(CUR.0, CUR.1, CUR.2, clock));
    let slowdown = only(&run);
    assert_eq!((slowdown.slowed, slowdown.cause), (Slowed::Decode, Cause::Unexplained));
    assert!(
        slowdown.sentence.contains("of it are pauses of more than 2 s inside of answers"),
        "{}",
        slowdown.sentence
    );
    let loss = slowdown.loss.expect("a loss");
    assert!((0.15..0.35).contains(&loss), "a quarter of the time was lost, not {loss}");
    let pauses = slowdown.shares[0];
    assert_eq!(pauses.suspect, Suspect::Pauses);
    assert!(pauses.loss.expect("a part") > 0.9, "{slowdown:?}");
}

#[test]
fn a_fall_back_was_slow_from_the_begin() {
    let mut run = Made::default().run();
    made::replan(&mut run, |planned| planned.candidate.placement = "gpu".to_owned());
    let slowdown = only(&run);
    assert_eq!((slowdown.cause, slowdown.grade, slowdown.loss), (Cause::Fallback, Some(Grade::A), None));
}

#[test]
fn readings_that_cannot_be_explain_nothing() {
    for wild in [f64::MAX, f64::MIN_POSITIVE, -1.0, 0.0] {
        let damaged = |t: f64| if t >= 150.0 { wild } else { 2e9 };
        let run =
            run_of(&[with(CUR, &damaged), with(CAP, &damaged), with(SOC, &damaged), with(COOLING, &damaged)]);
        for slowdown in slowdowns(&run) {
            let text = serde_json::to_string(&slowdown).expect("JSON");
            let read: Slowdown = serde_json::from_str(&text).expect("the same again");
            assert_eq!(read, slowdown, "no number is lost: {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_steady_device_has_no_slowdown(jitter in 0.0..0.3_f64, context in 0.0..0.001_f64, prefill_s in 0.05..3.0_f64, cycle in 1_u32..7) {
        let made = Made { prefill_s, cycle, jitter, context, ..Made::default() };
        prop_assert_eq!(slowdowns(&made.run()), Vec::new());
    }
}
