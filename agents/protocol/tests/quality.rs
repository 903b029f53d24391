//! What watched readings tell of a sensor, on made-up batteries.

use edgesoak_protocol::Quantity;
use edgesoak_protocol::quality::{
    Companions, Convention, Doubt, Found, Sign, SignFound, doubts, of, sign, sign_by_counter, sign_by_status,
};
use proptest::prelude::*;

/// A battery of 4 Ah at 80 % that gives `amperes(t)`, read once a second: (current, counter in steps of 1 mAh).
fn battery(seconds: u32, amperes: impl Fn(f64) -> f64) -> [Vec<(f64, f64)>; 2] {
    let (mut current, mut counter) = (Vec::new(), Vec::new());
    let mut charge = 3.2;
    for t in (0..seconds).map(f64::from) {
        charge -= amperes(t) / 3600.0;
        current.push((t, amperes(t)));
        counter.push((t, (charge * 1e3).round() * 1e-3));
    }
    [current, counter]
}

fn signed(readings: &[(f64, f64)], factor: f64) -> Vec<(f64, f64)> {
    readings.iter().map(|(t, value)| (*t, value * factor)).collect()
}

const fn by_counter(convention: Convention) -> SignFound {
    SignFound::Clear(Sign { convention, found: Found::ChargeCounter })
}

#[test]
fn the_counter_tells_the_sign() {
    // 1 A draws 1 mAh every 3.6 s: 30 s hold 8 steps.
    let [out, counter] = battery(30, |_| 1.0);
    assert_eq!(sign_by_counter(&out, &counter), Some(by_counter(Convention::OutOfBattery)));
    assert_eq!(sign_by_counter(&signed(&out, -1.0), &counter), Some(by_counter(Convention::IntoBattery)));
    let [charging, rising] = battery(30, |_| -1.0);
    assert_eq!(sign_by_counter(&charging, &rising), Some(by_counter(Convention::OutOfBattery)));
}

#[test]
fn a_few_steps_tell_nothing() {
    let [out, counter] = battery(15, |_| 1.0);
    assert_eq!(sign_by_counter(&out, &counter), None, "four steps, three of them since a step");
    assert_eq!(sign_by_counter(&out, &[]), None);
    assert_eq!(sign_by_counter(&[], &counter), None);
    assert_eq!(sign_by_counter(&signed(&out, 0.0), &counter), None, "a current of zero has no sign");
}

#[test]
fn magnitudes_beside_a_counter_that_turns_are_unsigned() {
    let [both, counter] = battery(240, |t| if t < 120.0 { 1.0 } else { -1.0 });
    let magnitudes: Vec<_> = both.iter().map(|(t, amperes)| (*t, amperes.abs())).collect();
    assert_eq!(sign_by_counter(&magnitudes, &counter), Some(by_counter(Convention::Unsigned)));
    assert_eq!(sign_by_counter(&both, &counter), Some(by_counter(Convention::OutOfBattery)));
}

#[test]
fn a_sign_that_turns_while_the_counter_does_not_is_a_doubt() {
    let [out, counter] = battery(240, |_| 1.0);
    let turning: Vec<_> =
        out.iter().map(|(t, value)| (*t, if *t < 120.0 { *value } else { -value })).collect();
    assert_eq!(sign_by_counter(&turning, &counter), Some(SignFound::Changes));
    let beside = Companions { charge_counter: &counter, ..Companions::default() };
    assert_eq!(doubts(Quantity::Current, &turning, &beside), [Doubt::SignChanges]);
    assert_eq!(of(Quantity::Current, &turning, &beside).sign, None);
}

