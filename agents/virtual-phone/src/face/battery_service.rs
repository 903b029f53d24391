//! `dumpsys battery`, as Android and its vendors print it.

use super::{Page, View, answer};
use crate::profile::{Os, Profile};

/// Android's word for a sound battery.
const GOOD: i64 = 2;

pub(super) fn page(profile: &Profile, view: &View<'_>) -> Page {
    let raw = |name: &str| view.readings.raw(name);
    let mut lines = vec!["Current Battery Service state:".to_owned()];
    if raw("battery/override") == Ok(1) {
        lines.push("  (UPDATES STOPPED -- use 'reset' to restart)".to_owned());
    }
    let is_plugged = raw("supply/usb/online") == Ok(1);
    lines.push("  AC powered: false".to_owned());
    lines.push(format!("  USB powered: {is_plugged}"));
    lines.push("  Wireless powered: false".to_owned());
    let numbers = [
        ("Charge counter", raw("battery/charge_counter")),
        ("status", raw("battery/status")),
        ("health", Ok(GOOD)),
        ("level", raw("battery/level")),
        ("scale", Ok(100)),
        ("voltage", raw("battery/voltage").map(|microvolts| microvolts / 1_000)),
        ("temperature", raw("battery/temperature")),
    ];
    lines.extend(numbers.into_iter().filter_map(|(name, value)| Some(format!("  {name}: {}", value.ok()?))));
    lines.push("  present: true".to_owned());
    lines.push("  technology: Li-ion".to_owned());
    if profile.face.os == Os::AndroidSamsung
        && let Ok(current) = raw("battery/current")
    {
        lines.push(format!("  current now: {}", current / 1_000));
    }
    answer("dumpsys battery", lines.join("\n"))
}
