use edgesoak_protocol::units::Nanos;

use super::{Engine, Event, Observer, Segment};
use crate::body::Body;
use crate::student::student;
use crate::{Accelerator, Candidate, Load, Profile, Surroundings};

#[derive(Default)]
struct Log {
    events: Vec<(u64, Event)>,
    segments: Vec<Segment>,
}

impl Observer for Log {
    fn event(&mut self, at: Nanos, event: Event) {
        self.events.push((at.0, event));
    }

    fn segment(&mut self, segment: Segment) {
        self.segments.push(segment);
    }
}

fn candidate() -> Candidate {
    Candidate { output_tokens: 40, ..student() }
}

fn body() -> Body {
    let profile = Profile::built_in("sm6115-scanner").expect("a profile of ours");
    Body::new(&profile, 3, Surroundings::ROOM).expect("a body")
}

#[test]
fn a_token_lasts_as_long_as_the_clocks_say() {
    let candidate = candidate();
    let mut engine = Engine::new(body(), &candidate).expect("an engine");
    let speed = engine.body_mut().rates(&Load::Prefill(&candidate)).expect("a speed");
    let mut log = Log::default();
    engine.run_until(Nanos::from_secs(8), &mut log);
    let times: Vec<u64> = log
        .events
        .iter()
        .filter(|(_, event)| matches!(event, Event::Token { prompt: 0, .. }))
        .map(|(at, _)| *at)
        .collect();
    // No governor acts within the first seconds: the clocks are those of the start.
    let expected = |index: u32| {
        let read = candidate.prompt_tokens;
        let decoded: f64 = (1..=index).map(|out| speed.token_s(read + out)).sum();
        f64::from(read) * speed.prefill_s + decoded
    };
    assert_eq!(times.len(), 40);
    for (index, at) in (0..).zip(&times) {
        let error_ns = *at as f64 - expected(index) * 1e9;
        // Each control tick in between cuts a token and rounds nothing but the end of the prefill.
        assert!(error_ns.abs() <= 2.0, "token {index} is {error_ns} ns off");
    }
}

#[test]
fn how_the_time_is_cut_changes_nothing() {
    let candidate = candidate();
    let mut whole = Engine::new(body(), &candidate).expect("an engine");
    let mut cut = whole.clone();
    let (mut one, mut other) = (Log::default(), Log::default());
    whole.run_until(Nanos::from_secs(60), &mut one);
    for part in 1..=600_u64 {
        cut.run_until(Nanos(part * 100_000_000), &mut other);
    }
    assert_eq!(one.events, other.events);
}

#[test]
fn progress_and_events_count_the_same_tokens() {
    let candidate = candidate();
    let mut engine = Engine::new(body(), &candidate).expect("an engine");
    let mut log = Log::default();
    engine.run_until(Nanos::from_secs(90), &mut log);
    let finished = log.events.iter().filter(|(_, event)| matches!(event, Event::Done { .. })).count();
    let end =
        log.events.iter().rev().find(|(_, event)| matches!(event, Event::Done { .. })).expect("an answer").0;
    let progress: f64 =
        log.segments.iter().filter(|segment| segment.to.0 <= end).map(|segment| segment.tokens).sum();
    assert!(finished > 5, "{finished} answers in 90 s");
    assert!((progress - finished as f64 * 39.0).abs() < 1e-6, "{progress} tokens in {finished} answers");
    let touching = log.segments.windows(2).all(|pair| pair[0].to == pair[1].from);
    assert!(touching, "the engine never pauses");
}

#[test]
fn times_rise() {
    let candidate = candidate();
    let mut engine = Engine::new(body(), &candidate).expect("an engine");
    let mut log = Log::default();
    engine.run_until(Nanos::from_secs(30), &mut log);
    assert!(log.events.windows(2).all(|pair| pair[0].0 <= pair[1].0));
}

#[test]
fn a_candidate_needs_its_accelerator() {
    let candidate = Candidate { accelerator: Accelerator::Npu, ..candidate() };
    let error = Engine::new(body(), &candidate).expect_err("a scanner has no npu");
    assert_eq!(
        error.to_string(),
        "placing the candidate: student-360m-q4 needs a npu, which sm6115-scanner does not have"
    );
}
