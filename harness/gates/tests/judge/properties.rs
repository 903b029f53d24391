//! What must hold for every run, however it was made.

use edgesoak_gates::judge;
use edgesoak_record::gate::Gate;
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::session::{JournalFacts, Prompt, Sample};
use edgesoak_record::slowdown::Grade;
use edgesoak_record::units::{Millis, Nanos};
use edgesoak_record::verdict::{Outcome, RunVerdict, Verdict};
use edgesoak_record::{Quantity, Reason, Run, Unit};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::made::{self, Made, T0};

/// Rates over time, to draw from.
const SHAPES: [fn(f64) -> f64; 5] = [
    |_| 20.0,
    |_| 14.9,
    |t| if t < 40.0 { 22.0 } else { 16.0 },
    |t| 21.0 - t / 50.0,
    |t| 18.0 + 3.0 * (t / 15.0).sin(),
];

/// Soaks that are long enough for most gates and short enough for many cases.
fn devices() -> impl Strategy<Value = Made> {
    let lengths = prop_oneof![4 => Just(40.0), 3 => Just(110.0), 1 => Just(310.0)];
    (0..SHAPES.len(), lengths, 0.1_f64..2.0, 0.0_f64..2.0, 0.0_f64..0.08).prop_map(
        |(shape, soak_s, prefill_s, leak, background)| Made {
            rate: SHAPES[shape],
            soak_s,
            prefill_s,
            leak,
            background,
            hertz: 1.0,
            ..Made::default()
        },
    )
}

/// Grades, best first.
const GRADES: [Grade; 3] = [Grade::A, Grade::B, Grade::C];

/// A run with every sign of heat that there is, which owes this grade.
fn sensed(rate: fn(f64) -> f64, least: Grade) -> Run {
    let made = Made {
        rate,
        soak_s: 310.0,
        hertz: 1.0,
        celsius: Some(|t| 40.0 + 0.2 * (1.7 * t).sin()),
        ..Made::default()
    };
    let mut run = made.run();
    let session = &mut run.sessions[0];
    for (name, quantity, unit) in [
        ("cpufreq/policy0/cur", Quantity::ClockCurrent, Unit::Hertz),
        ("cooling/cpu", Quantity::CoolingState, Unit::One),
        ("thermal-status", Quantity::ThermalStatus, Unit::One),
    ] {
        let value = if quantity == Quantity::ClockCurrent { |_| 2e9 } else { |_| 0.0 };
        session.channels.push(made::channel(name, quantity, unit, made::present(1.0, 316.0, value)));
    }
    let probe = session.prompts.last().expect("prompts").clone();
    session.prompts.push(Prompt { phase: "recovering".to_owned(), index: probe.index + 1, ..probe });
    run.plan.policy.evidence = vec![OwedEvidence { family: "host".to_owned(), least }];
    run
}

/// Channels that tell of heat.
fn of_heat(run: &Run) -> Vec<usize> {
    let tells = |quantity| {
        matches!(
            quantity,
            Quantity::ClockCurrent | Quantity::CoolingState | Quantity::ThermalStatus | Quantity::Temperature
        )
    };
    let channels = run.sessions[0].channels.iter().enumerate();
    channels.filter(|(_, channel)| tells(channel.quantity)).map(|(index, _)| index).collect()
}

fn json(verdict: &RunVerdict) -> String {
    serde_json::to_string(verdict).expect("a verdict is JSON")
}

/// Gates that did not pass before and pass now.
fn turned_green(before: &RunVerdict, after: &RunVerdict) -> Vec<Gate> {
    let red = |gate: Gate| {
        before.sessions[0]
            .gates
            .iter()
            .any(|result| result.gate == gate && matches!(result.outcome, Outcome::Fail | Outcome::NotProven))
    };
    let after = after.sessions[0].gates.iter().filter(|result| result.outcome == Outcome::Pass);
    after.map(|result| result.gate).filter(|gate| red(*gate)).collect()
}

/// Every time of the run since the first scored submit, stretched.
fn stretch(run: &mut Run, factor: f64) {
    let longer = |time: Nanos| made::at((time.as_secs_f64() - T0) * factor);
    for session in &mut run.sessions {
        for prompt in &mut session.prompts {
            prompt.submit = longer(prompt.submit);
            prompt.token_times.iter_mut().for_each(|time| *time = longer(*time));
            prompt.engine_decode = prompt.token_times.last().map(|last| last.since(prompt.token_times[0]));
        }
        session
            .channels
            .iter_mut()
            .flat_map(|channel| channel.samples.list_mut())
            .for_each(|sample| sample.t = longer(sample.t));
        session.phases.iter_mut().for_each(|phase| phase.begin = longer(phase.begin));
        session.overheads.iter_mut().for_each(|overhead| overhead.t = longer(overhead.t));
        let journal = session.journal.as_mut().expect("a journal");
        journal.last = longer(journal.last);
    }
}

