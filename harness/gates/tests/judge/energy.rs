//! What may be said about energy, by what the battery itself says. Numbers worked by hand: 4 V and 1 A are 4 W, and
//! a prompt of 128 tokens takes 6.65 s, which are 0.2078 J/token.

use edgesoak_gates::judge;
use edgesoak_record::gate::Gate;
use edgesoak_record::plan::Bar;
use edgesoak_record::session::{Note, Sample, Samples};
use edgesoak_record::units::Nanos;
use edgesoak_record::verdict::{GateResult, Outcome};
use edgesoak_record::{Quantity, Reason, Run, Unit};

use crate::made::power::{self, add, ampere, of, on_battery, with_gauge};
use crate::made::{self, Made, at};
use crate::{gate, outcome};

const TRUTH: f64 = 4.0 * 6.65 / 128.0;

fn with_bar(run: &Run, limit: f64) -> Run {
    let mut run = run.clone();
    made::replan(&mut run, |planned| {
        planned.route.bars.push(Bar { gate: Gate::JoulesPerToken, limit });
    });
    run
}

fn per_token(run: &Run) -> GateResult {
    gate(&judge(run), Gate::JoulesPerToken)
}

fn not_measured(run: &Run) -> String {
    let result = per_token(&with_bar(run, 9.0));
    assert_eq!(result.outcome, Outcome::NotProven, "{}", result.sentence);
    result.cause.expect("a cause")
}

fn near(result: &GateResult, truth: f64) {
    let value = result.measured.unwrap_or_else(|| panic!("{}", result.sentence));
    assert!((value / truth - 1.0).abs() < 0.005, "{value} is not {truth}: {}", result.sentence);
}

#[test]
fn a_gauge_with_its_error_its_sign_and_its_counter() {
    let result = per_token(&with_bar(&with_gauge(), 0.25));
    near(&result, TRUTH);
    assert_eq!(result.outcome, Outcome::Pass);
    // Gain 8 %, one reading in 606, and the prior's 4.9 % between runs: 0.2078 * (1 + hypot(0.049, 0.082)).
    assert!((result.hi.expect("a bound") - 0.227_7).abs() < 5e-4, "{result:?}");
    for words in [
        "J of the battery, known to 8 % (gain 8 %, sampling 0.2 %, resolution 0.0 %)",
        "± 29 J",
        "positive discharges, says the charge counter",
    ] {
        assert!(result.sentence.contains(words), "{words}: {}", result.sentence);
    }
}

#[test]
fn one_sample_beside_a_supply_is_enough() {
    for (name, value) in [
        ("battery/status", 2.0),
        ("battery/status", 4.0),
        ("battery/status", 5.0),
        ("battery/usb/online", 1.0),
    ] {
        let mut run = with_gauge();
        let samples = of(&mut run, name).samples.list_mut();
        let sample = samples.iter_mut().find(|sample| sample.t >= at(300.0)).expect("a sample");
        sample.value = Ok(value);
        assert_eq!(not_measured(&run), "charging", "{name} {value}");
        let result = per_token(&run);
        let seen = result.evidence.first().expect("a place");
        assert_eq!((seen.channel.as_str(), seen.from_s), (name, 300.0));
        assert_eq!(outcome(&run, Gate::BurstTps), (Outcome::NotProven, "charging".to_owned()));
    }
}

