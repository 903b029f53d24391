//! Setting a value and seeing it come about.

use std::time::{Duration, Instant};

use edgesoak_protocol::{Reading, Reason};

use super::panel::Panel;
use super::table::Setting;

/// Radios and screens take a second or two; this is five.
const LOOKS: u32 = 25;
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// No look begins later than this: where a service hangs, each takes its whole deadline.
const PATIENCE: Duration = Duration::from_secs(6);

/// What came of setting a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turned {
    /// It was read back.
    Seen,
    /// It was accepted by a system that does not tell its state.
    Unseen,
}

/// Sets `value` and reads it back until it is there; a sentence if it does not come.
pub(crate) fn turn(setting: &Setting, panel: &dyn Panel, value: &str) -> Result<Turned, String> {
    turn_within(setting, panel, value, PATIENCE)
}

fn turn_within(
    setting: &Setting,
    panel: &dyn Panel,
    value: &str,
    patience: Duration,
) -> Result<Turned, String> {
    if let Err(why) = (setting.write)(panel, value) {
        return Err(["setting ", setting.name, " to ", value, ": ", &why].concat());
    }
    let (mut looks, began) = (0, Instant::now());
    loop {
        let found = (setting.read)(panel);
        if found.as_deref() == Ok(value) {
            return Ok(Turned::Seen);
        }
        if is_blind(setting, &found) {
            return Ok(Turned::Unseen);
        }
        looks += 1;
        if looks > LOOKS || began.elapsed() >= patience {
            let found = found.unwrap_or_else(|reason| ["unreadable (", reason.word(), ")"].concat());
            return Err([setting.name, " was set to ", value, " and is ", &found].concat());
        }
        panel.pause(LOOK_EVERY);
    }
}

/// Whether the system has the setting and does not tell its value.
pub(crate) fn is_blind(setting: &Setting, found: &Reading<String>) -> bool {
    setting.assumed.is_some() && *found == Err(Reason::Absent)
}

#[cfg(test)]
mod tests {
    use super::super::fake::Fake;
    use super::super::table::find;
    use super::*;

    #[test]
    fn a_service_that_hangs_is_not_asked_for_ever() {
        let asked = "settings get global wifi_on";
        let fake = Fake::saying(&[(asked, "1\n")]);
        let wifi = find("wifi").expect("it is in the table");
        let stuck = turn_within(wifi, &fake, "off", Duration::ZERO).expect_err("nothing happens");
        assert_eq!(stuck, "wifi was set to off and is on");
        assert_eq!(fake.asked.take(), [asked], "one look takes all the time there is");
    }
}
