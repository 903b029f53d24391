//! Which of Android's two idle modes may begin: `on` both, `off` neither, `deep` or `light` one of them.

use edgesoak_protocol::{Reading, Reason};

use super::panel::Panel;
use super::table::Setting;

pub(super) const SETTING: Setting = Setting {
    name: "doze",
    takes: "on, off, deep or light",
    means: |word| matches!(word, "on" | "off" | "deep" | "light").then(|| word.to_owned()),
    read: |panel| {
        let word = match (may(panel, "deep")?, may(panel, "light")?) {
            (true, true) => "on",
            (false, false) => "off",
            (true, false) => "deep",
            (false, true) => "light",
        };
        Ok(word.to_owned())
    },
    write: |panel, value| {
        for mode in ["deep", "light"] {
            let verb = if value == "on" || value == mode { "enable" } else { "disable" };
            panel.turn(&["dumpsys", "deviceidle", verb, mode])?;
        }
        Ok(())
    },
    assumed: None,
};

fn may(panel: &dyn Panel, mode: &str) -> Reading<bool> {
    match panel.ask(&["dumpsys", "deviceidle", "enabled", mode])?.trim() {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err(Reason::Parse),
    }
}
