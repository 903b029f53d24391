//! Values that Android keeps in its settings provider.

use edgesoak_protocol::{Reading, Reason};

use super::panel::Panel;
use super::table::number_within;

/// The number stored under a key. What was never stored has the value `unset`, if the system has one.
pub(crate) fn number(panel: &dyn Panel, namespace: &str, key: &str, unset: Option<&str>) -> Reading<String> {
    let text = panel.ask(&["settings", "get", namespace, key])?;
    match text.trim() {
        "null" | "" => unset.map(str::to_owned).ok_or(Reason::Absent),
        word => number_within(word, 0, u32::MAX).ok_or(Reason::Parse),
    }
}

/// Stores a number under a key.
pub(crate) fn put(panel: &dyn Panel, namespace: &str, key: &str, number: &str) -> Result<(), String> {
    panel.turn(&["settings", "put", namespace, key, number])
}
