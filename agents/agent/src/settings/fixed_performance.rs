//! Clocks that the device can hold for long instead of bursts. Many devices lack it, and few tell whether it is on.

use edgesoak_protocol::{Reading, Reason};

use super::panel::Panel;
use super::table::{Setting, on_or_off};

pub(super) const SETTING: Setting = Setting {
    name: "fixed-performance",
    takes: "on or off",
    means: on_or_off,
    read,
    write: |panel, value| {
        let truth = if value == "on" { "true" } else { "false" };
        panel.turn(&["cmd", "power", "set-fixed-performance-mode-enabled", truth])
    },
    // A device starts without it, and the command's exit code says whether the power service took it.
    assumed: Some("off"),
};

fn read(panel: &dyn Panel) -> Reading<String> {
    let text = panel.ask(&["dumpsys", "power"])?;
    let told = text.lines().find_map(|line| {
        let (name, value) = line.trim().split_once('=')?;
        let ours = name.to_ascii_lowercase().contains("fixedperformance");
        ours.then(|| value.trim())
    });
    match told {
        Some("true") => Ok("on".to_owned()),
        Some("false") => Ok("off".to_owned()),
        Some(_) => Err(Reason::Parse),
        None => Err(Reason::Absent),
    }
}
