//! What the channels read at one moment.

use edgesoak_protocol::{ChannelSpec, RawReading, Reason};

/// Readings by channel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readings(Vec<(ChannelSpec, RawReading)>);

impl Readings {
    /// Adds what a channel reads.
    pub fn push(&mut self, spec: ChannelSpec, raw: RawReading) {
        self.0.push((spec, raw));
    }

    /// The raw integer of a channel, by its name.
    ///
    /// # Errors
    /// Why there is none.
    pub fn raw(&self, name: &str) -> Result<i64, Reason> {
        self.of(|spec| spec.name == name).map_or(Err(Reason::Absent), |(_, raw)| raw.0)
    }

    /// The value of a channel in its unit, by its name.
    ///
    /// # Errors
    /// Why there is none.
    pub fn value(&self, name: &str) -> Result<f64, Reason> {
        self.of(|spec| spec.name == name).map_or(Err(Reason::Absent), |(spec, raw)| spec.value(raw.0))
    }

    /// The raw integer of a channel, by its source.
    pub(super) fn at(&self, source: &str) -> Result<i64, Reason> {
        self.of(|spec| spec.source == source).map_or(Err(Reason::Absent), |(_, raw)| raw.0)
    }

    fn of(&self, is_wanted: impl Fn(&ChannelSpec) -> bool) -> Option<&(ChannelSpec, RawReading)> {
        self.0.iter().find(|(spec, _)| is_wanted(spec))
    }
}
