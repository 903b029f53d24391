//! After how many milliseconds without a touch the screen goes off.

use super::stored;
use super::table::{Setting, number_within};

const KEY: &str = "screen_off_timeout";
/// The longest time that the system takes, 24 days.
const NEVER: u32 = i32::MAX as u32;

pub(super) const SETTING: Setting = Setting {
    name: "screen-off-timeout",
    takes: "milliseconds from 1000, or never",
    means: |word| if word == "never" { Some(NEVER.to_string()) } else { number_within(word, 1000, NEVER) },
    read: |panel| stored::number(panel, "system", KEY, None),
    write: |panel, milliseconds| stored::put(panel, "system", KEY, milliseconds),
    assumed: None,
};
