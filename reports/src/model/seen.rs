//! What is kept of a session's readings when its record is let go: what the first screen says of all sessions.

use edgesoak_record::session::Channel;
use edgesoak_record::{Quantity, SessionRecord};

/// What a session's sensors told.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Seen {
    /// A temperature of the device was read.
    pub has_heat: bool,
    /// Coldest and warmest air around it, °C.
    pub air: Option<(f64, f64)>,
}

impl Seen {
    pub fn of(record: &SessionRecord) -> Self {
        let read = |channel: &&Channel| channel.missing.is_none();
        let of = |quantity| {
            record.channels.iter().filter(read).filter(move |channel| channel.quantity == quantity)
        };
        let has_heat = of(Quantity::Temperature)
            .any(|channel| channel.samples.iter().any(|sample| sample.value.is_ok()));
        let own = of(Quantity::Ambient)
            .flat_map(|channel| channel.samples.iter().filter_map(|sample| sample.value.ok()));
        let probed = record.ambient.iter().filter_map(|reading| reading.celsius.ok().map(|air| air.0));
        let air = probed.chain(own).filter(|celsius| celsius.is_finite());
        Self { has_heat, air: air.map(|celsius| (celsius, celsius)).reduce(joined) }
    }
}

/// The range over two ranges.
pub(crate) fn joined(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    (one.0.min(other.0), one.1.max(other.1))
}
