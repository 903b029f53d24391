//! One session with everything that its promises need: the soak, its telemetry, and what speaks against it.

pub mod ambient;
pub mod doubt;
pub mod faked;
pub mod host_clock;
pub mod imported;
pub mod obstacle;
pub mod once;
pub mod settings;
pub mod shutdown;
pub mod spread;
pub mod stuck;
pub mod supply;
pub mod swapped;
pub mod telemetry;
pub mod wholeness;

use edgesoak_record::gate::Gate;
use edgesoak_record::run::Run;
use edgesoak_record::session::{Channel, SessionRecord};
use edgesoak_record::thermal_limits::{self, ThermalLimits};

use crate::case::once::Once;
use crate::case::spread::Spread;
use crate::case::telemetry::Telemetry;
use crate::defaults::LONGEST_GAP_S;
use crate::measure::soak::{Fault, Soak};
use crate::outcome::Missing;
use crate::promise::latency::{self, Intervals};
use crate::statistics::random::Random;

/// A session under judgement.
#[derive(Debug)]
pub struct Case<'a> {
    /// The run it belongs to.
    pub run: &'a Run,
    /// What happened.
    pub record: &'a SessionRecord,
    /// The scored prompts, or why there are none.
    pub soak: Result<Soak<'a>, Fault>,
    /// Channels on the soak's clock.
    pub telemetry: Telemetry<'a>,
    /// Spread between runs.
    pub spread: Spread,
    /// The scored prompts of all evaluated repetitions of this session, itself included.
    pub pool: &'a [Soak<'a>],
    /// What several gates ask.
    pub once: Once,
    /// Sessions of this run, with the same device, route and candidate, whose runtime died.
    pub deaths: usize,
}

impl<'a> Case<'a> {
    /// Reads a session. `pool` and `deaths` come from the whole run.
    #[must_use]
    pub fn new(run: &'a Run, record: &'a SessionRecord, pool: &'a [Soak<'a>], deaths: usize) -> Self {
        let soak = Soak::new(record);
        let telemetry = Telemetry::new(record, soak.as_ref().ok());
        let spread = Spread::of(&run.history, &record.planned.device.id, &record.planned.candidate.id);
        Self { run, record, soak, telemetry, spread, pool, once: Once::default(), deaths }
    }

    /// The scored prompts, or why nothing can be timed.
    pub fn timed(&self) -> Result<&Soak<'a>, Missing> {
        self.soak.as_ref().map_err(|fault| Missing::new(fault.cause(), fault.sentence()))
    }

    /// Whether its answers end by themselves and are counted whole.
    #[must_use]
    pub fn is_of_items(&self) -> bool {
        self.record.planned.workload.is_of_items
    }

    /// Quantiles of the times between tokens, with the number of prompts behind them.
    pub fn token_intervals(&self) -> Result<&Intervals, &Missing> {
        self.once.intervals.get_or_init(|| latency::intervals(self)).as_ref()
    }

    /// Seconds between two samples of a channel; `None` when the journal does not say.
    #[must_use]
    pub fn period(&self, channel: &Channel) -> Option<f64> {
        let journal = self.record.journal.as_ref()?;
        let period = journal.group_period.get(usize::from(channel.group))?.as_secs_f64();
        (period > 0.0).then_some(period)
    }

    /// Longest time between two samples of a channel that is no hole, seconds: a command that is run every 10 s
    /// leaves none by being late by half of that.
    #[must_use]
    pub fn longest_gap(&self, channel: &Channel) -> f64 {
        self.period(channel).map_or(LONGEST_GAP_S, |period| LONGEST_GAP_S.max(1.5 * period))
    }

    /// The route's bar, else that of the golden set which it answers.
    #[must_use]
    pub fn bar(&self, gate: Gate) -> Option<f64> {
        let route = self.record.planned.route.bars.iter().find(|bar| bar.gate == gate).map(|bar| bar.limit);
        let asked = self.record.golden.as_ref().map(|golden| &golden.asked);
        route.or_else(|| match gate {
            Gate::Quality => asked?.quality,
            Gate::FalseAnswers => asked?.false_answers,
            _ => None,
        })
    }

    /// What the device told of its own governors when the session began.
    #[must_use]
    pub fn thermal_limits(&self) -> Option<ThermalLimits> {
        let note = self.record.notes.iter().find(|note| note.code == thermal_limits::NOTE)?;
        ThermalLimits::from_note(&note.text)
    }

    /// A generator that belongs to this session and this gate alone.
    #[must_use]
    pub fn random(&self, gate: Gate) -> Random {
        Random::from_words(&[&self.run.id, &self.record.planned.session, gate.word()])
    }

    /// The device as a person knows it.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.record.planned.device.id
    }

    /// Simulated, by the plan or by the agent's own word.
    #[must_use]
    pub fn is_virtual(&self) -> bool {
        self.record.planned.device.is_virtual
            || self.record.journal.as_ref().is_some_and(|journal| journal.is_virtual)
    }
}
