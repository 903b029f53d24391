//! Whether Wi-Fi is on.

use edgesoak_protocol::Reason;

use super::stored;
use super::table::{Setting, on_or_off};

pub(super) const SETTING: Setting = Setting {
    name: "wifi",
    takes: "on or off",
    means: on_or_off,
    // 2 is on in spite of airplane mode, 3 is off because of it.
    read: |panel| match stored::number(panel, "global", "wifi_on", None)?.as_str() {
        "0" | "3" => Ok("off".to_owned()),
        "1" | "2" => Ok("on".to_owned()),
        _ => Err(Reason::Parse),
    },
    write: |panel, value| {
        let verb = if value == "on" { "enable" } else { "disable" };
        panel.turn(&["svc", "wifi", verb])
    },
    assumed: None,
};
