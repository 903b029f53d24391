//! States that were set by hand for a test: whatever the device did under them, it did not do in earnest.

use edgesoak_record::Quantity;

use crate::case::{Case, supply};
use crate::figures;
use crate::outcome::{Missing, quoted};

/// The first sample that says so, from shortly before the soak to its end.
#[must_use]
pub fn seen(case: &Case) -> Option<Missing> {
    let (_, end) = case.telemetry.soak()?;
    let (t, channel, _) = supply::first(case, Quantity::Override, end, |value| value > 0.5)?;
    let of_heat = |text: &str| text.contains("thermal");
    let (word, state) = if of_heat(&channel.name) || of_heat(&channel.source) {
        ("thermal_override", "thermal status")
    } else {
        ("battery_faked", "battery's state")
    };
    let (name, at) = (quoted(&channel.name, 60), figures::seconds(t));
    let words = format!("The {state} was set by hand, as {name} shows at {at}");
    Some(Missing::new(word, words).seen(&channel.name, t, t))
}
