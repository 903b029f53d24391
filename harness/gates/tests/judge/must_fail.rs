//! Every gate with one made-up run that it must not let through. Shortfalls of the lab are `NotProven` with their
//! cause; broken promises of the product are `Fail`.

use edgesoak_gates::judge;
use edgesoak_record::gate::Gate;
use edgesoak_record::plan::{Bar, SourceFile};
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::session::{JournalEnding, Sample, VerifiedFile};
use edgesoak_record::slowdown::Grade;
use edgesoak_record::units::{Bytes, Nanos};
use edgesoak_record::verdict::Outcome;
use edgesoak_record::{Quantity, Reason, Run, Unit};

use crate::made::{self, Made, at, channel, present};
use crate::{gate, outcome};

fn with_bar(mut run: Run, gate: Gate, limit: f64) -> Run {
    made::replan(&mut run, |planned| planned.route.bars.push(Bar { gate, limit }));
    run
}

fn samples<'a>(run: &'a mut Run, name: &str) -> &'a mut Vec<Sample> {
    let channels = &mut run.sessions[0].channels;
    channels.iter_mut().find(|channel| channel.name == name).expect("a channel").samples.list_mut()
}

fn assert_all_fail(mut run: Run, bars: &[(Gate, f64)]) {
    for (gate, limit) in bars {
        run = with_bar(run, *gate, *limit);
    }
    let verdict = judge(&run);
    for (of, _) in bars {
        let result = gate(&verdict, *of);
        assert_eq!(result.outcome, Outcome::Fail, "{of}: {}", result.sentence);
    }
}

/// A family with hardware heat and a sensor that reads this.
fn warm(celsius: fn(f64) -> f64) -> Run {
    Made { celsius: Some(celsius), ..Made::default() }.run()
}

#[test]
fn rates() {
    let throttling = || Made { rate: |t| if t < 150.0 { 20.0 } else { 12.0 }, ..Made::default() }.run();
    assert_eq!(outcome(&throttling(), Gate::SustainedTps).0, Outcome::Fail);
    assert_eq!(outcome(&throttling(), Gate::FloorTps).0, Outcome::Fail);
    assert_eq!(outcome(&Made { rate: |_| 12.0, ..Made::default() }.run(), Gate::BurstTps).0, Outcome::Fail);
    assert_all_fail(
        throttling(),
        &[
            (Gate::PeakTps, 25.0),
            (Gate::WorstMinuteTps, 15.0),
            (Gate::Last30sTps, 15.0),
            (Gate::Retention, 0.8),
            (Gate::ThrottleDepth, 0.2),
            (Gate::TimeToThrottle, 300.0),
            (Gate::TimeTo90, 300.0),
            (Gate::TimeTo75, 300.0),
            (Gate::ItemsPerSecond, 0.5),
        ],
    );
}

#[test]
fn a_soak_too_short_for_a_time_is_no_proof_of_it() {
    let run = with_bar(Made { soak_s: 100.0, ..Made::default() }.run(), Gate::TimeToThrottle, 300.0);
    assert_eq!(outcome(&run, Gate::TimeToThrottle), (Outcome::NotProven, "too_short".to_owned()));
}

#[test]
fn latencies() {
    assert_all_fail(
        Made { prefill_s: 1.5, ..Made::default() }.run(),
        &[
            (Gate::TtftP50, 1000.0),
            (Gate::TtftP90, 1000.0),
            (Gate::TtftP99, 1000.0),
            (Gate::TtftP95, 1000.0),
            (Gate::ItlP50, 40.0),
            (Gate::ItlP90, 40.0),
            (Gate::ItlP95, 40.0),
            (Gate::ItlP99, 40.0),
            (Gate::E2eP50, 5000.0),
            (Gate::E2eP95, 5000.0),
        ],
    );
    let one = Made { prefill_s: 1.5, soak_s: 5.0, ..Made::default() }.run();
    assert_eq!(outcome(&one, Gate::TtftP95).0, Outcome::Fail, "a p95 can fail from the first prompt on");
}