#[test]
fn discharging_must_be_known_throughout() {
    let mut run = with_gauge();
    of(&mut run, "battery/usb/online").missing = Some(Reason::Denied);
    of(&mut run, "battery/usb/online").samples.list_mut().clear();
    assert_eq!(per_token(&with_bar(&run, 0.25)).outcome, Outcome::Pass, "the status alone");
    for sample in
        of(&mut run, "battery/status").samples.list_mut().iter_mut().filter(|sample| sample.t >= at(500.0))
    {
        sample.value = Ok(1.0);
    }
    assert_eq!(not_measured(&run), "no_sensor", "the status is unknown at the end");
    let mut unplugged = with_gauge();
    of(&mut unplugged, "battery/status")
        .samples
        .list_mut()
        .iter_mut()
        .for_each(|sample| sample.value = Ok(1.0));
    assert_eq!(per_token(&with_bar(&unplugged, 0.25)).outcome, Outcome::Pass, "unplugged all the time");
    add(&mut unplugged, "battery/wireless/online", Quantity::Plugged, Unit::One, |_| 0.0);
    of(&mut unplugged, "battery/wireless/online").samples.list_mut().iter_mut().for_each(|sample| {
        sample.value = Err(Reason::Denied);
    });
    assert_eq!(not_measured(&unplugged), "no_sensor", "nobody knows of the other supply");
}

#[test]
fn faked_states_make_a_run_invalid() {
    let faked = |name: &str| {
        let mut run = with_gauge();
        add(&mut run, name, Quantity::Override, Unit::One, |t| f64::from(u8::from(t > 590.0)));
        outcome(&run, Gate::FloorTps)
    };
    assert_eq!(faked("battery/faked"), (Outcome::NotProven, "battery_faked".to_owned()));
    assert_eq!(faked("thermal/override"), (Outcome::NotProven, "thermal_override".to_owned()));
    let mut cool = Made { celsius: Some(|t| 31.0 + (t / 9.0).sin()), ..Made::default() }.run();
    made::replan(&mut cool, |planned| {
        planned.route.bars.push(Bar { gate: Gate::Temperature, limit: 50.0 });
    });
    assert_eq!(outcome(&cool, Gate::Temperature).0, Outcome::Pass);
    add(&mut cool, "thermal/override", Quantity::Override, Unit::One, |_| 1.0);
    assert_eq!(outcome(&cool, Gate::Temperature), (Outcome::NotProven, "thermal_override".to_owned()));
    let mut honest = with_gauge();
    add(&mut honest, "battery/faked", Quantity::Override, Unit::One, |_| 0.0);
    assert_eq!(outcome(&honest, Gate::BurstTps).0, Outcome::Pass);
}

#[test]
fn an_exchanged_battery_makes_a_run_invalid() {
    let swapped = |quantity, unit, value: fn(f64) -> f64| {
        let mut run = on_battery();
        add(&mut run, "battery/what", quantity, unit, value);
        let result = gate(&judge(&run), Gate::BurstTps);
        (result.cause.as_deref() == Some("battery_swapped"))
            .then(|| result.evidence.last().expect("a place").to_s)
    };
    assert_eq!(
        swapped(Quantity::ChargeLevel, Unit::Percent, |t| if t < 300.0 { 22.0 } else { 96.0 }),
        Some(300.0)
    );
    assert_eq!(
        swapped(Quantity::ChargeLevel, Unit::Percent, |t| if t < 300.0 { 22.0 } else { 16.0 }),
        Some(300.0)
    );
    assert_eq!(swapped(Quantity::ChargeLevel, Unit::Percent, |t| if t < 300.0 { 22.0 } else { 17.0 }), None);
    assert_eq!(
        swapped(Quantity::ChargeLevel, Unit::Percent, |t| (60.0 - t / 30.0).round()),
        None,
        "2 % a minute"
    );
    assert_eq!(
        swapped(Quantity::ChargeCycles, Unit::One, |t| if t < 300.0 { 212.0 } else { 9.0 }),
        Some(300.0)
    );
    assert_eq!(swapped(Quantity::ChargeCycles, Unit::One, |t| if t < 300.0 { 212.0 } else { 213.0 }), None);
    let counter = |t: f64| if t < 300.0 { 1.0 } else { 3.1 };
    assert_eq!(swapped(Quantity::ChargeCounter, Unit::AmpereHour, counter), Some(300.0));
}

