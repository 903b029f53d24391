//! Power that is read as such, or as volts and amperes of the same place.

use edgesoak_record::quality;
use edgesoak_record::session::Channel;

use crate::case::Case;

/// Where a power comes from.
#[derive(Debug, Clone, Copy)]
pub struct Watts<'a> {
    /// Its power or current.
    pub channel: &'a Channel,
    /// The voltage beside it, where the channel is a current.
    pub volts: Option<&'a Channel>,
}

impl Watts<'_> {
    /// Readings as (seconds, watts), with the sign of the channel.
    pub fn readings(&self, case: &Case, from: f64, to: f64) -> Vec<(f64, f64)> {
        let own = case.telemetry.values(self.channel, from, to);
        let Some(channel) = self.volts else { return own.collect() };
        let longest = case.longest_gap(channel);
        let volts: Vec<(f64, f64)> = case.telemetry.values(channel, from - longest, to).collect();
        own.filter_map(|(t, amperes)| {
            let nearest = volts.partition_point(|(at, _)| *at <= t).saturating_sub(1);
            let (at, volts) = volts.get(nearest)?;
            ((at - t).abs() <= longest).then_some((t, volts * amperes))
        })
        .collect()
    }

    /// The channel, of the two, that reads what its quantity cannot be: a wrong unit more often than a fault.
    pub fn implausible(&self, case: &Case, end: f64) -> Option<&str> {
        let beyond = |channel: &&Channel| is_implausible(case, channel, end);
        [Some(self.channel), self.volts]
            .into_iter()
            .flatten()
            .find(beyond)
            .map(|channel| channel.name.as_str())
    }
}

/// Whether any reading from the first submit to `end` is none that the quantity can have.
pub fn is_implausible(case: &Case, channel: &Channel, end: f64) -> bool {
    let range = quality::plausible(channel.quantity);
    channel.samples.iter().any(|sample| {
        let t = case.telemetry.seconds(sample.t.0);
        (0.0..=end).contains(&t) && sample.value.is_ok_and(|value| !range.contains(&value))
    })
}

/// Everything before the last `/` of a channel's name: channels of one battery or rail share it.
pub fn owner(channel: &Channel) -> &str {
    channel.name.rsplit_once('/').map_or("", |(owner, _)| owner)
}