#[test]
fn batched_callbacks_hide_the_time_between_tokens() {
    let mut run = Made { tokens: 512, rate: |_| 80.0, ..Made::default() }.run();
    for prompt in &mut run.sessions[0].prompts {
        prompt.token_times = prompt.token_times.iter().step_by(4).copied().collect();
        prompt.tokens_per_stamp = 4;
        prompt.engine_decode = prompt.token_times.last().map(|last| last.since(prompt.token_times[0]));
    }
    let run = with_bar(run, Gate::ItlP95, 100.0);
    assert_eq!(outcome(&run, Gate::ItlP95), (Outcome::NotProven, "batched_tokens".to_owned()));
    let burst = gate(&judge(&run), Gate::BurstTps).measured.expect("a rate");
    assert!((burst - 80.0).abs() < 0.4, "the rate counts tokens, not callbacks: {burst}");
}

#[test]
fn an_engine_that_reports_tokens_in_fours_can_pass() {
    // One token, then sixty-three callbacks of four, then the three that are left of 256.
    let mut run = Made { tokens: 256, rate: |_| 80.0, ..Made::default() }.run();
    for prompt in &mut run.sessions[0].prompts {
        let mut kept: Vec<_> = prompt.token_times.iter().step_by(4).copied().collect();
        kept.extend(prompt.token_times.last());
        prompt.token_times = kept;
        prompt.tokens_per_stamp = 4;
    }
    let run = with_bar(run, Gate::BurstTps, 60.0);
    assert_eq!(outcome(&run, Gate::BurstTps).0, Outcome::Pass, "{:?}", gate(&judge(&run), Gate::BurstTps));
}

#[test]
fn an_answer_that_ends_within_a_callback_has_the_tokens_that_it_has() {
    // One token, sixteen, and the one that was left; others were longer.
    let mut run = Made { tokens: 18, prefill_s: 0.05, rate: |_| 80.0, ..Made::default() }.run();
    for prompt in run.sessions[0].prompts.iter_mut().filter(|prompt| prompt.token_times.len() == 18) {
        let times = &prompt.token_times;
        prompt.token_times = vec![times[0], times[16], times[17]];
        (prompt.tokens_per_stamp, prompt.decoded_tokens) = (16, Some(18));
        prompt.finish = Some("eos".to_owned());
    }
    made::replan(&mut run, |planned| planned.workload.output_tokens = 512);
    let burst = gate(&judge(&run), Gate::BurstTps).measured.expect("a rate");
    assert!((burst - 80.0).abs() < 0.4, "{burst}");
}

#[test]
fn stalls_and_duty() {
    let run = with_bar(Made { stalls: vec![(101.0, 3.0)], ..Made::default() }.run(), Gate::Stalls, 0.0);
    assert_eq!(outcome(&run, Gate::Stalls).0, Outcome::Fail);
    let idle = Made { think_s: 1.0, ..Made::default() }.run();
    assert_eq!(outcome(&idle, Gate::DutyCycle), (Outcome::NotProven, "duty_cycle".to_owned()));
    assert_eq!(outcome(&idle, Gate::BurstTps).0, Outcome::NotProven, "an idle soak takes every pass away");
    assert_eq!(outcome(&with_bar(idle, Gate::DutyCycle, 0.98), Gate::DutyCycle).0, Outcome::Fail);
}

#[test]
fn memory() {
    assert_eq!(outcome(&Made { leak: 3.0, ..Made::default() }.run(), Gate::MemoryGrowth).0, Outcome::Fail);
    let mut run = Made::default().run();
    made::replan(&mut run, |planned| planned.device.memory_budget = Some(Bytes(300 << 20)));
    assert_eq!(outcome(&run, Gate::MemoryPeak).0, Outcome::Fail);
    let mut unread = Made::default().run();
    for sample in samples(&mut unread, "runtime/swap") {
        sample.value = Err(Reason::Denied);
    }
    assert_eq!(outcome(&unread, Gate::MemoryGrowth), (Outcome::NotProven, "no_sensor".to_owned()));
}