#[test]
fn the_status_tells_it_where_the_counter_does_not() {
    let current = |value: f64| (0..20).map(|t| (f64::from(t), value)).collect::<Vec<_>>();
    let status = |code: f64| [(-1.0, code)];
    let found = |convention| Some(Sign { convention, found: Found::Status });
    assert_eq!(sign_by_status(&current(0.4), &status(3.0)), found(Convention::OutOfBattery));
    assert_eq!(sign_by_status(&current(-0.4), &status(3.0)), found(Convention::IntoBattery));
    assert_eq!(sign_by_status(&current(0.4), &status(2.0)), found(Convention::IntoBattery));
    assert_eq!(sign_by_status(&current(-0.4), &status(2.0)), found(Convention::OutOfBattery));
    assert_eq!(sign_by_status(&current(0.4), &[(-1.0, 3.0), (10.0, 2.0)]), found(Convention::Unsigned));
    for silent in [1.0, 4.0, 5.0] {
        assert_eq!(sign_by_status(&current(0.4), &status(silent)), None, "{silent}");
    }
    assert_eq!(sign_by_status(&current(0.4)[..9], &status(3.0)), None);
    // The counter outranks a status that lies: charging, and yet it falls.
    let [out, counter] = battery(60, |_| 1.0);
    assert_eq!(sign(&out, &counter, &status(2.0)), Some(by_counter(Convention::OutOfBattery)));
    assert_eq!(sign(&out, &[], &status(3.0)).map(|_| ()), Some(()));
}

#[test]
fn one_channel_with_everything_that_can_be_said() {
    let [out, counter] = battery(120, |t| 1.0 + 0.001 * (t % 7.0).floor());
    let level: Vec<_> = counter.iter().map(|(t, charge)| (*t, (charge / 4.0 * 100.0).round())).collect();
    let beside = Companions { charge_counter: &counter, level: &level, status: &[], others_moved: true };
    let quality = of(Quantity::Current, &out, &beside);
    assert!((quality.resolution.expect("steps") - 0.001).abs() < 1e-9);
    assert!((quality.refresh_s.expect("changes") - 1.0).abs() < 1e-9);
    assert_eq!(quality.sign.map(|sign| sign.convention), Some(Convention::OutOfBattery));
    assert_eq!(quality.doubts, []);
    assert_eq!(of(Quantity::ChargeCounter, &counter, &beside).doubts, []);
}

#[test]
fn doubts_by_hand() {
    let still: Vec<_> = (0..121).map(|t| (f64::from(t), 31.0)).collect();
    let awake = Companions { others_moved: true, ..Companions::default() };
    assert_eq!(doubts(Quantity::Temperature, &still, &awake), [Doubt::Constant]);
    assert_eq!(doubts(Quantity::Temperature, &still[..120], &awake), [], "a second short of two minutes");
    assert_eq!(doubts(Quantity::Temperature, &still, &Companions::default()), [], "the device slept");
    assert_eq!(doubts(Quantity::ChargeLevel, &still, &awake), [], "a level stands still for minutes");
    assert_eq!(doubts(Quantity::Voltage, &[(0.0, 4.1), (1.0, 4_100.0)], &awake), [Doubt::Implausible]);
    let level: Vec<_> = (0..40).map(|i| (f64::from(i) * 10.0, f64::from(80 - i / 10))).collect();
    let counter = signed(&level, 0.041_5);
    let beside = Companions { level: &level, ..awake };
    assert_eq!(doubts(Quantity::ChargeCounter, &counter, &beside), [Doubt::PercentTimesConstant]);
}

proptest! {
    #[test]
    fn turning_every_reading_round_turns_the_sign(amperes in 0.3_f64..4.0, seconds in 60_u32..200) {
        let [out, counter] = battery(seconds, |_| amperes);
        prop_assert_eq!(sign_by_counter(&out, &counter), Some(by_counter(Convention::OutOfBattery)));
        prop_assert_eq!(sign_by_counter(&signed(&out, -1.0), &counter), Some(by_counter(Convention::IntoBattery)));
    }

    #[test]
    fn whatever_is_read_nothing_panics(
        readings in prop::collection::vec((-1e3_f64..1e3, prop::num::f64::ANY), 0..40),
        other in prop::collection::vec((-1e3_f64..1e3, prop::num::f64::ANY), 0..40),
        which in 0..Quantity::ALL.len(),
    ) {
        let beside = Companions { charge_counter: &other, level: &other, status: &other, others_moved: true };
        let quality = of(Quantity::ALL[which], &readings, &beside);
        prop_assert!(quality.resolution.is_none_or(|step| step > 0.0));
    }
}
