//! States that were set by hand for a test: whatever the device did under them, it did not do in earnest.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;

use crate::case::supply::BEFORE_S;
use crate::case::{Case, settings};
use crate::figures;
use crate::outcome::{Missing, quoted};

/// The first sample that says so, from shortly before the soak to its end.
#[must_use]
pub fn seen(case: &Case) -> Option<Missing> {
    let (_, end) = case.telemetry.soak()?;
    let samples = case.telemetry.of(Quantity::Override).filter_map(|channel| {
        let begin = if is_of_heat(channel) { settings::heat_counts_from(case) } else { -BEFORE_S };
        let (t, _) = case.telemetry.values(channel, begin, end).find(|(_, value)| *value > 0.5)?;
        Some((t, channel))
    });
    let (t, channel) = samples.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (word, state) = if is_of_heat(channel) {
        ("thermal_override", "thermal status")
    } else {
        ("battery_faked", "battery's state")
    };
    let (name, at) = (quoted(&channel.name, 60), figures::seconds(t));
    let words = format!("The {state} was set by hand, as {name} shows at {at}");
    Some(Missing::new(word, words).seen(&channel.name, t, t))
}

/// Whether an override is of the thermal status, and not of the battery.
pub(super) fn is_of_heat(channel: &Channel) -> bool {
    channel.name.contains("thermal") || channel.source.contains("thermal")
}
