//! Sessions that another program measured: what rates say is said, what they cannot say is not proven.

use edgesoak_gates::{judge, judge_sessions};
use edgesoak_record::gate::Gate;
use edgesoak_record::import::{EnergySum, ImportedFact, RateWindows};
use edgesoak_record::plan::SourceFile;
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::session::Sample;
use edgesoak_record::slowdown::Grade;
use edgesoak_record::units::{Millis, Nanos};
use edgesoak_record::verdict::{Outcome, Verdict};
use edgesoak_record::{Import, Quantity, Reason, Run, Unit};

use crate::made::{self, Made};
use crate::{gate, measured, outcome};

/// What a file holds.
struct File {
    quantity: Quantity,
    /// Length of each window, if they have one; and time from one to the next, seconds.
    windows: (Option<u64>, u64),
    is_timed: bool,
    rates: Vec<f64>,
    energy: Option<EnergySum>,
    /// Whether it has telemetry beside its rates.
    telemetry: bool,
}

impl Default for File {
    fn default() -> Self {
        let energy =
            EnergySum { microjoules: 1_200_000_000, over: Some(Nanos::from_secs(600)), tokens: Some(12_000) };
        Self {
            quantity: Quantity::DecodeRate,
            windows: (Some(5), 1),
            is_timed: true,
            rates: vec![20.0; 601],
            energy: Some(energy),
            telemetry: false,
        }
    }
}

impl File {
    /// A run of one session that was imported from it. Rates below zero are missing.
    fn run(&self) -> Run {
        let mut session =
            Made { celsius: Some(|t| 40.0 + 0.1 * (t / 7.0).sin()), ..Made::default() }.session("s01");
        let (length, step) = self.windows;
        let first = u64::from(length == Some(step) || length.is_none());
        let sample = |(k, rate): (usize, &f64)| {
            let t = made::at((k as u64 + first) as f64 * step as f64);
            Sample { t, value: if *rate < 0.0 { Err(Reason::Absent) } else { Ok(*rate) } }
        };
        let samples: Vec<Sample> = self.rates.iter().enumerate().map(sample).collect();
        let last = samples.last().map_or(made::at(0.0), |sample| sample.t);
        if !self.telemetry {
            session.channels.clear();
        }
        session.channels.retain(|channel| channel.quantity != Quantity::CpuTime);
        session.channels.push(made::channel("rates", self.quantity, Unit::PerSecond, samples));
        session.prompts.clear();
        (session.runtime, session.placement) = (None, None);
        session.verified.clear();
        session.overheads.clear();
        session.clock_offsets.clear();
        session.phases.truncate(3);
        session.journal.as_mut().expect("a journal").last = last;
        session.imported = Some(Import {
            format: "made-up".to_owned(),
            file: SourceFile { path: "export.jsonl".to_owned(), sha256: "ab".repeat(32), bytes: 9 },
            line: 1,
            zero: made::at(0.0),
            rates: Some(RateWindows { length: length.map(Nanos::from_secs), is_timed: self.is_timed }),
            energy: self.energy,
            facts: Vec::new(),
        });
        let mut run = made::run_of(vec![session]);
        made::replan(&mut run, |planned| planned.route.bars.retain(|bar| bar.gate == Gate::FloorTps));
        run
    }
}

#[test]
fn figures_of_a_falling_rate_are_those_of_the_definitions() {
    // 50 tokens/s, from 100 s on 30, and 20 in the last minute.
    let rate = |k: u32| match k {
        0..100 => 50.0,
        100..541 => 30.0,
        _ => 20.0,
    };
    let run = File { rates: (0..=600).map(rate).collect(), ..File::default() }.run();
    for (figure, expected) in [
        (Gate::PeakTps, 50.0),
        (Gate::BurstTps, 50.0),
        (Gate::TimeTo90, 100.0),
        (Gate::TimeTo75, 100.0),
        (Gate::Last30sTps, 20.0),
        (Gate::WorstMinuteTps, 20.0),
        (Gate::JoulesPerToken, 0.1),
        (Gate::Stalls, 0.0),
        (Gate::DutyCycle, 1.0),
    ] {
        assert!((measured(&run, figure) - expected).abs() < 1e-6, "{figure}: {}", measured(&run, figure));
    }
    // Two minutes at 30 and one at 20.
    assert!((measured(&run, Gate::SustainedTps) - 80.0 / 3.0).abs() < 0.2);
    assert!(gate(&judge(&run), Gate::PeakTps).sentence.contains("by the file's rates over 5.0 s each"));
}

