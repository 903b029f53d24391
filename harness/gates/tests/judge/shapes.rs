//! What a soak's rate looked like.

use edgesoak_gates::judge;
use edgesoak_record::session::{CloseState, JournalEnding};
use edgesoak_record::{Run, SoakShape};
use proptest::prelude::*;

use crate::made::Made;

/// Tokens per second at a time.
type Rate = fn(f64) -> f64;

fn shape(run: &Run) -> Option<SoakShape> {
    judge(run).sessions[0].soak_shape
}

fn of_rate(rate: Rate) -> Option<SoakShape> {
    shape(&Made { rate, jitter: 0.05, ..Made::default() }.run())
}

/// A fall by this part with this time constant, seconds.
fn fall(t: f64, part: f64, tau: f64) -> f64 {
    20.0 * (1.0 - part * (1.0 - (-t.max(0.0) / tau).exp()))
}

#[test]
fn each_course_has_its_name() {
    let cases: [(Rate, SoakShape); 9] = [
        (|_| 20.0, SoakShape::Flat),
        (|t| fall(t, 0.06, 100.0), SoakShape::Flat),
        (|t| fall(t, 0.4, 90.0), SoakShape::ThrottledSettled),
        (|t| fall(t, 0.5, 500.0), SoakShape::ThrottledUnsettled),
        (|t| if t < 150.0 { 20.0 } else { 14.0 }, SoakShape::Stepped),
        (
            |t| match t {
                t if t < 130.0 => 20.0,
                t if t < 307.0 => 14.0,
                _ => 9.4,
            },
            SoakShape::Stepped,
        ),
        (|t| if t > 120.0 && (t / 60.0).floor() % 2.0 < 0.5 { 13.0 } else { 19.0 }, SoakShape::Oscillating),
        (|t| if t > 100.0 { 15.0 + 3.0 * (t / 20.0).sin() } else { 20.0 }, SoakShape::Oscillating),
        (|t| if (200.0..400.0).contains(&t) { 12.0 } else { 20.0 }, SoakShape::Recovering),
    ];
    for (number, (rate, expected)) in cases.into_iter().enumerate() {
        assert_eq!(of_rate(rate), Some(expected), "case {number}");
    }
}

#[test]
fn a_runtime_that_died_was_killed_and_a_lost_link_tells_nothing() {
    let mut run = Made::default().run();
    let session = &mut run.sessions[0];
    let journal = session.journal.as_mut().expect("a journal");
    journal.ending = JournalEnding::Finished { reason: "runtime-died".to_owned(), detail: String::new() };
    assert_eq!(shape(&run), Some(SoakShape::Killed));
    let mut run = Made::default().run();
    let session = &mut run.sessions[0];
    session.journal.as_mut().expect("a journal").ending = JournalEnding::Torn;
    session.close.as_mut().expect("a close").state = CloseState::Interrupted;
    assert_eq!(shape(&run), None);
}

#[test]
fn a_soak_that_is_too_short_has_no_shape() {
    assert_eq!(shape(&Made { soak_s: 60.0, ..Made::default() }.run()), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn chance_alone_has_no_shape(jitter in 0.0_f64..0.2) {
        prop_assert_eq!(shape(&Made { jitter, ..Made::default() }.run()), Some(SoakShape::Flat));
    }
}
