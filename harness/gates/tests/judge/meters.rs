//! External meters: they outrank what a device says of itself, once their clocks agree with its load.

use edgesoak_gates::judge;
use edgesoak_record::Run;
use edgesoak_record::gate::Gate;
use edgesoak_record::lab::MeterScope;
use edgesoak_record::meter::{MeterTrace, PowerReading};
use edgesoak_record::session::ClockOffset;
use edgesoak_record::units::{Nanos, Ratio, Watts};
use edgesoak_record::verdict::{GateResult, Outcome};
use proptest::prelude::*;

use crate::gate;
use crate::made::Made;
use crate::made::power::{end, metered, rest, with_gauge};

fn per_token(run: &Run) -> GateResult {
    gate(&judge(run), Gate::JoulesPerToken)
}

/// A device on mains behind a meter that reads 5 W under load and 1.5 W at rest, `late` by this.
fn behind_a_meter(late: f64) -> Run {
    let mut run = Made::default().run();
    rest(&mut run);
    let end = end(&run);
    metered(&mut run, MeterScope::Wall, late, move |t| if (0.0..end).contains(&t) { 5.0 } else { 1.5 });
    run
}

#[test]
fn a_meter_is_brought_to_the_devices_time() {
    let result = per_token(&behind_a_meter(0.0));
    // 5 W for 6.65 s per 128 tokens; read seven seconds off, rest would be counted as load.
    assert!((result.measured.expect("a figure") / (5.0 * 6.65 / 128.0) - 1.0).abs() < 0.002, "{result:?}");
    for words in ["J of the wall, known to 1 % (gain 1 %", "follows the load to", "without 1.50 W of idling"]
    {
        assert!(result.sentence.contains(words), "{words}: {}", result.sentence);
    }
    assert_eq!(result.evidence[0].channel, "bench");
}

#[test]
fn a_claimed_gain_takes_the_place_of_the_default() {
    let mut run = behind_a_meter(0.0);
    run.sessions[0].meters[0].gain_error = Some(Ratio(0.04));
    let result = per_token(&run);
    assert!(result.sentence.contains("known to 4 % (gain 4 %"), "{}", result.sentence);
    run.sessions[0].meters[0].gain_error = Some(Ratio(f64::NAN));
    assert!(per_token(&run).sentence.contains("(gain 1 %"), "a claim that is no number is none");
}

#[test]
fn a_meter_that_is_late_by_800_ms_is_not_used() {
    for late in [1.2, -1.2, 2.5] {
        let result = per_token(&behind_a_meter(late));
        assert_eq!((result.outcome, result.cause.as_deref()), (Outcome::NotProven, Some("meter_misaligned")));
        // Edges tell a lag to a tenth of a second.
        let told = format!("meter bench is {:.0} ms off", late * 1e3);
        assert!(result.sentence.contains(&told), "{told}: {}", result.sentence);
    }
    for late in [0.6, -0.6] {
        assert!(per_token(&behind_a_meter(late)).measured.is_some(), "{late}");
    }
}

#[test]
fn clocks_that_were_compared_badly_misalign_a_meter_too() {
    let mut run = behind_a_meter(0.0);
    run.sessions[0].clock_offsets[1].uncertainty_ns = 900_000_000;
    let result = per_token(&run);
    assert_eq!(result.cause.as_deref(), Some("meter_misaligned"));
    assert!(result.sentence.contains("with clocks compared to 900 ms"), "{}", result.sentence);
    run.sessions[0].clock_offsets.clear();
    assert_eq!(per_token(&run).cause.as_deref(), Some("no_clock_offsets"));
}

#[test]
fn a_meter_at_another_device_is_not_used() {
    let mut run = Made::default().run();
    metered(&mut run, MeterScope::Wall, 0.0, |t| 4.0 + (t / 3.0).sin());
    assert_eq!(per_token(&run).cause.as_deref(), Some("meter_unrelated"));
}

#[test]
fn a_meter_without_a_rest_in_sight_is_used_and_says_so() {
    let mut run = behind_a_meter(0.0);
    let end = end(&run);
    let last = run.sessions[0].meters[0].readings.len();
    // Readings begin at -40 s, ten a second.
    let keep = ((end + 40.0) * 10.0).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousand")]
    run.sessions[0].meters[0].readings.truncate((keep as usize).min(last));
    let result = per_token(&run);
    assert!(
        result.sentence.contains("saw no rest that its clock could be checked by"),
        "{}",
        result.sentence
    );
}

#[test]
fn a_meter_outranks_the_gauge_and_the_gauge_stands_in_for_it() {
    let metered_at = |late: f64| {
        let mut run = with_gauge();
        let end = end(&run);
        metered(
            &mut run,
            MeterScope::Battery,
            late,
            move |t| if (0.0..end).contains(&t) { 4.2 } else { 1.0 },
        );
        per_token(&run)
    };
    let good = metered_at(0.0);
    assert!((good.measured.expect("a figure") / (4.2 * 6.65 / 128.0) - 1.0).abs() < 0.002, "{good:?}");
    assert_eq!(good.evidence[0].channel, "bench");
    let late = metered_at(2.0);
    assert!((late.measured.expect("a figure") / (4.0 * 6.65 / 128.0) - 1.0).abs() < 0.002, "{late:?}");
    assert_eq!(late.evidence[0].channel, "battery/current");
    assert!(late.sentence.contains("meter bench is 2000 ms off"), "{}", late.sentence);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_meter_says_nothing_panics_and_no_figure_is_endless(
        readings in prop::collection::vec((any::<u64>(), prop::num::f64::ANY), 0..60),
        offsets in prop::collection::vec((any::<u64>(), any::<i64>(), any::<u64>()), 0..4),
        gain in prop::num::f64::ANY,
    ) {
        let mut run = Made { soak_s: 30.0, ..Made::default() }.run();
        let session = &mut run.sessions[0];
        session.clock_offsets = offsets.into_iter().map(|(host, offset_ns, uncertainty_ns)| ClockOffset {
            host_mono: Nanos(host), offset_ns, uncertainty_ns, suspended: Nanos(0),
        }).collect();
        let readings = readings.into_iter().map(|(t, watts)| PowerReading { host_mono: Nanos(t), watts: Ok(Watts(watts)) });
        session.meters = vec![MeterTrace {
            name: "m".to_owned(), scope: MeterScope::Board, gain_error: Some(Ratio(gain)), readings: readings.collect(),
        }];
        let result = per_token(&run);
        prop_assert!(result.measured.is_none_or(f64::is_finite));
        prop_assert!(result.outcome == Outcome::NotProven, "{}", result.sentence);
    }

    #[test]
    fn a_lag_is_refused_from_800_ms_on_and_used_below(late in -2.9_f64..2.9) {
        // Edges tell a lag to a tenth of a second.
        prop_assume!((late.abs() - 0.8).abs() > 0.1);
        let result = per_token(&behind_a_meter(late));
        prop_assert_eq!(result.measured.is_some(), late.abs() < 0.8, "{}: {}", late, result.sentence);
    }
}
