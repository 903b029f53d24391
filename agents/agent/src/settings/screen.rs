//! Whether the screen is on.

use edgesoak_protocol::{Reading, Reason};

use super::panel::Panel;
use super::table::{Setting, on_or_off};

pub(super) const SETTING: Setting = Setting {
    name: "screen",
    takes: "on or off",
    means: on_or_off,
    read,
    write: |panel, value| {
        // Never the power key: that one toggles.
        let key = if value == "on" { "KEYCODE_WAKEUP" } else { "KEYCODE_SLEEP" };
        panel.turn(&["input", "keyevent", key])
    },
    assumed: None,
};

fn read(panel: &dyn Panel) -> Reading<String> {
    let text = panel.ask(&["dumpsys", "power"])?;
    let state = text.lines().find_map(|line| line.trim().strip_prefix("mWakefulness="));
    match state.map(str::trim) {
        Some("Awake" | "Dreaming") => Ok("on".to_owned()),
        Some("Asleep" | "Dozing") => Ok("off".to_owned()),
        Some(_) => Err(Reason::Parse),
        None => Err(Reason::Absent),
    }
}
