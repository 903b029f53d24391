//! A heat status that somebody has set by hand: as long as it stands, the system announces it whatever the sensors say.

use edgesoak_protocol::{Reading, Reason};
use edgesoak_sensors::capture::{Fact, Kind};

use super::changes::Change;
use super::panel::Panel;
use super::table::{Setting, number_within};

/// The highest severity that Android knows.
const MOST: u32 = 6;

const NAME: &str = "thermal-override";
const OFF: &str = "off";

pub(super) const SETTING: Setting = Setting {
    name: NAME,
    takes: OFF,
    means: |word| (word == OFF).then(|| word.to_owned()),
    read,
    // A number is what somebody had set, given back to whoever set it.
    write: |panel, value| match number_within(value, 0, MOST) {
        Some(status) => panel.turn(&["cmd", "thermalservice", "override-status", &status]),
        None => panel.turn(&["cmd", "thermalservice", "reset"]),
    },
    assumed: None,
};

/// Whether a restart has taken off what was to be given back: nobody would want a false status that had ended by itself.
pub(super) fn is_gone(change: &Change, found: &str, panel: &dyn Panel) -> bool {
    let boot = panel.boot();
    let is_later = !change.boot.is_empty() && !boot.is_empty() && change.boot != boot;
    change.setting == NAME && found == OFF && is_later
}

/// `off`, or the status that was set. A system before Android 10 has neither the service nor the override.
fn read(panel: &dyn Panel) -> Reading<String> {
    let capture = Kind::Thermalservice.parse(&panel.ask(&["dumpsys", "thermalservice"])?);
    match (capture.facts().get("status_override"), capture.facts().get("thermal_status")) {
        (Some(Fact::Flag(false)), _) => Ok(OFF.to_owned()),
        (Some(Fact::Flag(true)), Some(Fact::Number(status))) => {
            number_within(&status.to_string(), 0, MOST).ok_or(Reason::Parse)
        }
        (Some(_), _) => Err(Reason::Parse),
        (None, _) => Err(Reason::Absent),
    }
}
