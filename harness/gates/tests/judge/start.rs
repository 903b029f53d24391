//! What the start and the telemetry of a session must show.

use edgesoak_gates::judge;
use edgesoak_record::gate::Gate;
use edgesoak_record::meter::AmbientReading;
use edgesoak_record::plan::{Bar, ChargeWindow, DeviceSetting, StartGate};
use edgesoak_record::session::{Note, Sample};
use edgesoak_record::units::{Celsius, Kelvin, Millis, Nanos};
use edgesoak_record::verdict::Outcome;
use edgesoak_record::{Quantity, Reason, Run, Unit};

use crate::made::power::{add, of};
use crate::made::{self, Made, at};
use crate::{gate, outcome};

/// A device whose battery begins at 26.5 °C, planned to begin within 4 K of the room.
fn planned() -> Run {
    let mut run = Made { celsius: Some(|t| 41.0 + (t / 9.0).sin()), ..Made::default() }.run();
    made::replan(&mut run, |planned| {
        planned.start_gate = Some(StartGate {
            max_over_ambient: Kelvin(4.0),
            rest: Millis(600_000),
            timeout: Millis(1_800_000),
        });
    });
    add(&mut run, "temperature/battery", Quantity::Temperature, Unit::Celsius, |t| 26.5 + t.max(0.0) / 60.0);
    run
}

fn in_a_room_of(mut run: Run, celsius: f64) -> Run {
    // On the host's clock, which is 1.2 µs off; one reading failed, one comes from the soak and counts no more.
    let reading = |t: f64, celsius| AmbientReading { host_mono: at(t), celsius };
    run.sessions[0].ambient = vec![
        reading(-60.0, Ok(Celsius(celsius))),
        reading(-30.0, Err(Reason::Failed)),
        reading(-5.0, Ok(Celsius(celsius))),
        reading(300.0, Ok(Celsius(celsius + 9.0))),
    ];
    run
}

#[test]
fn a_start_near_the_rooms_temperature_passes() {
    let result = gate(&judge(&in_a_room_of(planned(), 23.0)), Gate::StartGate);
    assert_eq!(result.outcome, Outcome::Pass, "{}", result.sentence);
    assert!(
        result.sentence.contains("3.5 K over the ambient 23.0 °C by a probe of the lab, allowed are 4.0 K"),
        "{}",
        result.sentence
    );
}

#[test]
fn the_devices_own_thermometer_counts_where_no_probe_stands() {
    let with_own = |mut run: Run, celsius: f64| {
        add(&mut run, "ambient/room", Quantity::Ambient, Unit::Celsius, move |_| celsius);
        run
    };
    let result = gate(&judge(&with_own(planned(), 24.0)), Gate::StartGate);
    assert_eq!(result.outcome, Outcome::Pass, "{}", result.sentence);
    let words = "2.5 K over the ambient 24.0 °C by the device's own ambient/room, allowed are 4.0 K";
    assert!(result.sentence.contains(words), "{}", result.sentence);
    assert_eq!(outcome(&with_own(planned(), 20.0), Gate::StartGate).1, "hot_start");
    let both = in_a_room_of(with_own(planned(), 24.0), 21.0);
    assert_eq!(outcome(&both, Gate::StartGate).1, "hot_start", "the probe comes first");
    let two = with_own(with_own(planned(), 24.0), 20.0);
    assert_eq!(outcome(&two, Gate::StartGate).1, "hot_start", "the colder of two");
    assert_eq!(outcome(&with_own(planned(), 90.0), Gate::StartGate).1, "no_ambient", "no room has 90 °C");
}

/// A session near its room's temperature that was to begin between 50 and 90 %, and began at this charge.
fn charged(percent: Option<f64>) -> Run {
    let mut run = in_a_room_of(planned(), 23.0);
    made::replan(&mut run, |planned| {
        planned.device.beside.charge_window = Some(ChargeWindow { low: 50.0, high: 90.0 });
    });
    if let Some(percent) = percent {
        let level = move |t: f64| (percent - t.max(0.0) / 120.0).round();
        add(&mut run, "battery/level", Quantity::ChargeLevel, Unit::Percent, level);
    }
    run
}

#[test]
fn a_start_within_the_charge_window_passes_although_the_soak_leaves_it() {
    for percent in [50.0, 72.0, 90.0] {
        let result = gate(&judge(&charged(Some(percent))), Gate::StartGate);
        assert_eq!(result.outcome, Outcome::Pass, "{}", result.sentence);
        assert!(result.sentence.contains(&format!("with its battery at {percent} %")), "{}", result.sentence);
    }
}