#[test]
fn a_pack_with_another_identity_makes_a_run_invalid() {
    let mut run = on_battery();
    let text = "another battery pack is in the device than when the session began".to_owned();
    let cause = |run: &Run| gate(&judge(run), Gate::BurstTps).cause;
    assert_ne!(cause(&run).as_deref(), Some("battery_swapped"));
    run.sessions[0].notes.push(Note { t: Nanos(0), code: "pack-swapped".to_owned(), text });
    assert_eq!(cause(&run).as_deref(), Some("battery_swapped"));
}

#[test]
fn the_sign_is_found_and_never_assumed() {
    let signed = |factor: fn(f64) -> f64| {
        let mut run = with_gauge();
        for sample in of(&mut run, "battery/current").samples.list_mut() {
            let t = made::seconds(sample.t);
            sample.value = sample.value.map(|amperes| amperes * factor(t));
        }
        run
    };
    let negative = per_token(&with_bar(&signed(|_| -1.0), 0.25));
    near(&negative, TRUTH);
    assert!(
        negative.sentence.contains("negative discharges, says the charge counter"),
        "{}",
        negative.sentence
    );
    assert_eq!(not_measured(&signed(|t| if t < 300.0 { 1.0 } else { -1.0 })), "sign_changes");
    // Ten seconds of 606 against the rest: 1.7 % flowed back.
    assert_eq!(not_measured(&signed(|t| if (100.0..110.0).contains(&t) { -1.0 } else { 1.0 })), "charging");
    let mut unknown = signed(|t| if t % 8.0 < 4.0 { 1.0 } else { -1.0 });
    of(&mut unknown, "battery/charge_counter").samples.list_mut().clear();
    assert_eq!(not_measured(&unknown), "sign_unknown");
    let mut by_status = signed(|_| -1.0);
    of(&mut by_status, "battery/charge_counter").samples.list_mut().clear();
    let by_status = per_token(&by_status);
    near(&by_status, TRUTH);
    assert!(
        by_status.sentence.contains("negative discharges, says the battery's status"),
        "{}",
        by_status.sentence
    );
}

#[test]
fn a_counter_that_is_the_level_in_disguise_is_refused() {
    let mut run = on_battery();
    let level = |t: f64| (80.0 - t / 100.0).round();
    add(&mut run, "battery/level", Quantity::ChargeLevel, Unit::Percent, level);
    add(&mut run, "battery/charge_counter", Quantity::ChargeCounter, Unit::AmpereHour, move |t| {
        level(t) * 0.04
    });
    assert_eq!(not_measured(&run), "coarse_counter", "it is all there is");
    add(&mut run, "battery/current", Quantity::Current, Unit::Ampere, ampere);
    let result = per_token(&run);
    near(&result, TRUTH);
    assert!(
        result.sentence.contains("battery/charge_counter is the level times a constant"),
        "{}",
        result.sentence
    );
}

#[test]
fn a_counter_alone_tells_energy_to_two_steps() {
    let mut run = with_gauge();
    run.sessions[0].channels.retain(|channel| channel.name != "battery/current");
    let result = per_token(&run);
    near(&result, TRUTH);
    // 168 steps of 1 mAh in 606 s.
    assert!(
        result.sentence.contains("known to 9 % (gain 8 %, sampling 0.0 %, resolution 1.2 %)"),
        "{}",
        result.sentence
    );
    let mut rising = with_gauge();
    for sample in of(&mut rising, "battery/charge_counter").samples.list_mut() {
        sample.value = sample.value.map(|charge| 6.4 - charge);
    }
    assert_eq!(not_measured(&rising), "charging", "charge flowed in, whatever the status says");
    let mut coarse = with_gauge();
    coarse.sessions[0].channels.retain(|channel| channel.name != "battery/current");
    for sample in of(&mut coarse, "battery/charge_counter").samples.list_mut() {
        sample.value = sample.value.map(|charge| (charge / 0.06).round() * 0.06);
    }
    assert_eq!(not_measured(&coarse), "coarse_counter");
}

