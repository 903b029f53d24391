//! Whether the radios are off. Wi-Fi may stay on by its user's choice: it is a setting of its own.

use edgesoak_protocol::Reason;

use super::stored;
use super::table::{Setting, on_or_off};

pub(super) const SETTING: Setting = Setting {
    name: "airplane",
    takes: "on or off",
    means: on_or_off,
    read: |panel| match stored::number(panel, "global", "airplane_mode_on", Some("0"))?.as_str() {
        "0" => Ok("off".to_owned()),
        "1" => Ok("on".to_owned()),
        _ => Err(Reason::Parse),
    },
    write: |panel, value| {
        let verb = if value == "on" { "enable" } else { "disable" };
        panel.turn(&["cmd", "connectivity", "airplane-mode", verb])
    },
    assumed: None,
};