#[test]
fn a_start_outside_of_the_charge_window_takes_every_figure_away() {
    for percent in [49.0, 91.0] {
        let run = charged(Some(percent));
        let result = gate(&judge(&run), Gate::StartGate);
        assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::NotProven, Some("charge_window")));
        let words = format!("began at {percent} % of charge by battery/level, planned are 50-90 %");
        assert!(result.sentence.contains(&words), "{}", result.sentence);
        assert_eq!(result.evidence[0].channel, "battery/level");
        assert_eq!(outcome(&run, Gate::BurstTps), (Outcome::NotProven, "charge_window".to_owned()));
    }
}

#[test]
fn a_charge_that_nobody_read_leaves_only_the_start_unproven() {
    let run = charged(None);
    let result = gate(&judge(&run), Gate::StartGate);
    assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::NotProven, Some("no_charge")));
    assert!(result.sentence.contains("50-90 %"), "{}", result.sentence);
    assert_eq!(outcome(&run, Gate::BurstTps).0, outcome(&in_a_room_of(planned(), 23.0), Gate::BurstTps).0);
    let mut failing = charged(Some(72.0));
    of(&mut failing, "battery/level").samples.list_mut().iter_mut().for_each(|sample| {
        sample.value = Err(Reason::Failed);
    });
    assert_eq!(outcome(&failing, Gate::StartGate).1, "no_charge");
    let mut unplanned = charged(Some(20.0));
    made::replan(&mut unplanned, |planned| planned.device.beside.charge_window = None);
    assert_eq!(
        outcome(&unplanned, Gate::StartGate).0,
        Outcome::Pass,
        "where none is planned, none is checked"
    );
}

#[test]
fn loading_the_model_is_no_hot_start() {
    let mut run = in_a_room_of(planned(), 23.0);
    let before = |sample: &&mut Sample| sample.t > at(-2.0) && sample.t <= at(0.0);
    of(&mut run, "temperature/battery").samples.list_mut().iter_mut().filter(before).for_each(|sample| {
        sample.value = Ok(27.4);
    });
    assert_eq!(outcome(&run, Gate::StartGate).0, Outcome::Pass);
}

#[test]
fn a_start_over_it_takes_every_figure_away() {
    let run = in_a_room_of(planned(), 21.0);
    let result = gate(&judge(&run), Gate::StartGate);
    assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::NotProven, Some("hot_start")));
    assert!(result.sentence.contains("5.5 K over the ambient 21.0 °C"), "{}", result.sentence);
    assert_eq!(result.evidence[0].channel, "temperature/battery");
    assert_eq!(outcome(&run, Gate::BurstTps), (Outcome::NotProven, "hot_start".to_owned()));
}

#[test]
fn what_cannot_be_compared_is_not_proven() {
    assert_eq!(outcome(&planned(), Gate::StartGate), (Outcome::NotProven, "no_ambient".to_owned()));
    let mut no_clock = in_a_room_of(planned(), 23.0);
    no_clock.sessions[0].clock_offsets.clear();
    assert_eq!(outcome(&no_clock, Gate::StartGate), (Outcome::NotProven, "no_ambient".to_owned()));
    assert_eq!(
        outcome(&in_a_room_of(planned(), 900.0), Gate::StartGate).1,
        "no_ambient",
        "no room has 900 °C"
    );
    let mut inside = in_a_room_of(planned(), 23.0);
    inside.sessions[0].channels.retain(|channel| channel.name != "temperature/battery");
    assert_eq!(outcome(&inside, Gate::StartGate), (Outcome::NotProven, "no_sensor".to_owned()));
}

#[test]
fn a_system_that_announces_heat_at_the_start_is_hot() {
    let mut run = in_a_room_of(planned(), 23.0);
    add(&mut run, "thermal/status", Quantity::ThermalStatus, Unit::One, |t| f64::from(u8::from(t < 20.0)));
    assert_eq!(outcome(&run, Gate::StartGate), (Outcome::NotProven, "hot_start".to_owned()));
    let mut later = in_a_room_of(planned(), 23.0);
    add(&mut later, "thermal/status", Quantity::ThermalStatus, Unit::One, |t| f64::from(u8::from(t > 20.0)));
    assert_eq!(outcome(&later, Gate::StartGate).0, Outcome::Pass);
}

/// When the model is loaded, before the soak.
const LOADING_S: f64 = -2.5;

