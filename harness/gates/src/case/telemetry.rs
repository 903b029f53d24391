//! Channels on the soak's clock.

use edgesoak_record::Quantity;
use edgesoak_record::session::{Channel, SessionRecord};

use crate::measure::soak::{SCORED, Soak, seconds};
use crate::outcome::quoted;

/// The phase in which nothing is set any more.
const LOADING: &str = "loading";

/// The channels of a session in the order of their names, whatever order they were stored in.
#[derive(Debug)]
pub struct Telemetry<'a> {
    channels: Vec<&'a Channel>,
    t0: u64,
    /// Begin and end of the soak, seconds since the first scored submit.
    soak: Option<(f64, f64)>,
    /// When the device was set as planned, and loading began.
    prepared: f64,
}

impl<'a> Telemetry<'a> {
    /// The channels of a session; times are relative to the first scored submit.
    #[must_use]
    pub fn new(record: &'a SessionRecord, soak: Option<&Soak>) -> Self {
        let mut channels: Vec<&Channel> = record.channels.iter().collect();
        channels
            .sort_by(|a, b| a.name.cmp(&b.name).then(a.group.cmp(&b.group)).then(a.source.cmp(&b.source)));
        let t0 = soak.map_or(0, |soak| soak.t0);
        // The end of the phase, not of the tokens: what is missing at the end must show.
        let end = soak.map(|soak| phase_end(record, t0).unwrap_or(0.0).max(soak.end()));
        let loading = record.phases.iter().find(|phase| phase.phase == LOADING);
        let prepared = loading.map_or(f64::NEG_INFINITY, |phase| seconds(phase.begin.0, t0));
        Self { channels, t0, soak: end.map(|end| (0.0, end)), prepared }
    }

    /// Every channel, by name.
    pub fn all(&self) -> impl Iterator<Item = &'a Channel> + '_ {
        self.channels.iter().copied()
    }

    /// Channels that measure this.
    pub fn of(&self, quantity: Quantity) -> impl Iterator<Item = &'a Channel> + '_ {
        self.all().filter(move |channel| channel.quantity == quantity)
    }

    /// The channel of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&'a Channel> {
        self.all().find(|channel| channel.name == name)
    }

    /// Begin and end of the soak, seconds.
    #[must_use]
    pub fn soak(&self) -> Option<(f64, f64)> {
        self.soak
    }

    /// When the settings of the plan had been made and loading began, seconds; as early as can be where the session tells
    /// of no loading.
    #[must_use]
    pub fn prepared(&self) -> f64 {
        self.prepared
    }

    /// Device time in seconds since the first scored submit.
    #[must_use]
    pub fn seconds(&self, device_ns: u64) -> f64 {
        seconds(device_ns, self.t0)
    }

    /// The finite values of a channel between two times, as (seconds, value).
    pub fn values(&self, channel: &'a Channel, from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        channel
            .samples
            .iter()
            .map(|sample| (self.seconds(sample.t.0), sample.value))
            .skip_while(move |(t, _)| *t < from)
            .take_while(move |(t, _)| *t <= to)
            .filter_map(|(t, value)| Some((t, value.ok().filter(|value| value.is_finite())?)))
    }

    /// The finite values of a channel during the soak.
    pub fn during_soak(&self, channel: &'a Channel) -> impl Iterator<Item = (f64, f64)> + '_ {
        let (from, to) = self.soak.unwrap_or((0.0, -1.0));
        self.values(channel, from, to)
    }

    /// Why there is no reading of a quantity: path and reason of each channel that was tried.
    #[must_use]
    pub fn why_missing(&self, quantity: Quantity) -> String {
        let mut tried: Vec<String> = self
            .of(quantity)
            .filter_map(|channel| {
                channel.missing.map(|reason| format!("{}: {}", quoted(&channel.source, 120), reason))
            })
            .collect();
        tried.dedup();
        match tried.len() {
            0 => format!("no channel of the device measures {}", quantity.word().replace('-', " ")),
            1..=2 => tried.join(", "),
            more => format!("{}, and {} more", tried[0], more - 1),
        }
    }
}

/// When the phase after the soak began, or the runtime or the journal ended; seconds since `t0`.
fn phase_end(record: &SessionRecord, t0: u64) -> Option<f64> {
    let soaking = record.phases.iter().position(|phase| phase.phase == SCORED)?;
    let next =
        record.phases[soaking + 1..].iter().find(|phase| phase.phase != SCORED).map(|phase| phase.begin.0);
    // What the agent does once the runtime has ended is no part of the soak.
    let exit = || record.runtime.as_ref()?.exit.as_ref().map(|exit| exit.at.0);
    let end = next.or_else(exit).or_else(|| record.journal.as_ref().map(|journal| journal.last.0))?;
    Some(seconds(end, t0))
}
