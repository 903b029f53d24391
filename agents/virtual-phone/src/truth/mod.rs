//! The truth about a soak: its figures from the model's continuous rate, by the definitions of the measurement.
//!
//! Analysis sees token times, rounded and late; here every figure comes from the exact progress of the engine, so that
//! an analysis can be held against it. Nothing here is shared with the analysis.

mod curve;
mod figures;

use edgesoak_protocol::units::{Nanos, TokensPerSecond};

use crate::Surroundings;
use crate::body::Body;
use crate::body::state::{Down, Joules};
use crate::engine::{Engine, Event, Observer, Segment};
use crate::error::PhoneError;
use crate::load::Candidate;
use crate::profile::Profile;
use curve::Progress;

/// Longest soak that a truth is computed for.
pub const LONGEST: Nanos = Nanos::from_secs(48 * 3_600);

/// The figures of a soak. What a soak is too short for is absent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// Rate over the first 10 s of active time, after the first second and eight tokens; 20 s of a slow model.
    pub burst: Option<TokensPerSecond>,
    /// Rate over the last whole prompts that last 180 s or more.
    pub sustained: Option<TokensPerSecond>,
    /// 5th percentile of rolling 60 s windows, one per second, the first 30 s left out.
    pub floor: Option<TokensPerSecond>,
    /// Middle of the 30 s from which on the rate without context stays below 90 % of burst for 30 s; absent if never.
    pub time_to_throttle: Option<Nanos>,
    /// From the first submit to the last token, gross.
    pub energy: Joules,
    /// Tokens of all answers that are out.
    pub tokens: u64,
    /// Time of the last token.
    pub last_token: Nanos,
    /// Whether and why the device switched itself off.
    pub down: Option<Down>,
}

impl Truth {
    /// The soak of a candidate on the nominal unit, from rest. No prompt is submitted at or after `duration`; the
    /// last one is answered to its end.
    pub fn of(
        profile: &Profile,
        candidate: &Candidate,
        surroundings: Surroundings,
        duration: Nanos,
    ) -> Result<Self, PhoneError> {
        Self::of_body(Body::new(profile, 0, surroundings)?, candidate, duration)
    }

    /// The same for a body in any state; times count from the state's own time.
    pub fn of_body(body: Body, candidate: &Candidate, duration: Nanos) -> Result<Self, PhoneError> {
        if duration > LONGEST {
            return Err(PhoneError::PlacingCandidate("soaks for more than 48 hours".to_owned()));
        }
        let begin = body.now();
        let energy_before = body.state().energy().0;
        let mut engine = Engine::new(body, candidate)?;
        let mut watch = Watch::new(begin);
        let end = Nanos(begin.0 + duration.0);
        engine.run_until(end, &mut watch);
        while watch.open && engine.body().state().down().is_none() {
            let step = engine.body().next_change();
            engine.finish_prompt(step, &mut watch);
        }
        let energy = Joules(engine.body().state().energy().0 - energy_before);
        Ok(watch.truth(energy, engine.body().state().down()))
    }
}

/// Listens to an engine: everything that the truth about a soak is made of.
#[derive(Debug)]
pub(crate) struct Watch {
    begin: Nanos,
    progress: Progress,
    /// Submit of each prompt, seconds.
    submits: Vec<f64>,
    /// Last token of each finished prompt, seconds.
    ends: Vec<f64>,
    tokens: u64,
    last_token: Nanos,
    open: bool,
}

impl Watch {
    /// The truth so far, with the energy since the begin.
    pub(crate) fn truth(&self, energy: Joules, down: Option<Down>) -> Truth {
        figures::figures(self, energy, down)
    }

    /// Begins to listen at a time of the body.
    pub(crate) fn new(begin: Nanos) -> Self {
        Self {
            begin,
            progress: Progress::default(),
            submits: Vec::new(),
            ends: Vec::new(),
            tokens: 0,
            last_token: Nanos(0),
            open: false,
        }
    }

    fn seconds(&self, at: Nanos) -> f64 {
        at.since(self.begin).as_secs_f64()
    }
}

impl Observer for Watch {
    fn event(&mut self, at: Nanos, event: Event) {
        match event {
            Event::Submitted { .. } => {
                self.submits.push(self.seconds(at));
                self.open = true;
            }
            Event::Token { .. } => {
                self.tokens += 1;
                self.last_token = at.since(self.begin);
            }
            Event::Done { .. } => {
                self.ends.push(self.seconds(at));
                self.open = false;
            }
        }
    }

    fn segment(&mut self, segment: Segment) {
        let (from, to) = (self.seconds(segment.from), self.seconds(segment.to));
        self.progress.push(from, to, &segment);
    }
}