#[test]
fn with_all_of_it_a_steady_device_passes() {
    let verdict = judge(&sensed(SHAPES[0], Grade::A));
    let floor =
        verdict.sessions[0].gates.iter().find(|result| result.gate == Gate::FloorTps).expect("a floor");
    assert_eq!(floor.outcome, Outcome::Pass, "{}", floor.sentence);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn slower_never_turns_a_failure_into_a_pass(made in devices(), factor in 1.0_f64..2.5) {
        let mut run = made.run();
        let before = judge(&run);
        stretch(&mut run, factor);
        let after = judge(&run);
        for gate in [Gate::BurstTps, Gate::SustainedTps, Gate::FloorTps, Gate::TtftP95] {
            let of = |verdict: &RunVerdict| verdict.sessions[0].gates.iter().find(|result| result.gate == gate).map(|result| result.outcome);
            prop_assert!(of(&before) != Some(Outcome::Fail) || of(&after) != Some(Outcome::Pass), "{gate}");
        }
    }

    #[test]
    fn scaling_time_scales_rates(length in 40.0_f64..80.0, factor in 0.5_f64..2.0) {
        let mut run = Made { soak_s: length, hertz: 0.5, ..Made::default() }.run();
        let rate = |run: &Run| judge(run).sessions[0].gates.iter().find(|result| result.gate == Gate::BurstTps).and_then(|result| result.measured);
        let before = rate(&run).expect("a burst");
        stretch(&mut run, factor);
        let after = rate(&run).expect("a burst");
        prop_assert!((after * factor / before - 1.0).abs() < 0.005, "{before} {after} {factor}");
    }

    #[test]
    fn dropping_prompts_or_tokens_at_the_end_turns_nothing_green(made in devices(), cut in any::<Index>(), tokens in any::<bool>()) {
        let mut run = made.run();
        let before = judge(&run);
        let prompts = &mut run.sessions[0].prompts;
        if tokens {
            let last = prompts.last_mut().expect("prompts");
            let keep = cut.index(last.token_times.len());
            last.token_times.truncate(keep);
        } else {
            let keep = cut.index(prompts.len());
            prompts.truncate(keep);
        }
        let after = judge(&run);
        prop_assert_eq!(turned_green(&before, &after), []);
        prop_assert!(after.verdict != Verdict::Pass);
    }

    #[test]
    fn dropping_samples_at_the_end_turns_nothing_green(made in devices(), channel in any::<Index>(), keep in 0.0_f64..0.95) {
        let mut run = made.run();
        let before = judge(&run);
        let channels = &mut run.sessions[0].channels;
        let index = channel.index(channels.len());
        let samples = channels[index].samples.list_mut();
        let end = samples.last().map_or(T0, |last| last.t.as_secs_f64());
        samples.retain(|sample| sample.t.as_secs_f64() < T0 + (end - T0) * keep - 5.5);
        prop_assert_eq!(turned_green(&before, &judge(&run)), []);
    }

    #[test]
    fn less_evidence_of_heat_turns_nothing_green(rate in 0..SHAPES.len(), owed in 0_usize..3, more in 0_usize..3, drops in prop::collection::vec(any::<Index>(), 0..4), rested in any::<bool>()) {
        let mut run = sensed(SHAPES[rate], GRADES[owed]);
        let before = judge(&run);
        // A higher grade is owed, or less is read.
        run.plan.policy.evidence[0].least = GRADES[owed.min(more)];
        for drop in drops {
            let heat: Vec<usize> = of_heat(&run);
            if !heat.is_empty() {
                run.sessions[0].channels.remove(*drop.get(&heat));
            }
        }
        if rested {
            run.sessions[0].prompts.retain(|prompt| prompt.phase != "recovering");
        }
        prop_assert_eq!(turned_green(&before, &judge(&run)), []);
    }

    #[test]
    fn order_does_not_matter_and_the_same_run_gives_the_same_bytes(a in devices(), b in devices(), turn in 1_usize..9) {
        let run = made::run_of(vec![a.session("s01"), b.session("s02")]);
        let mut turned = run.clone();
        turned.sessions.reverse();
        turned.plan.sessions.reverse();
        for session in &mut turned.sessions {
            session.channels.rotate_left(turn);
            session.verified.reverse();
            session.overheads.rotate_left(turn);
            session.clock_offsets.reverse();
        }
        prop_assert_eq!(json(&judge(&run)), json(&judge(&run)));
        prop_assert_eq!(json(&judge(&run)), json(&judge(&turned)));
    }
}

/// A way to damage a record so that it can no longer prove a whole, good session.
type Damage = fn(&mut Run, u64);

/// The prompt of this number, if it is still there.
fn prompt(run: &mut Run, number: usize) -> impl Iterator<Item = &mut Prompt> {
    run.sessions[0].prompts.iter_mut().skip(number).take(1)
}

fn samples(run: &mut Run) -> impl Iterator<Item = &mut Sample> {
    run.sessions[0].channels.iter_mut().flat_map(|channel| channel.samples.list_mut())
}

fn journal(run: &mut Run) -> impl Iterator<Item = &mut JournalFacts> {
    run.sessions[0].journal.iter_mut()
}

/// One of a few numbers.
fn pick<T: Copy>(choices: &[T], value: u64) -> T {
    choices[usize::try_from(value % choices.len() as u64).expect("below the length")]
}

