//! Which interruptions are let through: `off` all of them, `none` none.

use edgesoak_protocol::Reason;

use super::panel::Panel;
use super::stored;
use super::table::Setting;

const KEY: &str = "zen_mode";
/// By the number that is stored: the word of the command is ours.
const WORDS: [&str; 4] = ["off", "priority", "none", "alarms"];

pub(super) const SETTING: Setting = Setting {
    name: "zen",
    takes: "off, priority, none or alarms",
    means: |word| WORDS.contains(&word).then(|| word.to_owned()),
    read: |panel| {
        let stored = stored::number(panel, "global", KEY, Some("0"))?;
        let word = stored.parse().ok().and_then(|number: usize| WORDS.get(number)).ok_or(Reason::Parse)?;
        Ok((*word).to_owned())
    },
    write,
    assumed: None,
};

fn write(panel: &dyn Panel, word: &str) -> Result<(), String> {
    let number = WORDS.iter().position(|known| *known == word).ok_or("there is no such value")?;
    // Android 8 and older have no such command; there the key itself is heeded.
    match panel.turn(&["cmd", "notification", "set_dnd", word]) {
        Ok(()) => Ok(()),
        Err(_) => stored::put(panel, "global", KEY, &number.to_string()),
    }
}