#[test]
fn an_imported_session_owes_no_more_than_a_file_can_show() {
    let owing = |telemetry| {
        let mut run = File { telemetry, ..File::default() }.run();
        run.plan.policy.evidence = vec![OwedEvidence { family: "host".to_owned(), least: Grade::A }];
        outcome(&run, Gate::FloorTps)
    };
    assert_eq!(owing(true).0, Outcome::Pass, "a temperature is a sign of heat");
    assert_eq!(owing(false).0, Outcome::NotProven, "and without any nothing is known of it");
}

#[test]
fn a_workload_that_nobody_knows_is_that_of_its_file_alone() {
    let setup = |digest: &str, told: Option<&str>, version: Option<&str>| {
        let mut run = File::default().run();
        let imported = run.sessions[0].imported.as_mut().expect("a file");
        imported.file.sha256 = digest.repeat(32);
        let fact = |about: &str, text: &str| ImportedFact { about: about.to_owned(), text: text.to_owned() };
        imported.facts = version.map(|text| fact("system version", text)).into_iter().collect();
        imported.facts.push(fact("workload as told", "the file's own lie"));
        *imported = imported.clone().told_workload(told);
        judge_sessions(&run)[0].trial().trial.setup.clone()
    };
    assert_eq!(setup("ab", None, None).workload, setup("ab", None, None).workload);
    assert_ne!(setup("ab", None, None).workload, setup("cd", None, None).workload);
    assert_eq!(setup("ab", Some("soak"), None).workload, setup("cd", Some("soak"), None).workload);
    assert_ne!(setup("ab", Some("soak"), None).workload, setup("ab", Some("chat"), None).workload);
    assert_eq!(setup("ab", None, Some("26.1 (23B85)")).os_build.as_deref(), Some("26.1 (23B85)"));
    assert_eq!(setup("ab", None, None).os_build, None);
}

#[test]
fn nothing_that_nobody_watched_is_passed_and_the_session_is_marked() {
    let verdict = judge(&File::default().run());
    let session = &verdict.sessions[0];
    assert!(session.is_imported && session.sentence.contains("(imported)"), "{}", session.sentence);
    assert_eq!(verdict.verdict, Verdict::NotProven);
    for owed in
        [Gate::Artifact, Gate::Placement, Gate::Privacy, Gate::RuntimeAlive, Gate::Journal, Gate::Clocks]
    {
        let result = gate(&verdict, owed);
        assert_eq!(
            (result.outcome, result.cause.as_deref()),
            (Outcome::NotProven, Some("imported")),
            "{owed}"
        );
    }
    for result in &session.gates {
        assert_ne!(result.outcome, Outcome::Pass, "{}", result.sentence);
        let lacks = result.outcome == Outcome::NotProven;
        assert!(!lacks || result.cause.is_some(), "{}", result.sentence);
        assert!(result.measured.is_none_or(f64::is_finite));
    }
    let pauses = gate(&verdict, Gate::DutyCycle);
    assert_eq!((pauses.measured, pauses.cause.as_deref()), (Some(1.0), Some("rate_series")));
    assert!(
        verdict.next_actions.iter().all(|action| !action.contains("edgesoak run")),
        "{:?}",
        verdict.next_actions
    );
}

#[test]
fn with_telemetry_a_floor_is_proven_as_for_every_other_session() {
    let run = File { telemetry: true, ..File::default() }.run();
    assert_eq!(
        outcome(&run, Gate::FloorTps),
        (Outcome::Pass, String::new()),
        "{}",
        gate(&judge(&run), Gate::FloorTps).sentence
    );
    let slow = File { telemetry: true, rates: vec![10.0; 601], ..File::default() }.run();
    assert_eq!(outcome(&slow, Gate::FloorTps).0, Outcome::Fail);
    // Longer than the file is no promise of the route.
    let mut short = File { telemetry: true, ..File::default() }.run();
    made::replan(&mut short, |planned| planned.workload.duration = Millis(1_800_000));
    assert_eq!(outcome(&short, Gate::FloorTps), (Outcome::NotProven, "incomplete".to_owned()));
}

#[test]
fn windows_without_a_token_are_stalls_and_idle_time() {
    let rate = |k: u32| if (200..300).contains(&k) { 0.0 } else { 20.0 };
    let run = File { telemetry: true, rates: (0..=600).map(rate).collect(), ..File::default() }.run();
    let verdict = judge(&run);
    assert_eq!(gate(&verdict, Gate::Stalls).measured, Some(1.0));
    assert!(gate(&verdict, Gate::DutyCycle).measured.expect("a share") < 0.85);
    assert_eq!(outcome(&run, Gate::FloorTps).0, Outcome::NotProven, "what rests is no soak");
    let fall = gate(&verdict, Gate::TimeTo90);
    assert!(fall.measured.is_none() && fall.lo == Some(600.0), "a rest is no fall: {}", fall.sentence);
    let sustained = gate(&verdict, Gate::SustainedTps).measured.expect("the last minutes were busy");
    assert!((sustained - 20.0).abs() < 1e-6, "idle time is not slow time: {sustained}");
}

