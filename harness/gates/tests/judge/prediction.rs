//! Where a soak would have come to rest: devices whose network is known.

use edgesoak_gates::judge;
use edgesoak_record::prediction::{Expected, Prediction};
use edgesoak_record::session::{Note, SessionRecord};
use edgesoak_record::{Quantity, Unit, thermal_limits};

use crate::made::{Made, at as at_s, channel, present, run_of};

/// When it throttles, seconds.
const THROTTLED_S: f64 = 480.0;
/// Of its case, seconds.
const TAU_S: f64 = 340.0;
const AIR_C: f64 = 22.0;
/// What the lower rate comes to, K.
const SLOW_K: f64 = 16.6;

/// 20 tokens/s warm it by 25 K at rest, and 12 tokens/s by 16.6 K: half of the power is idle, half goes with the clock.
fn rate(t: f64) -> f64 {
    if t < THROTTLED_S { 20.0 } else { 12.0 }
}

fn celsius(t: f64) -> f64 {
    let fast = |span: f64| 25.0 * (1.0 - (-span / TAU_S).exp());
    if t < THROTTLED_S {
        return AIR_C + fast(t.max(0.0));
    }
    AIR_C + SLOW_K + (fast(THROTTLED_S) - SLOW_K) * (-(t - THROTTLED_S) / TAU_S).exp()
}

fn throttled() -> Made {
    Made { rate, celsius: Some(celsius), soak_s: 1_800.0, ..Made::default() }
}

/// The session with a thermometer in its room.
fn in_a_room(made: &Made) -> SessionRecord {
    let mut session = made.session("s01");
    let air = present(made.hertz, made.soak_s + 30.0, |_| AIR_C);
    session.channels.push(channel("ambient/room", Quantity::Ambient, Unit::Celsius, air));
    session
}

/// The session of a device that tells its trip points, and caps its clock by half when it throttles.
fn governed(made: &Made, limits: &str) -> SessionRecord {
    let mut session = in_a_room(made);
    let cap = present(made.hertz, made.soak_s + 30.0, |t| if t < THROTTLED_S { 2e9 } else { 1e9 });
    session.channels.push(channel("cpufreq/policy0/cap", Quantity::ClockCap, Unit::Hertz, cap));
    let (code, text) = (thermal_limits::NOTE.to_owned(), limits.to_owned());
    session.notes.push(Note { t: at_s(-4.0), code, text });
    session
}

/// Trip points of its one zone, and eight clocks.
fn limits(trip_c: f64, cooled: &str) -> String {
    format!(
        r#"{{"zones":[{{"source":"/made/thermal/soc","governor":"step_wise","trips":[{{"kind":"passive","celsius":{trip_c},"hysteresis_k":1.0,"cools":[{cooled}]}}]}}],
        "ladders":[{{"source":"/made/cpufreq/policy0/cap","hertz":[3e8,6e8,8e8,1e9,12e8,15e8,18e8,2e9]}}]}}"#
    )
}

fn predicted(session: SessionRecord) -> Option<Prediction> {
    judge(&run_of(vec![session])).sessions.remove(0).prediction
}

fn at(prediction: &Prediction, ambient: f64) -> Expected {
    let mut all = prediction.expected.iter();
    all.find(|expected| (expected.ambient_c - ambient).abs() < 1e-9).expect("this air").clone()
}

/// Why nothing was said.
fn cause(session: SessionRecord) -> String {
    let prediction = predicted(session).expect("a slowdown");
    assert!(prediction.expected.is_empty() && prediction.network.is_none(), "{prediction:?}");
    prediction.cause.expect("a cause")
}

#[test]
fn a_device_comes_to_rest_where_heat_and_rate_meet() {
    let prediction = predicted(in_a_room(&throttled())).expect("a prediction");
    let here = at(&prediction, AIR_C);
    let floor = here.floor_tps.expect("a floor");
    assert!((floor / 12.0 - 1.0).abs() < 0.02, "{prediction:?}");
    assert!(here.lo.is_some_and(|lo| lo < 12.0) && here.hi.is_some_and(|hi| hi > 12.0), "{here:?}");
    let rest = here.celsius.expect("a temperature");
    assert!((rest - AIR_C - SLOW_K).abs() < 0.7, "{prediction:?}");
    assert_eq!(prediction.network.expect("a network").kelvin_per_watt, None, "no power was measured");
}