#[test]
fn heat() {
    let hot = with_bar(warm(|t| 30.0 + t / 20.0), Gate::Temperature, 50.0);
    assert_eq!(outcome(&hot, Gate::Temperature).0, Outcome::Fail);
    let stuck = with_bar(warm(|_| 31.0), Gate::Temperature, 50.0);
    assert_eq!(outcome(&stuck, Gate::Temperature), (Outcome::NotProven, "stuck_sensor".to_owned()));
    let cool = with_bar(warm(|t| 31.0 + (t / 9.0).sin()), Gate::Temperature, 50.0);
    assert_eq!(outcome(&cool, Gate::Temperature).0, Outcome::Pass);
    for (reason, want) in [(Reason::Failed, Outcome::NotProven), (Reason::Offline, Outcome::Pass)] {
        let mut lost = cool.clone();
        let mut readings = present(2.0, 606.0, |t| 40.0 + t / 60.0);
        for sample in readings.iter_mut().skip(400) {
            sample.value = Err(reason);
        }
        let second = channel("hwmon/gpu/edge", Quantity::Temperature, Unit::Celsius, readings);
        lost.sessions[0].channels.push(second);
        assert_eq!(outcome(&lost, Gate::Temperature).0, want, "{reason}");
    }
    let result = gate(&judge(&with_bar(Made::default().run(), Gate::Temperature, 50.0)), Gate::Temperature);
    assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::NotProven, Some("no_sensor")));
    assert!(result.sentence.contains("no thermal sensor that can be read: /sys/class/thermal: absent"));
    let mut battery = with_bar(Made::default().run(), Gate::BatteryTemperature, 45.0);
    let readings = present(2.0, 606.0, |t| 40.0 + t / 60.0);
    let sensor = channel("battery/BAT0/temperature", Quantity::Temperature, Unit::Celsius, readings);
    battery.sessions[0].channels.push(sensor);
    made::replan(&mut battery, |planned| planned.device.hardware_heat = true);
    assert_eq!(outcome(&battery, Gate::BatteryTemperature).0, Outcome::Fail);
}

#[test]
fn heat_of_a_family_that_declares_none_is_unchecked() {
    let mut run = with_bar(warm(|t| 30.0 + t / 20.0), Gate::Temperature, 90.0);
    made::replan(&mut run, |planned| planned.device.hardware_heat = false);
    assert_eq!(outcome(&run, Gate::Temperature), (Outcome::NotProven, "unchecked".to_owned()));
    let start = gate(&judge(&Made::default().run()), Gate::StartGate);
    assert_eq!((start.outcome, start.cause.as_deref()), (Outcome::NotProven, Some("unchecked")));
    assert!(start.sentence.contains("/sys/class/thermal: absent"), "{}", start.sentence);
}

#[test]
fn a_device_that_still_heats_up_has_not_shown_its_floor() {
    let heating = warm(|t| 30.0 + t / 60.0);
    assert_eq!(outcome(&heating, Gate::FloorTps), (Outcome::NotProven, "not_settled".to_owned()));
    let settled = warm(|t| 40.0 - 10.0 * (-t / 60.0).exp() + 0.1 * (t / 7.0).sin());
    assert_eq!(outcome(&settled, Gate::FloorTps).0, Outcome::Pass);
    assert_eq!(outcome(&warm(|_| 31.0), Gate::FloorTps), (Outcome::NotProven, "stuck_sensor".to_owned()));
}

#[test]
fn a_family_may_demand_evidence_for_its_floor() {
    let mut run = warm(|t| 40.0 + 0.2 * (1.7 * t).sin());
    assert_eq!(outcome(&run, Gate::FloorTps).0, Outcome::Pass);
    made::replan(&mut run, |planned| planned.device.evidence = Some("B".to_owned()));
    assert_eq!(outcome(&run, Gate::FloorTps), (Outcome::NotProven, "evidence_grade".to_owned()));
    let clock = |name| channel(name, Quantity::ClockCurrent, Unit::Hertz, present(2.0, 606.0, |_| 2e9));
    run.sessions[0].channels.push(clock("gpu/clock"));
    let words = "the clock of a part that does not decode tells nothing";
    assert_eq!(outcome(&run, Gate::FloorTps).0, Outcome::NotProven, "{words}");
    run.sessions[0].channels.push(clock("cpufreq/policy0/cur"));
    assert_eq!(outcome(&run, Gate::FloorTps).0, Outcome::Pass);
}

#[test]
fn a_tier_says_what_a_family_owes_whatever_the_family_says() {
    let mut run = with_bar(warm(|t| 40.0 + 0.2 * (1.7 * t).sin()), Gate::TimeToThrottle, 100.0);
    let owe = |run: &mut Run, least| {
        run.plan.policy.evidence = vec![OwedEvidence { family: "host".to_owned(), least }];
    };
    made::replan(&mut run, |planned| planned.device.evidence = Some("A".to_owned()));
    owe(&mut run, Grade::C);
    for gate in [Gate::FloorTps, Gate::SustainedTps, Gate::TimeToThrottle] {
        assert_eq!(outcome(&run, gate).0, Outcome::Pass, "a thermometer is grade C");
    }
    owe(&mut run, Grade::B);
    for gate in [Gate::FloorTps, Gate::SustainedTps, Gate::TimeToThrottle] {
        assert_eq!(outcome(&run, gate), (Outcome::NotProven, "evidence_grade".to_owned()));
    }
    assert_eq!(outcome(&run, Gate::BurstTps).0, Outcome::Pass, "a cold rate is no claim about heat");
    let slow = Made { rate: |_| 12.0, celsius: Some(|t| 40.0 + 0.2 * (1.7 * t).sin()), ..Made::default() };
    let mut slow = slow.run();
    owe(&mut slow, Grade::A);
    assert_eq!(outcome(&slow, Gate::FloorTps).0, Outcome::Fail, "a loss needs no evidence of its cause");
}