#[test]
fn gauges_that_contradict_each_other_prove_nothing() {
    let mut run = with_gauge();
    for sample in of(&mut run, "battery/current").samples.list_mut() {
        sample.value = sample.value.map(|amperes| amperes * 1.3);
    }
    assert_eq!(not_measured(&run), "gauges_disagree");
}

#[test]
fn a_wrong_unit_is_no_measurement() {
    let mut milliamperes = with_gauge();
    for sample in of(&mut milliamperes, "battery/current").samples.list_mut() {
        sample.value = sample.value.map(|amperes| amperes * 1e3);
    }
    assert_eq!(not_measured(&milliamperes), "implausible");
    let mut counter = with_gauge();
    for sample in of(&mut counter, "battery/charge_counter").samples.list_mut() {
        sample.value = sample.value.map(|charge| charge * 1e3);
    }
    let result = per_token(&counter);
    near(&result, TRUTH);
    assert!(result.sentence.contains("battery/charge_counter read what cannot be"), "{}", result.sentence);
}

#[test]
fn a_slow_gauge_needs_support() {
    // A new reading every 20 s: 0.95 A and 1.05 A in turn.
    let slow = |t: f64| 1.0 + if t.rem_euclid(40.0) < 20.0 { 0.05 } else { -0.05 };
    let mut run = on_battery();
    add(&mut run, "battery/current", Quantity::Current, Unit::Ampere, slow);
    assert_eq!(
        per_token(&with_bar(&run, 0.24)).cause.as_deref(),
        Some("slow_gauge"),
        "15.5 % with bound too close"
    );
    let far = per_token(&with_bar(&run, 0.30));
    assert_eq!(far.outcome, Outcome::Pass, "{}", far.sentence);
    add(&mut run, "battery/charge_counter", Quantity::ChargeCounter, Unit::AmpereHour, |t| {
        ((3.2 - t / 3600.0) * 1e3).round() * 1e-3
    });
    let backed = per_token(&with_bar(&run, 0.235));
    assert_ne!(backed.cause.as_deref(), Some("slow_gauge"), "{}", backed.sentence);
}

#[test]
fn a_battery_that_is_asked_every_ten_seconds_is_no_slow_gauge() {
    let mut run = on_battery();
    run.sessions[0].journal.as_mut().expect("a journal").group_period.push(Nanos::from_secs(10));
    let end = power::end(&run);
    for name in ["battery/status", "battery/usb/online", "battery/voltage"] {
        of(&mut run, name).group = 2;
        of(&mut run, name).samples = asked(end, if name.ends_with("voltage") { 4.0 } else { 0.0 }).into();
    }
    of(&mut run, "battery/status").samples.list_mut().iter_mut().for_each(|sample| sample.value = Ok(3.0));
    let mut samples = asked(end, 1.0);
    for (index, sample) in samples.iter_mut().enumerate() {
        sample.value = Ok(if index % 2 == 0 { 1.01 } else { 0.99 });
    }
    let mut current = made::channel("battery/current", Quantity::Current, Unit::Ampere, samples);
    current.group = 2;
    run.sessions[0].channels.push(current);
    let result = per_token(&with_bar(&run, 0.24));
    near(&result, TRUTH);
    assert_ne!(result.cause.as_deref(), Some("slow_gauge"), "{}", result.sentence);
    assert!(
        result.sentence.contains("sampling 1.9 %"),
        "one of sixty, and 1 % in sixty draws: {}",
        result.sentence
    );
}

/// Read every 10.02 s, as a command is.
fn asked(end: f64, value: f64) -> Vec<Sample> {
    (0..100_u32)
        .map(|index| -3.0 + f64::from(index) * 10.02)
        .take_while(|t| *t < end)
        .map(|t| Sample { t: at(t), value: Ok(value) })
        .collect()
}

