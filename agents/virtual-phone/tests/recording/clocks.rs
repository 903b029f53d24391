//! Clocks that a fault moves.

use edgesoak_protocol::journal::{FinishReason, Frame};

use crate::made::{Made, OPENED, Read};

fn missed(read: &Read) -> u32 {
    let gaps = read.frames().filter_map(|frame| match frame {
        Frame::Gap { group: 0, missed_ticks } => Some(*missed_ticks),
        _ => None,
    });
    gaps.sum()
}

/// The longest time between two ticks of a channel, seconds.
fn longest_gap(read: &Read) -> f64 {
    let samples = read.channel("cpu/user");
    samples.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(0.0, f64::max)
}

#[test]
fn sleep_shows_in_the_clock_that_goes_on_and_in_nothing_else() {
    let (awake, slept) = (Made::soak(60).read(), Made::soak(60).with_faults(&["suspend@20s:90s"]).read());
    let beyond = |read: &Read| read.recorded.boottime.0 - read.recorded.mono.0;
    assert_eq!(beyond(&awake), 7_000_000_000, "what it had slept before");
    assert_eq!(beyond(&slept), 97_000_000_000);
    assert_eq!(slept.recorded.took.0 - (slept.recorded.mono.0 - OPENED.0), 90_000_000_000);
    assert_eq!(missed(&slept), 0);
    assert!(longest_gap(&slept) < 0.11);
}

#[test]
fn a_jump_forward_misses_ticks_and_says_so() {
    let read = Made::soak(60).with_faults(&["clock-jump@20s:5s"]).read();
    assert!((49..=50).contains(&missed(&read)), "{} ticks", missed(&read));
    assert!((5.0..5.2).contains(&longest_gap(&read)));
    assert!(matches!(read.last(), Frame::Finished { reason: FinishReason::Completed, .. }));
    let moved = read.recorded.mono.0 - OPENED.0 - read.recorded.took.0;
    assert_eq!(moved, 5_000_000_000);
}

#[test]
fn a_clock_that_goes_back_makes_a_liar_of_the_runtime() {
    let read = Made::soak(60).with_faults(&["clock-jump@20s:-5s"]).read();
    let Frame::Finished { reason, detail } = read.last() else { panic!("no end") };
    assert_eq!(*reason, FinishReason::RuntimeFailed);
    assert!(
        detail.starts_with("the runner: it claims a token ") && detail.contains(" ns before"),
        "{detail}"
    );
    assert!(read.entries.windows(2).all(|pair| pair[0].t_mono_ns <= pair[1].t_mono_ns));
}

#[test]
fn telemetry_that_is_dropped_is_counted_when_it_returns() {
    let read = Made::soak(60).with_faults(&["dropped-telemetry@20s:10s"]).read();
    assert!((99..=100).contains(&missed(&read)), "{} ticks", missed(&read));
    assert!((10.0..10.2).contains(&longest_gap(&read)));
    let counted = read.frames().filter_map(|frame| match frame {
        Frame::Overhead { missed_ticks, .. } => Some(*missed_ticks),
        _ => None,
    });
    assert!(counted.last().expect("told at the end") >= missed(&read));
}