#[test]
fn a_heat_status_set_by_hand_counts_until_the_plan_has_taken_it_off() {
    let announced = |is_set: bool, end: f64, is_planned: bool| {
        let mut run = in_a_room_of(planned(), 23.0);
        run.sessions[0].phases[0].begin = at(LOADING_S);
        let until_end = |t: f64| f64::from(u8::from(t < end));
        let set = if is_set { 1.0 } else { 0.0 };
        add(&mut run, "thermal/override", Quantity::Override, Unit::One, |t| set * until_end(t));
        add(&mut run, "thermal/status", Quantity::ThermalStatus, Unit::One, |t| 3.0 * until_end(t));
        // Commands are asked seldom: none is, between loading and soak.
        for name in ["thermal/override", "thermal/status"] {
            let samples = of(&mut run, name).samples.list_mut();
            samples.retain(|sample| !(LOADING_S..1.0).contains(&made::seconds(sample.t)));
        }
        if is_planned {
            let [name, value] = ["thermal-override", "off"].map(str::to_owned);
            made::replan(&mut run, |planned| {
                let setting = DeviceSetting { name: name.clone(), value: value.clone() };
                planned.device.beside.settings.push(setting);
            });
        }
        [Gate::StartGate, Gate::BurstTps].map(|gate| outcome(&run, gate))
    };
    let not_proven = |why: &str| (Outcome::NotProven, why.to_owned());
    let set_until = |end, is_planned| announced(true, end, is_planned);
    assert_eq!(set_until(LOADING_S, true).map(|(outcome, _)| outcome), [Outcome::Pass; 2]);
    assert_eq!(set_until(LOADING_S, false)[0], not_proven("hot_start"));
    assert_eq!(set_until(20.0, true)[1], not_proven("thermal_override"), "it was set again");
    let real = announced(false, LOADING_S, true);
    assert_eq!(real[0], not_proven("hot_start"), "nobody had set what the device said itself");
}

#[test]
fn a_battery_alone_says_so() {
    let mut run = planned();
    run.sessions[0].channels.retain(|channel| channel.name != "thermal/soc");
    made::replan(&mut run, |planned| {
        for gate in [Gate::Temperature, Gate::BatteryTemperature] {
            planned.route.bars.push(Bar { gate, limit: 50.0 });
        }
    });
    let result = gate(&judge(&run), Gate::Temperature);
    assert!(result.sentence.ends_with("battery temperature only."), "{}", result.sentence);
    assert!(!gate(&judge(&run), Gate::BatteryTemperature).sentence.contains("only"));
}

#[test]
fn a_command_every_ten_seconds_leaves_no_gap() {
    let mut run = Made::default().run();
    run.sessions[0].journal.as_mut().expect("a journal").group_period.push(Nanos::from_secs(10));
    add(&mut run, "battery/level", Quantity::ChargeLevel, Unit::Percent, |t| (80.0 - t / 200.0).round());
    let level = of(&mut run, "battery/level");
    level.group = 2;
    // Now and then it comes four seconds late.
    level.samples = made::present(0.1, 606.0, |_| 80.0).into();
    for (index, sample) in level.samples.list_mut().iter_mut().enumerate().filter(|(index, _)| index % 7 == 3)
    {
        *sample = Sample { t: at(-3.0 + index as f64 * 10.0 + 4.0), ..*sample };
    }
    assert_eq!(outcome(&run, Gate::DataCoverage).0, Outcome::Pass);
    assert_eq!(outcome(&run, Gate::FloorTps).0, Outcome::Pass);
    of(&mut run, "battery/level").samples.list_mut().remove(27);
    let result = gate(&judge(&run), Gate::DataCoverage);
    assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::NotProven, Some("gap")));
    assert!(result.sentence.contains("Channel battery/level has a gap of 20 s"), "{}", result.sentence);
}

/// A device near its room's temperature whose agent noted this.
fn noting(code: &str) -> Run {
    let mut run = in_a_room_of(planned(), 23.0);
    let text = "fixed-performance was on and is unreadable (denied) at the end".to_owned();
    run.sessions[0].notes.push(Note { t: at(600.0), code: code.to_owned(), text });
    run
}

#[test]
fn a_setting_that_was_never_read_back_leaves_the_start_unproven() {
    let run = noting("setting-unverified");
    assert_eq!(outcome(&run, Gate::StartGate), (Outcome::NotProven, "setting_unverified".to_owned()));
    assert_eq!(outcome(&run, Gate::BurstTps).0, outcome(&noting("other"), Gate::BurstTps).0);
    assert_eq!(outcome(&noting("setting-kept"), Gate::StartGate).0, Outcome::Pass);
}

#[test]
fn a_setting_that_may_not_have_lasted_takes_a_pass_away() {
    let gates = [Gate::BurstTps, Gate::FloorTps, Gate::SustainedTps];
    let before = noting("other");
    let passed: Vec<Gate> =
        gates.into_iter().filter(|gate| outcome(&before, *gate).0 == Outcome::Pass).collect();
    assert!(!passed.is_empty());
    for gate in passed {
        let found = outcome(&noting("setting-moved"), gate);
        assert_eq!(found, (Outcome::NotProven, "setting_moved".to_owned()));
    }
}