fn set_bars(run: &mut Run, limit: f64) {
    made::replan(run, |planned| planned.route.bars.iter_mut().for_each(|bar| bar.limit = limit));
}

const DAMAGES: &[Damage] = &[
    |run, value| {
        prompt(run, 1)
            .for_each(|prompt| prompt.token_times.iter_mut().skip(3).for_each(|time| *time = Nanos(value)));
    },
    |run, value| prompt(run, 2).for_each(|prompt| prompt.submit = Nanos(value)),
    |run, value| {
        prompt(run, 1).for_each(|prompt| prompt.tokens_per_stamp = pick(&[0, 2, 300, u32::MAX], value));
    },
    |run, _| prompt(run, 1).for_each(|prompt| prompt.token_times = Vec::new()),
    |run, _| prompt(run, 1).for_each(|prompt| prompt.token_times = vec![Nanos(u64::MAX); 64]),
    |run, _| prompt(run, 1).for_each(|prompt| prompt.token_times = vec![Nanos(0); 64]),
    |run, value| prompt(run, 3).for_each(|prompt| prompt.index = pick(&[0, 99, u32::MAX], value)),
    |run, _| prompt(run, 2).for_each(|prompt| prompt.finish = None),
    |run, _| run.sessions[0].prompts.clear(),
    |run, _| run.sessions[0].prompts.iter_mut().for_each(|prompt| prompt.phase.insert_str(0, "<script>")),
    |run, value| samples(run).for_each(|sample| sample.value = Ok(pick(&[f64::NAN, f64::INFINITY], value))),
    |run, value| samples(run).for_each(|sample| sample.t = Nanos(sample.t.0.wrapping_add(value))),
    |run, value| samples(run).for_each(|sample| sample.t = Nanos(value)),
    |run, _| samples(run).for_each(|sample| sample.value = Err(Reason::Failed)),
    |run, _| run.sessions[0].channels.clear(),
    |run, _| run.sessions[0].journal = None,
    |run, _| journal(run).for_each(|journal| journal.group_period = vec![Nanos(0); 2]),
    |run, _| journal(run).for_each(|journal| journal.group_period.clear()),
    |run, _| journal(run).for_each(|journal| journal.last = Nanos(u64::MAX)),
    |run, _| journal(run).for_each(|journal| journal.boottime = Nanos(0)),
    |run, _| run.sessions[0].close = None,
    |run, _| run.sessions[0].verified.clear(),
    |run, _| run.sessions[0].placement = None,
    |run, _| run.sessions[0].runtime = None,
    |run, value| set_bars(run, pick(&[f64::NAN, f64::INFINITY, -f64::NAN], value)),
    |run, value| made::replan(run, |planned| planned.workload.output_tokens = pick(&[0, u32::MAX], value)),
    |run, _| made::replan(run, |planned| planned.workload.duration = Millis(u64::MAX)),
    |run, _| run.sessions[0].clock_offsets.iter_mut().for_each(|offset| offset.suspended = Nanos(u64::MAX)),
    |run, _| run.sessions[0].clock_offsets.iter_mut().take(1).for_each(|offset| offset.offset_ns = i64::MIN),
    |run, _| run.sessions[0].clock_offsets.clear(),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn damage_never_panics_and_never_passes(first in any::<Index>(), second in any::<Index>(), value in any::<u64>()) {
        let mut run = Made { soak_s: 35.0, tokens: 64, hertz: 1.0, ..Made::default() }.run();
        run.plan.policy.accept_not_proven =
            vec![Gate::SustainedTps, Gate::FloorTps, Gate::TtftP95, Gate::MemoryGrowth];
        prop_assert_eq!(judge(&run).verdict, Verdict::Pass);
        for damage in [first.get(DAMAGES), second.get(DAMAGES)] {
            damage(&mut run, value | 1 << 40);
            let verdict = judge(&run);
            prop_assert!(verdict.verdict != Verdict::Pass, "{}", json(&verdict));
            for gate in verdict.sessions.iter().flat_map(|session| &session.gates) {
                let numbers = [gate.measured, gate.lo, gate.hi, gate.limit];
                prop_assert!(numbers.into_iter().flatten().all(f64::is_finite));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn one_sample_beside_a_supply_withdraws_energy(at in any::<Index>(), status in prop::sample::select(vec![Some(2.0), Some(4.0), Some(5.0), None])) {
        let mut run = made::power::with_gauge();
        prop_assert!(energy(&run).is_some());
        let name = if status.is_some() { "battery/status" } else { "battery/usb/online" };
        let samples = made::power::of(&mut run, name).samples.list_mut();
        let index = at.index(samples.len());
        samples[index].value = Ok(status.unwrap_or(1.0));
        prop_assert_eq!(energy(&run), None);
    }
}

fn energy(run: &Run) -> Option<f64> {
    let verdict = judge(run);
    verdict.sessions[0]
        .gates
        .iter()
        .find(|result| result.gate == Gate::JoulesPerToken)
        .and_then(|result| result.measured)
}
