//! The truth about soaks, held against figures that are computed another way: from the token times alone.

#[path = "made/student.rs"]
mod student;

use edgesoak_protocol::units::{Bytes, Celsius, Nanos};
use edgesoak_virtual_phone::engine::{Event, Observer, Segment};
use edgesoak_virtual_phone::profile::built_in_names;
use edgesoak_virtual_phone::{Accelerator, Body, Candidate, Engine, Profile, Surroundings, Truth};
use student::student;

const TEN_MINUTES: Nanos = Nanos::from_secs(600);

fn profile(name: &str) -> Profile {
    Profile::built_in(name).expect("a profile of ours")
}

fn warm() -> Surroundings {
    Surroundings { ambient: Celsius(30.0), start: Celsius(31.0), ..Surroundings::ROOM }
}

/// Token times of each answer, seconds.
#[derive(Default)]
struct Answers(Vec<Vec<f64>>);

impl Observer for Answers {
    fn event(&mut self, at: Nanos, event: Event) {
        match event {
            Event::Submitted { .. } => self.0.push(Vec::new()),
            Event::Token { .. } => self.0.last_mut().expect("a prompt").push(at.as_secs_f64()),
            Event::Done { .. } => {}
        }
    }

    fn segment(&mut self, _: Segment) {}
}

/// Tokens after the first of each answer by active seconds, between two times.
fn rate(answers: &[Vec<f64>], from: f64, to: f64) -> f64 {
    let (mut tokens, mut active) = (0.0, 0.0);
    for pair in answers.iter().flat_map(|times| times.windows(2)) {
        let inside = (pair[1].min(to) - pair[0].max(from)).max(0.0);
        active += inside;
        tokens += inside / (pair[1] - pair[0]);
    }
    tokens / active
}

#[test]
fn truth_agrees_with_the_token_times() {
    let candidate = student();
    for name in built_in_names() {
        let profile = profile(name);
        let truth = Truth::of(&profile, &candidate, warm(), TEN_MINUTES).expect("a truth");
        let mut engine =
            Engine::new(Body::new(&profile, 0, warm()).expect("a body"), &candidate).expect("an engine");
        let mut answers = Answers::default();
        engine.run_until(TEN_MINUTES, &mut answers);
        let answers = answers.0;
        let mut floors: Vec<f64> =
            (30..=540).map(|second| rate(&answers, f64::from(second), f64::from(second) + 60.0)).collect();
        floors.sort_by(f64::total_cmp);
        let floor = truth.floor.expect("ten minutes hold a floor").0;
        let by_tokens = floors[(floors.len() * 5).div_ceil(100) - 1];
        // The truth goes on to the end of the last answer, a few seconds beyond.
        assert!((floor / by_tokens - 1.0).abs() < 0.005, "{name}: floor {floor}, by tokens {by_tokens}");
        let burst = truth.burst.expect("a burst").0;
        let early = rate(&answers, 1.5, 12.0);
        assert!((burst / early - 1.0).abs() < 0.02, "{name}: burst {burst}, by tokens {early}");
        let sustained = truth.sustained.expect("a sustained rate").0;
        let late = rate(&answers, 415.0, 600.0);
        assert!((sustained / late - 1.0).abs() < 0.02, "{name}: sustained {sustained}, by tokens {late}");
        println!(
            "{name}: burst {burst:.1}, sustained {sustained:.1}, floor {floor:.1} tokens/s, throttled {:?}, {:.0} J",
            truth.time_to_throttle, truth.energy.0
        );
    }
}

#[test]
fn a_phone_that_falls_within_a_minute_is_throttled_within_a_minute() {
    let candidate = Candidate {
        accelerator: Accelerator::Gpu,
        weights: Bytes(600_000_000),
        flop_per_token: 4.0e9,
        prompt_tokens: 32,
        ..student()
    };
    let surroundings = Surroundings { start: Celsius(27.0), ..Surroundings::ROOM };
    let truth = Truth::of(&profile("iphone-class"), &candidate, surroundings, TEN_MINUTES).expect("a truth");
    let throttled = truth.time_to_throttle.expect("it throttles").as_secs_f64();
    let (burst, floor) = (truth.burst.expect("a burst").0, truth.floor.expect("a floor").0);
    assert!(throttled < 60.0, "{throttled} s");
    assert!(floor < 0.6 * burst, "{burst} falls to {floor}");
}

#[test]
fn a_cool_device_never_throttles_and_says_so_by_silence() {
    let candidate = Candidate { accelerator: Accelerator::Cpu { threads: 1 }, ..student() };
    let truth =
        Truth::of(&profile("sm6115-scanner"), &candidate, Surroundings::ROOM, TEN_MINUTES).expect("a truth");
    assert_eq!(truth.time_to_throttle, None);
    let (burst, sustained) = (truth.burst.expect("a burst").0, truth.sustained.expect("a rate").0);
    // The context of a burst is that of the first answer's beginning.
    assert!((sustained / burst - 1.0).abs() < 0.02, "{burst} against {sustained}");
}

#[test]
fn what_a_soak_is_too_short_for_is_absent() {
    let short = Nanos::from_secs(20);
    let truth = Truth::of(&profile("tensor-phone"), &student(), Surroundings::ROOM, short).expect("a truth");
    assert!(truth.burst.is_some());
    assert_eq!((truth.sustained, truth.floor, truth.time_to_throttle), (None, None, None));
    assert!(truth.last_token >= short, "the last answer is finished");
    assert!(truth.tokens.is_multiple_of(128), "{} tokens in whole answers", truth.tokens);
}

#[test]
fn a_longer_soak_than_two_days_is_refused() {
    let long = Nanos::from_secs(49 * 3_600);
    assert!(Truth::of(&profile("tensor-phone"), &student(), Surroundings::ROOM, long).is_err());
}