#[test]
fn a_hot_or_charging_start_takes_every_figure_away() {
    let mut run = warm(|t| 31.0 + (t / 9.0).sin());
    let state = channel("cooling/cpu", Quantity::CoolingState, Unit::One, present(2.0, 606.0, |_| 2.0));
    run.sessions[0].channels.push(state);
    assert_eq!(outcome(&run, Gate::StartGate), (Outcome::NotProven, "hot_start".to_owned()));
    assert_eq!(outcome(&run, Gate::FloorTps), (Outcome::NotProven, "hot_start".to_owned()));
    let mut plugged = Made::default().run();
    made::replan(&mut plugged, |planned| planned.device.power = "battery".to_owned());
    let online = channel("supply/usb/online", Quantity::Plugged, Unit::One, present(2.0, 606.0, |_| 1.0));
    plugged.sessions[0].channels.push(online);
    assert_eq!(outcome(&plugged, Gate::StartGate), (Outcome::NotProven, "charging".to_owned()));
    assert_eq!(outcome(&plugged, Gate::BurstTps), (Outcome::NotProven, "charging".to_owned()));
}

#[test]
fn every_picture_is_held_against_its_own_digest() {
    let photo = |letter: &str| letter.repeat(64);
    let pictured = |found: &[&str]| {
        let mut run = Made::default().run();
        made::replan(&mut run, |planned| {
            let image =
                |letter| SourceFile { path: format!("{letter}.jpg"), sha256: photo(letter), bytes: 9 };
            planned.workload.images = ["a", "b"].map(image).to_vec();
        });
        let verified =
            |letter: &&str| VerifiedFile { what: "image".to_owned(), sha256: photo(letter), bytes: 9 };
        run.sessions[0].verified.extend(found.iter().map(verified));
        outcome(&run, Gate::Artifact)
    };
    assert_eq!(pictured(&["b", "a"]).0, Outcome::Pass, "two different pictures are two files");
    assert_eq!(pictured(&["a", "a"]), (Outcome::NotProven, "not_verified".to_owned()), "one was not seen");
    assert_eq!(pictured(&["a", "c"]), (Outcome::Fail, "artifact".to_owned()));
}

#[test]
fn files_and_placement() {
    let mut wrong = Made::default().run();
    wrong.sessions[0].verified[1].sha256 = "c".repeat(64);
    assert_eq!(outcome(&wrong, Gate::Artifact).0, Outcome::Fail);
    let mut nobody = Made::default().run();
    nobody.sessions[0].verified.clear();
    assert_eq!(outcome(&nobody, Gate::Artifact), (Outcome::NotProven, "not_verified".to_owned()));
    let mut fallback = Made::default().run();
    made::replan(&mut fallback, |planned| planned.candidate.placement = "gpu".to_owned());
    let result = gate(&judge(&fallback), Gate::Placement);
    assert_eq!(result.outcome, Outcome::Fail);
    assert!(result.sentence.contains("fell back to the cpu: 0 % of it"), "{}", result.sentence);
    let placed = fallback.sessions[0].placement.as_mut().expect("a placement");
    placed.actual[0].device = "cpu\u{1b}[2J".to_owned();
    let told = gate(&judge(&fallback), Gate::Placement).sentence;
    assert!(!told.contains(char::is_control), "a runtime's words reach a terminal: {told:?}");
    fallback.sessions[0].placement.as_mut().expect("a placement").confidence = "unknown".to_owned();
    assert_eq!(outcome(&fallback, Gate::Placement).0, Outcome::Fail, "an accelerator needs evidence");
    let mut unknown = Made::default().run();
    unknown.sessions[0].placement = None;
    assert_eq!(outcome(&unknown, Gate::Placement), (Outcome::NotProven, "placement_unknown".to_owned()));
}

