//! How bright the screen is: 0 to 255, or `auto` where the device decides.

use super::stored;
use super::table::{Setting, number_within};

const KEY: &str = "screen_brightness";
/// 1 where the light around the device decides.
const MODE: &str = "screen_brightness_mode";

pub(super) const SETTING: Setting = Setting {
    name: "brightness",
    takes: "0 to 255, or auto",
    means: |word| if word == "auto" { Some(word.to_owned()) } else { number_within(word, 0, 255) },
    read: |panel| {
        let mode = stored::number(panel, "system", MODE, Some("0"))?;
        if mode == "1" { Ok("auto".to_owned()) } else { stored::number(panel, "system", KEY, None) }
    },
    write: |panel, value| {
        if value == "auto" {
            return stored::put(panel, "system", MODE, "1");
        }
        // The mode first: the automatic one would overwrite the value.
        stored::put(panel, "system", MODE, "0")?;
        stored::put(panel, "system", KEY, value)
    },
    assumed: None,
};
