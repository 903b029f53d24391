//! Whether the supply charges, by the nodes that kernels of rooted devices have for it.

use edgesoak_protocol::{Reading, Reason};

use super::panel::Panel;
use super::table::{Setting, on_or_off};

/// A node with what is written into it for each state; nodes do not agree which way is up.
struct Node {
    path: &'static str,
    on: &'static str,
    off: &'static str,
}

const fn node(path: &'static str, on: &'static str, off: &'static str) -> Node {
    Node { path, on, off }
}

/// The first one that can be read is used. Those that cut the supply stand before those that only stop the charge,
/// under which the device still lives from its cable.
const NODES: [Node; 9] = [
    node("/sys/class/power_supply/battery/input_suspend", "0", "1"),
    node("/sys/class/power_supply/battery/batt_slate_mode", "0", "1"),
    node("/proc/mtk_battery_cmd/en_power_path", "1", "0"),
    node("/sys/class/power_supply/battery/battery_charging_enabled", "1", "0"),
    node("/sys/class/power_supply/battery/charging_enabled", "1", "0"),
    node("/sys/class/power_supply/battery/charge_disable", "0", "1"),
    node("/sys/devices/platform/soc/soc:google,charger/charge_disable", "0", "1"),
    node("/sys/devices/platform/google,charger/charge_disable", "0", "1"),
    node("/proc/mtk_battery_cmd/current_cmd", "0 0", "0 1"),
];

pub(super) const SETTING: Setting = Setting {
    name: "charging",
    takes: "on or off",
    means: on_or_off,
    read: |panel| {
        let (node, text) = first(panel)?;
        match text.trim() {
            text if text == node.on => Ok("on".to_owned()),
            text if text == node.off => Ok("off".to_owned()),
            _ => Err(Reason::Parse),
        }
    },
    write: |panel, value| {
        let (node, _) = first(panel).map_err(Reason::word)?;
        panel.store(node.path, if value == "on" { node.on } else { node.off })
    },
    assumed: None,
};

/// The node of this device and what it says; a refused one is a better reason than one that is not there.
fn first(panel: &dyn Panel) -> Reading<(&'static Node, String)> {
    let mut why = Reason::Absent;
    for node in &NODES {
        match panel.look(node.path) {
            Ok(text) => return Ok((node, text)),
            Err(Reason::Absent) => {}
            Err(reason) => why = reason,
        }
    }
    Err(why)
}