#[test]
fn a_journal_with_an_end_but_without_its_last_prompts_is_not_whole() {
    let mut run = Made::default().run();
    run.sessions[0].prompts.pop();
    let prompts = run.sessions[0].prompts.len();
    assert_eq!(outcome(&run, Gate::Journal), (Outcome::NotProven, "incomplete".to_owned()));
    assert_eq!(outcome(&run, Gate::FloorTps), (Outcome::NotProven, "incomplete".to_owned()));
    let mut hole = Made::default().run();
    hole.sessions[0].prompts.remove(prompts / 2);
    assert_eq!(outcome(&hole, Gate::Journal).1, "incomplete");
    let mut torn = Made::default().run();
    torn.sessions[0].journal.as_mut().expect("a journal").ending = JournalEnding::Torn;
    assert_eq!(outcome(&torn, Gate::Journal).1, "journal_torn");
}

#[test]
fn telemetry_with_holes() {
    let mut gap = Made::default().run();
    samples(&mut gap, "load/1min").retain(|sample| !(200.0..206.0).contains(&made::seconds(sample.t)));
    assert_eq!(outcome(&gap, Gate::DataCoverage), (Outcome::NotProven, "gap".to_owned()));
    assert_eq!(outcome(&gap, Gate::FloorTps), (Outcome::NotProven, "gap".to_owned()));
    let mut thin = Made::default().run();
    let mut count = 0;
    for channel in &mut thin.sessions[0].channels {
        channel.samples.list_mut().retain(|_| {
            count += 1;
            count % 8 != 0
        });
    }
    assert_eq!(outcome(&thin, Gate::DataCoverage).0, Outcome::NotProven);
    let mut unreadable = Made::default().run();
    made::replan(&mut unreadable, |planned| planned.device.expect.push("temperature".to_owned()));
    assert_eq!(outcome(&unreadable, Gate::DataCoverage), (Outcome::NotProven, "no_sensor".to_owned()));
    assert_eq!(outcome(&unreadable, Gate::BurstTps).0, Outcome::Pass, "rates do not need that sensor");
    let mut none = Made::default().run();
    none.sessions[0].channels.clear();
    assert_eq!(outcome(&none, Gate::DataCoverage), (Outcome::NotProven, "no_telemetry".to_owned()));
}

#[test]
fn clocks() {
    let mut slept = Made::default().run();
    slept.sessions[0].clock_offsets[1].suspended = Nanos::from_secs(40);
    assert_eq!(outcome(&slept, Gate::Clocks), (Outcome::NotProven, "suspended".to_owned()));
    assert_eq!(outcome(&slept, Gate::FloorTps), (Outcome::NotProven, "suspended".to_owned()));
    let mut jumped = Made::default().run();
    jumped.sessions[0].clock_offsets[1].offset_ns = 5_000_000_000;
    assert_eq!(outcome(&jumped, Gate::Clocks), (Outcome::NotProven, "clock_jump".to_owned()));
    // What a jump leaves out looks like a hole, and is none.
    samples(&mut jumped, "load/1min").retain(|sample| !(200.0..206.0).contains(&made::seconds(sample.t)));
    assert_eq!(outcome(&jumped, Gate::DataCoverage), (Outcome::NotProven, "clock_jump".to_owned()));
    let mut falling = Made::default().run();
    falling.sessions[0].prompts[5].token_times[9] = at(1.0);
    assert_eq!(outcome(&falling, Gate::Clocks), (Outcome::NotProven, "clock_jump".to_owned()));
    assert_eq!(outcome(&falling, Gate::FloorTps), (Outcome::NotProven, "clock_jump".to_owned()));
    let mut unknown = Made::default().run();
    unknown.sessions[0].clock_offsets.clear();
    assert_eq!(outcome(&unknown, Gate::Clocks), (Outcome::NotProven, "no_clock_offsets".to_owned()));
}