#[test]
fn rails_are_never_added_up() {
    let mut run = Made::default().run();
    add(&mut run, "power/vdd_cpu", Quantity::Power, Unit::Watt, |t| 3.0 + 0.1 * t.sin());
    let only = per_token(&run);
    near(&only, 3.0 * 6.65 / 128.0);
    assert!(only.sentence.contains("J of the rail, known to 3 %"), "{}", only.sentence);
    add(&mut run, "power/vdd_gpu", Quantity::Power, Unit::Watt, |t| 2.0 + 0.1 * t.sin());
    assert_eq!(not_measured(&run), "ambiguous_rails");
    add(&mut run, "power/vdd_in", Quantity::Power, Unit::Watt, |t| 7.0 + 0.1 * t.sin());
    let board = per_token(&run);
    near(&board, 7.0 * 6.65 / 128.0);
    assert!(board.sentence.contains("J of the board"), "{}", board.sentence);
}

#[test]
fn volts_and_amperes_of_one_rail_are_its_power() {
    let mut run = Made::default().run();
    for (rail, amperes) in [("vdd_in", 1.5), ("vdd_cpu_cv", 0.4)] {
        let named = |what: &str| format!("hwmon/ina3221/{rail}/{what}");
        let wave = move |t: f64| amperes + 0.01 * t.sin();
        add(&mut run, &named("curr"), Quantity::Current, Unit::Ampere, wave);
        add(&mut run, &named("in"), Quantity::Voltage, Unit::Volt, |_| 5.0);
    }
    add(&mut run, "hwmon/fan_chip/power1/power", Quantity::Power, Unit::Watt, |t| 1.2 + 0.1 * t.sin());
    let board = per_token(&run);
    near(&board, 7.5 * 6.65 / 128.0);
    assert_eq!(board.evidence[0].channel, "hwmon/ina3221/vdd_in/curr");
}

#[test]
fn two_batteries_tell_nothing() {
    let mut run = with_gauge();
    add(&mut run, "battery/bat0/level", Quantity::ChargeLevel, Unit::Percent, |_| 71.0);
    assert_eq!(per_token(&with_bar(&run, 0.25)).outcome, Outcome::Pass, "one of them");
    add(&mut run, "battery/bat1/level", Quantity::ChargeLevel, Unit::Percent, |_| 80.0);
    assert_eq!(not_measured(&run), "two_batteries");
}

#[test]
fn without_idling_less_is_left_and_known_less_well() {
    let mut run = Made::default().run();
    let end = power::end(&run);
    power::rest(&mut run);
    let samples =
        made::present(2.0, end + power::REST_S, |t| if t < end { 8.0 } else { 2.0 } + 0.01 * t.sin());
    run.sessions[0].channels.push(made::channel("power/vdd_in", Quantity::Power, Unit::Watt, samples));
    let result = per_token(&run);
    near(&result, 8.0 * 6.65 / 128.0);
    // 8 W less 2 W; 3.2 % of 10 W are 5.3 % of the 6 W that are left.
    assert!(
        result.sentence.contains("without 2.00 W of idling 0.312 J/token, known to 5 %"),
        "{}",
        result.sentence
    );
}

#[test]
fn a_package_that_nobody_may_read_is_not_left_out_of_the_sum() {
    let mut run = Made::default().run();
    for package in ["rapl/package-0", "rapl/package-1"] {
        add(&mut run, package, Quantity::Energy, Unit::Joule, |t| 50_000.0 + 10.0 * t);
    }
    let whole = outcome(&run, Gate::JoulesPerToken);
    assert_ne!(whole.1, "no_sensor");
    let denied = of(&mut run, "rapl/package-1");
    (denied.missing, denied.samples) = (Some(Reason::Denied), Samples::new());
    assert_eq!(outcome(&run, Gate::JoulesPerToken), (Outcome::NotProven, "no_sensor".to_owned()));
}
