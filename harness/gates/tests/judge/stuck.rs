//! Sensors that stop in the middle of a soak, and sensors that only look like it.

use edgesoak_gates::judge;
use edgesoak_record::gate::Gate;
use edgesoak_record::plan::Bar;
use edgesoak_record::verdict::Outcome;
use edgesoak_record::{Quantity, Reason, Run, Unit};
use proptest::prelude::*;

use crate::made::{self, Made, channel, present};
use crate::{gate, outcome};

/// A run of a device that works by a current that changes all the time, with these temperatures over time.
fn run_of(sensors: &[(&str, &dyn Fn(f64) -> f64)]) -> Run {
    let mut run = Made::default().run();
    made::replan(&mut run, |planned| {
        planned.device.hardware_heat = true;
        planned.route.bars.push(Bar { gate: Gate::Temperature, limit: 90.0 });
    });
    let channels = &mut run.sessions[0].channels;
    channels.retain(|channel| channel.quantity != Quantity::Temperature);
    for (name, celsius) in sensors {
        channels.push(channel(name, Quantity::Temperature, Unit::Celsius, present(2.0, 606.0, celsius)));
    }
    let current = present(2.0, 606.0, |t| -1.0 + 0.1 * (t * 1.3).sin());
    channels.push(channel("battery/current", Quantity::Current, Unit::Ampere, current));
    run
}

/// A device that warms by three poles while prompts come and go, read in steps of this size.
fn warming(t: f64, ripple: f64, step: f64) -> f64 {
    let t = t.max(0.0);
    let rise = |kelvin: f64, tau: f64| kelvin * (1.0 - (-t / tau).exp());
    let celsius = 23.0 + rise(9.0, 4.0) + rise(6.0, 60.0) + rise(8.0, 320.0) + ripple * (t / 2.1).sin();
    (celsius / step).round() * step
}

#[test]
fn a_sensor_that_stops_takes_passes_away_and_says_when() {
    let good = run_of(&[("thermal/soc", &|t| warming(t, 0.3, 0.001))]);
    assert_eq!(outcome(&good, Gate::Temperature).0, Outcome::Pass);
    let stuck = run_of(&[
        ("thermal/skin", &|t| warming(t, 0.0, 0.1)),
        ("thermal/soc", &|t| warming(t.min(300.0), 0.3, 0.001)),
    ]);
    let result = gate(&judge(&stuck), Gate::Temperature);
    assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::NotProven, Some("stuck_sensor")));
    assert!(result.sentence.contains("thermal/soc moved until 300 s"), "{}", result.sentence);
    let seen = result.evidence.last().expect("a place to look at");
    assert_eq!(seen.channel, "thermal/soc");
    assert!((seen.from_s - 300.0).abs() < 1.0 && seen.to_s > 599.0, "{seen:?}");
    assert_eq!(outcome(&stuck, Gate::FloorTps), (Outcome::NotProven, "stuck_sensor".to_owned()));
}

#[test]
fn a_sensor_that_stands_for_a_while_and_goes_on_was_stuck_too() {
    let pause = |t: f64| if (200.0..380.0).contains(&t) { 200.0 } else { t };
    let run = run_of(&[("thermal/soc", &|t| warming(pause(t), 0.3, 0.01))]);
    assert_eq!(outcome(&run, Gate::Temperature), (Outcome::NotProven, "stuck_sensor".to_owned()));
}

#[test]
fn a_broken_bar_stays_broken() {
    let mut run = run_of(&[("thermal/soc", &|t| warming(t.min(300.0), 0.3, 0.001))]);
    made::replan(&mut run, |planned| {
        planned.route.bars.push(Bar { gate: Gate::BatteryTemperature, limit: 30.0 });
    });
    let hot = channel(
        "battery/temperature",
        Quantity::Temperature,
        Unit::Celsius,
        present(2.0, 606.0, |t| warming(t.min(300.0), 0.0, 0.1)),
    );
    run.sessions[0].channels.push(hot);
    assert_eq!(outcome(&run, Gate::BatteryTemperature).0, Outcome::Fail);
}

#[test]
fn standing_still_is_not_being_stuck() {
    let pass = |what: &str, celsius: &dyn Fn(f64) -> f64| {
        let run = run_of(&[("thermal/soc", celsius), ("thermal/skin", &|t| warming(t, 0.2, 0.001))]);
        assert_eq!(outcome(&run, Gate::Temperature).0, Outcome::Pass, "{what}");
    };
    pass("comes to rest", &|t: f64| ((40.0 - 15.0 * (-t.max(0.0) / 6.0).exp()) / 0.01).round() * 0.01);
    pass("comes to rest in whole degrees", &|t: f64| (40.0 - 15.0 * (-t.max(0.0) / 3.0).exp()).round());
    pass("wavers between two steps, then stands", &|t: f64| {
        if t < 250.0 { 40.0 + (t / 3.0).sin().round() } else { 40.0 }
    });
    pass("counts in whole degrees", &|t: f64| warming(t, 0.4, 1.0));
    pass("is read once a minute", &|t: f64| warming((t / 60.0).floor() * 60.0, 0.3, 0.1));
}

#[test]
fn nobody_knows_of_a_sensor_that_stops_when_nothing_drives_it() {
    let mut run = run_of(&[("thermal/soc", &|t| warming(t.min(300.0), 0.3, 0.001))]);
    let channels = &mut run.sessions[0].channels;
    channels.retain(|channel| channel.quantity != Quantity::Current);
    assert_eq!(outcome(&run, Gate::Temperature).0, Outcome::Pass);
}

#[test]
fn a_hole_in_the_readings_is_no_standing_still() {
    let mut run = run_of(&[("thermal/soc", &|t| warming(t.min(300.0), 0.3, 0.001))]);
    let channels = &mut run.sessions[0].channels;
    let soc = channels.iter_mut().find(|channel| channel.name == "thermal/soc").expect("the sensor");
    for sample in soc.samples.list_mut().iter_mut().skip(580).take(40) {
        sample.value = Err(Reason::Failed);
    }
    assert_ne!(outcome(&run, Gate::Temperature).1, "stuck_sensor");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn healthy_sensors_of_any_resolution_are_let_alone(
        ripple in 0.0..1.5_f64,
        step in prop_oneof![Just(0.001), Just(0.01), Just(0.1), Just(0.25), Just(0.5), Just(1.0)],
        shift in 0.0..1.0_f64,
    ) {
        let run = run_of(&[("thermal/soc", &|t| warming(t, ripple, step) + (shift / step).round() * step)]);
        prop_assert_ne!(outcome(&run, Gate::Temperature).1, "stuck_sensor");
        prop_assert_ne!(outcome(&run, Gate::FloorTps).1, "stuck_sensor");
    }

    #[test]
    fn fine_sensors_that_stop_are_found_at_any_moment(
        ripple in 0.2..1.5_f64,
        // Coarser ones stand for a while at each turn of the ripple, and one that stops there has slowed down first.
        step in prop_oneof![Just(0.001), Just(0.01)],
        from in 30.0..400.0_f64,
    ) {
        let run = run_of(&[("thermal/soc", &|t| warming(t.min(from), ripple, step))]);
        prop_assert_eq!(outcome(&run, Gate::Temperature).1, "stuck_sensor");
    }
}
