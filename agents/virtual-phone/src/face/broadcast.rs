//! The sticky broadcast of the battery, in which scanners tell of their pack.

use super::{Page, View, answer};
use crate::profile::{Os, Profile};

pub(super) fn page(profile: &Profile, view: &View<'_>) -> Option<Page> {
    let battery = profile.battery.as_ref()?;
    let raw = |name: &str| view.readings.raw(name).unwrap_or(0);
    let mut extras = vec![
        "technology=Li-ion".to_owned(),
        "health=2".to_owned(),
        format!("status={}", raw("battery/status")),
        format!("plugged={}", if raw("supply/usb/online") == 1 { 2 } else { 0 }),
        "present=true".to_owned(),
        format!("level={}", raw("battery/level")),
        "scale=100".to_owned(),
        format!("charge_counter={}", raw("battery/charge_counter")),
        format!("temperature={}", raw("battery/temperature")),
        format!("voltage={}", raw("battery/voltage") / 1_000),
    ];
    match profile.face.os {
        Os::Zebra => extras.extend([
            "battery_decommission=0".to_owned(),
            format!("ratedcapacity={:.0}", battery.capacity_mah),
            format!("present_capacity={:.0}", battery.capacity_mah * battery.health),
            format!("health_percentage={:.0}", battery.health * 100.0),
        ]),
        Os::Honeywell => extras.extend([
            "BatterySwapping=false".to_owned(),
            format!("android.os.extra.CYCLE_COUNT={}", battery.cycles),
        ]),
        _ => return None,
    }
    let text = format!(
        "ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)\n  Sticky broadcasts for user -1:\n  * Sticky \
         action android.intent.action.BATTERY_CHANGED:\n    Intent: act=android.intent.action.BATTERY_CHANGED \
         flg=0x60000010\n      Bundle[{{{}}}]",
        extras.join(", ")
    );
    Some(answer("dumpsys activity broadcasts", text))
}