#[test]
fn what_is_hotter_than_the_soak_was_is_unknown() {
    let prediction = predicted(in_a_room(&throttled())).expect("a prediction");
    let hot = at(&prediction, 40.0);
    assert_eq!((hot.floor_tps, hot.cause.as_deref()), (None, Some("hotter_than_seen")));
    assert!(prediction.sentence.contains("at 40 °C unknown"), "{}", prediction.sentence);
}

#[test]
fn what_a_soak_lacks_is_a_reason() {
    assert_eq!(cause(throttled().session("s01")), "no_ambient");
    let rate = |t: f64| if t < 120.0 { 20.0 } else { 12.0 };
    assert_eq!(cause(in_a_room(&Made { soak_s: 240.0, rate, ..throttled() })), "too_short");
    assert_eq!(cause(in_a_room(&Made { celsius: None, ..throttled() })), "no_sensor");
    assert_eq!(cause(in_a_room(&Made { celsius: Some(|_| 30.0), ..throttled() })), "no_fit");
    let unrelated = Made { celsius: Some(|t| 30.0 + 8.0 * (t / 20.0).sin()), ..throttled() };
    assert_eq!(cause(in_a_room(&unrelated)), "no_fit");
}

#[test]
fn a_device_that_neither_slows_down_nor_shows_heat_gets_no_prediction() {
    assert_eq!(predicted(Made::default().session("s01")), None);
}

#[test]
fn the_same_record_gives_the_same_prediction() {
    let twice = || predicted(in_a_room(&throttled()));
    assert_eq!(twice(), twice());
}

#[test]
fn limits_beyond_the_clocks_that_there_are_are_those_of_the_last_one() {
    let limits = limits(40.0, r#"{"kind":"cpufreq-cpu0","least":12,"most":12}"#);
    let prediction = predicted(governed(&throttled(), &limits)).expect("a prediction");
    assert_eq!(prediction.expected.len(), 4, "{prediction:?}");
}

#[test]
fn what_speaks_against_a_session_speaks_against_what_follows_from_it() {
    let made = Made { background: 0.3, ..throttled() };
    assert_eq!(cause(in_a_room(&made)), "background_cpu");
    let mut warming = throttled().session("s01");
    let air = present(2.0, 1_830.0, |t| AIR_C + 4.0 * (t / 1_800.0).max(0.0));
    warming.channels.push(channel("ambient/room", Quantity::Ambient, Unit::Celsius, air));
    assert_eq!(cause(warming), "no_ambient");
}

#[test]
fn a_slowdown_that_no_clock_shows_is_not_understood() {
    let mut session = in_a_room(&throttled());
    let cap = present(2.0, 1_830.0, |_| 2e9);
    session.channels.push(channel("cpufreq/policy0/cap", Quantity::ClockCap, Unit::Hertz, cap));
    assert_eq!(cause(session), "no_fit");
}

#[test]
fn what_a_charging_battery_gives_is_no_heat() {
    let network = |status: f64| {
        let mut session = in_a_room(&throttled());
        let end = 1_830.0;
        for (name, quantity, unit, value) in [
            ("battery/voltage", Quantity::Voltage, Unit::Volt, 4.0),
            ("battery/current", Quantity::Current, Unit::Ampere, -1.0),
            ("battery/status", Quantity::ChargeStatus, Unit::One, status),
        ] {
            session.channels.push(channel(name, quantity, unit, present(2.0, end, |_| value)));
        }
        predicted(session).and_then(|prediction| prediction.network)
    };
    assert!(network(1.0).is_some_and(|network| network.kelvin_per_watt.is_none()), "nobody knows");
}

#[test]
fn trip_points_that_hold_nothing_are_told_as_reasons() {
    let said = |trip_c: f64, kind: &str| {
        let limits = limits(trip_c, &format!(r#"{{"kind":"{kind}"}}"#));
        // Its clocks changed shortly before the end, so that it does not go on as it ran.
        let made = Made { soak_s: 700.0, ..throttled() };
        predicted(governed(&made, &limits)).expect("a prediction").sentence
    };
    let reasons = [
        (40.0, "thermal-devfreq-0", "nobody knows what one of its cooling devices takes"),
        (40.0, "gpu", "clocks were taken away at no trip point of its own"),
        (30.0, "cpufreq-cpu0", "a trip point was passed and nothing came of it"),
        (20.0, "cpufreq-cpu0", "a trip point is no warmer than the air"),
    ];
    for (trip_c, kind, reason) in reasons {
        let sentence = said(trip_c, kind);
        assert!(sentence.contains(reason), "{reason}: {sentence}");
    }
    let sound = said(40.5, "cpufreq-cpu0");
    assert!(!sound.contains(", for "), "{sound}");
}