#[test]
fn other_processes() {
    let busy = Made { background: 0.12, ..Made::default() }.run();
    let result = gate(&judge(&busy), Gate::BackgroundCpu);
    assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::NotProven, Some("background_cpu")));
    assert!((result.measured.expect("a share") - 0.12).abs() < 0.002);
    assert_eq!(outcome(&busy, Gate::FloorTps), (Outcome::NotProven, "background_cpu".to_owned()));
    let slow = Made { background: 0.12, rate: |_| 9.0, ..Made::default() }.run();
    assert_eq!(outcome(&slow, Gate::FloorTps).0, Outcome::NotProven, "someone else may have slowed it down");
    let mut taken_back = Made { background: 0.12, ..Made::default() }.run();
    for sample in samples(&mut taken_back, "cpu/iowait").iter_mut().skip(600) {
        sample.value = sample.value.map(|seconds| seconds - 0.01);
    }
    assert_eq!(outcome(&taken_back, Gate::FloorTps), (Outcome::NotProven, "background_cpu".to_owned()));
    let mut unread = Made::default().run();
    samples(&mut unread, "cpu/user").clear();
    assert_eq!(outcome(&unread, Gate::BackgroundCpu), (Outcome::NotProven, "no_sensor".to_owned()));
}

#[test]
fn the_engines_own_clock() {
    let mut run = Made::default().run();
    for prompt in &mut run.sessions[0].prompts {
        prompt.engine_decode = prompt.engine_decode.map(|time| Nanos(time.0 * 97 / 100));
    }
    assert_eq!(outcome(&run, Gate::TimestampAgreement).0, Outcome::NotProven);
    assert_eq!(outcome(&run, Gate::FloorTps), (Outcome::NotProven, "timestamps_disagree".to_owned()));
}

#[test]
fn energy() {
    let mut run = with_bar(Made::default().run(), Gate::TokensPerJoule, 3.0);
    assert_eq!(outcome(&run, Gate::TokensPerJoule), (Outcome::NotProven, "no_sensor".to_owned()));
    let joules = present(2.0, 606.0, |t| 8.0 * (t + 10.0));
    run.sessions[0].channels.push(channel("rapl/package-0", Quantity::Energy, Unit::Joule, joules));
    let result = gate(&judge(&run), Gate::TokensPerJoule);
    // 128 tokens in 6.65 s at 8 W.
    assert!((result.measured.expect("a figure") - 128.0 / 6.65 / 8.0).abs() < 0.02, "{result:?}");
    assert_eq!(result.outcome, Outcome::Fail);
    let mut charging = with_bar(Made::default().run(), Gate::JoulesPerToken, 3.0);
    made::replan(&mut charging, |planned| planned.device.power = "battery".to_owned());
    let watts = present(2.0, 606.0, |t| 4.0 + 0.1 * t.sin());
    let status = present(2.0, 606.0, |_| 2.0);
    let channels = &mut charging.sessions[0].channels;
    channels.push(channel("battery/BAT0/power", Quantity::Power, Unit::Watt, watts));
    channels.push(channel("battery/BAT0/status", Quantity::ChargeStatus, Unit::One, status));
    assert_eq!(outcome(&charging, Gate::JoulesPerToken), (Outcome::NotProven, "charging".to_owned()));
}

#[test]
fn a_gauge_tells_energy_only_while_its_battery_is_known_to_discharge() {
    let of_status = |code: Option<f64>| {
        let mut run = with_bar(Made::default().run(), Gate::JoulesPerToken, 3.0);
        made::replan(&mut run, |planned| planned.device.power = "battery".to_owned());
        let channels = &mut run.sessions[0].channels;
        let watts = present(2.0, 606.0, |t| 4.0 + 0.1 * t.sin());
        channels.push(channel("battery/BAT0/power", Quantity::Power, Unit::Watt, watts));
        if let Some(code) = code {
            let status = present(2.0, 606.0, |_| code);
            channels.push(channel("battery/BAT0/status", Quantity::ChargeStatus, Unit::One, status));
        }
        outcome(&run, Gate::JoulesPerToken)
    };
    assert_eq!(of_status(Some(3.0)).0, Outcome::Pass, "4 W at 19 tokens/s are 0.2 J/token");
    for supplied in [2.0, 4.0, 5.0] {
        assert_eq!(of_status(Some(supplied)), (Outcome::NotProven, "charging".to_owned()));
    }
    assert_eq!(of_status(Some(1.0)), (Outcome::NotProven, "no_sensor".to_owned()), "the status is unknown");
    assert_eq!(of_status(None), (Outcome::NotProven, "no_sensor".to_owned()));
}

#[test]
fn what_this_version_cannot_judge_is_never_green() {
    for waiting in [Gate::Quality, Gate::FalseAnswers, Gate::Regression] {
        let run = with_bar(Made::default().run(), waiting, 0.9);
        assert_eq!(outcome(&run, waiting), (Outcome::NotProven, "not_run".to_owned()));
    }
}
