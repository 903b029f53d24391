//! How the device is set now.

use std::collections::BTreeMap;

use edgesoak_protocol::{Reading, Reason};
use serde::Serialize;

use super::panel::Panel;
use super::table::{ALL, find};

/// One setting: a value or a reason.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct State {
    setting: &'static str,
    value: Option<String>,
    reason: Option<&'static str>,
}

/// Every setting, in the order of the table.
pub(crate) fn states(panel: &dyn Panel) -> Vec<State> {
    let state = |(name, found): (&'static str, Reading<String>)| match found {
        Ok(value) => State { setting: name, value: Some(value), reason: None },
        Err(reason) => State { setting: name, value: None, reason: Some(Reason::word(reason)) },
    };
    ALL.iter().map(|setting| (setting.name, (setting.read)(panel))).map(state).collect()
}

/// One setting of the table.
pub(crate) fn value(panel: &dyn Panel, name: &str) -> Reading<String> {
    find(name).map_or(Err(Reason::Absent), |setting| (setting.read)(panel))
}

/// Adds the settings that this device has to the facts about it, as `screen_off_timeout` and so on.
pub(crate) fn facts(panel: &dyn Panel, facts: &mut BTreeMap<String, String>) {
    for setting in &ALL {
        if let Ok(value) = (setting.read)(panel) {
            facts.insert(setting.name.replace('-', "_"), value);
        }
    }
}