#[test]
fn a_second_without_a_token_is_no_stall_of_a_slow_engine() {
    // One token every second and a half, as an engine counts them second by second; then three seconds of nothing.
    let rate = |k: usize| if k % 3 == 2 || (300..303).contains(&k) { 0.0 } else { 1.0 };
    let windows = (Some(1), 1);
    let run = File { windows, rates: (0..600).map(rate).collect(), ..File::default() }.run();
    assert_eq!(gate(&judge(&run), Gate::Stalls).measured, Some(1.0));
}

#[test]
fn missing_rates_are_not_rates_of_zero() {
    let rate = |k: u32| if (200..300).contains(&k) { -1.0 } else { 20.0 };
    let run = File { rates: (0..=600).map(rate).collect(), ..File::default() }.run();
    assert!((measured(&run, Gate::Stalls)).abs() < 1e-9, "nobody knows whether it stalled");
    assert!(measured(&run, Gate::DutyCycle) < 0.85, "and nobody saw it work");
}

#[test]
fn long_windows_say_what_they_can() {
    let windows = (Some(60), 60);
    let run = File { windows, rates: vec![20.0; 10], telemetry: true, ..File::default() }.run();
    for fine in [Gate::PeakTps, Gate::BurstTps, Gate::TimeTo90, Gate::Last30sTps, Gate::TimeToThrottle] {
        let result = gate(&judge(&run), fine);
        assert_eq!(
            (result.cause.as_deref(), result.measured),
            (Some("too_coarse"), None),
            "{}",
            result.sentence
        );
    }
    assert!((measured(&run, Gate::FloorTps) - 20.0).abs() < 1e-6);
    assert!((measured(&run, Gate::SustainedTps) - 20.0).abs() < 1e-6);
    assert_eq!(outcome(&run, Gate::FloorTps).0, Outcome::NotProven, "one window has no spread");
}

#[test]
fn whole_items_are_no_tokens() {
    let run = File { quantity: Quantity::ItemRate, energy: None, ..File::default() }.run();
    let verdict = judge(&run);
    assert!((measured(&run, Gate::ItemsPerSecond) - 20.0).abs() < 1e-6);
    assert!((measured(&run, Gate::Retention) - 1.0).abs() < 1e-6, "a ratio has no unit");
    for of_tokens in [Gate::FloorTps, Gate::SustainedTps, Gate::PeakTps] {
        let result = gate(&verdict, of_tokens);
        assert_eq!(
            (result.cause.as_deref(), result.measured),
            (Some("no_tokens"), None),
            "{}",
            result.sentence
        );
        assert!(result.sentence.contains("20"), "for information: {}", result.sentence);
    }
}

#[test]
fn repetitions_without_times_prove_neither() {
    for rate in [20.0, 5.0] {
        let file = File { windows: (None, 4), is_timed: false, rates: vec![rate; 150], ..File::default() };
        let run = File { telemetry: true, ..file }.run();
        let floor = gate(&judge(&run), Gate::FloorTps);
        assert_eq!((floor.outcome, floor.measured), (Outcome::NotProven, Some(rate)), "{}", floor.sentence);
        assert_eq!(outcome(&run, Gate::DutyCycle).1, "no_wall_times");
    }
}

#[test]
fn a_sum_of_energy_is_a_figure_and_no_proof() {
    let mut run = File::default().run();
    assert!((measured(&run, Gate::JoulesPerToken) - 0.1).abs() < 1e-9);
    assert_eq!(outcome(&run, Gate::JoulesPerToken).0, Outcome::Info);
    made::replan(&mut run, |planned| {
        planned.route.bars = vec![edgesoak_record::plan::Bar { gate: Gate::JoulesPerToken, limit: 5.0 }];
    });
    assert_eq!(outcome(&run, Gate::JoulesPerToken), (Outcome::NotProven, "energy_unverified".to_owned()));
    let sum = EnergySum { microjoules: 1_000_000, over: None, tokens: None };
    let unknown = File { energy: Some(sum), ..File::default() }.run();
    assert_eq!(outcome(&unknown, Gate::TokensPerJoule), (Outcome::NotProven, "no_tokens".to_owned()));
}

#[test]
fn rates_that_cannot_be_are_not_judged() {
    for (rates, cause) in
        [(vec![0.0; 100], "no_tokens"), (vec![1e9; 100], "implausible"), (vec![-1.0; 9], "no_tokens")]
    {
        let run = File { rates, ..File::default() }.run();
        assert_eq!(outcome(&run, Gate::FloorTps), (Outcome::NotProven, cause.to_owned()));
    }
}
