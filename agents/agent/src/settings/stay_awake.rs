//! Whether the device stays awake on which kinds of supply: a mask of them.

use super::stored;
use super::table::{Setting, number_within};

const KEY: &str = "stay_on_while_plugged_in";
/// Mains, USB and wireless.
const ANY_SUPPLY: &str = "7";

pub(super) const SETTING: Setting = Setting {
    name: "stay-awake",
    takes: "on, off or a mask of supplies from 0 to 15",
    means: |word| match word {
        "on" => Some(ANY_SUPPLY.to_owned()),
        "off" => Some("0".to_owned()),
        mask => number_within(mask, 0, 15),
    },
    read: |panel| stored::number(panel, "global", KEY, Some("0")),
    // `svc power stayon` writes the same key, but only some of its masks.
    write: |panel, mask| stored::put(panel, "global", KEY, mask),
    assumed: None,
};
