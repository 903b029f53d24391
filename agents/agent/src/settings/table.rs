//! All settings.

use edgesoak_protocol::Reading;
use edgesoak_protocol::job;

use super::panel::Panel;
use super::{
    airplane, background_apps, brightness, charging, doze, fixed_performance, oom_score, screen,
    screen_off_timeout, stay_awake, thermal_override, wifi, zen,
};

/// One thing of a device that a session can hold.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its name in jobs, frames and documents.
    pub(crate) name: &'static str,
    /// Values that a job may ask for, for people.
    pub(crate) takes: &'static str,
    /// The value, as [`Setting::read`] gives it, that a job means by its word.
    pub(crate) means: fn(&str) -> Option<String>,
    /// The value now.
    pub(crate) read: fn(&dyn Panel) -> Reading<String>,
    /// Sets a value that [`Setting::means`] or [`Setting::read`] gave, or says why not; whether it took is read back.
    pub(crate) write: fn(&dyn Panel, &str) -> Result<(), String>,
    /// The value that a system has which does not tell; none where such a system cannot be trusted with a change.
    pub(crate) assumed: Option<&'static str>,
}

/// Every setting.
pub(crate) static ALL: [Setting; 11] = [
    stay_awake::SETTING,
    screen::SETTING,
    screen_off_timeout::SETTING,
    brightness::SETTING,
    doze::SETTING,
    zen::SETTING,
    thermal_override::SETTING,
    fixed_performance::SETTING,
    airplane::SETTING,
    wifi::SETTING,
    charging::SETTING,
];

/// The setting with this name.
pub(crate) fn find(name: &str) -> Option<&'static Setting> {
    ALL.iter().find(|setting| setting.name == name)
}

/// What a job means by one of its settings.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// A value that is held from now to the end, and then given back.
    Value(&'static Setting, String),
    /// Apps that are kept for later end now; see [`background_apps`].
    NoBackgroundApps,
    /// How soon the runtime would be killed, once it runs; see [`oom_score`].
    OomScore,
}

/// What is done once rather than held: names, with what each takes.
const DONE_ONCE: [(&str, &str); 2] =
    [(background_apps::NAME, background_apps::TAKES), (oom_score::NAME, oom_score::TAKES)];

/// What a job means by this setting; or what is wrong with it.
pub(crate) fn wanted(asked: &job::Setting) -> Result<Wanted, String> {
    let (name, value) = (asked.name.as_str(), asked.value.as_str());
    let done_once = match name {
        background_apps::NAME => (value == background_apps::TAKES).then_some(Wanted::NoBackgroundApps),
        oom_score::NAME => oom_score::Wish::of_word(value).map(|_| Wanted::OomScore),
        _ => None,
    };
    let held = || {
        let setting = find(name)?;
        Some(Wanted::Value(setting, (setting.means)(value)?))
    };
    done_once.or_else(held).ok_or_else(|| {
        if let Some((_, takes)) = taken().find(|(known, _)| *known == name) {
            return ["the setting ", name, " takes ", takes, ", not ", value].concat();
        }
        let names: Vec<&str> = taken().map(|(known, _)| known).collect();
        ["there is no setting ", name, "; the settings are ", &names.join(", ")].concat()
    })
}

/// Every name, with the values that it takes.
fn taken() -> impl Iterator<Item = (&'static str, &'static str)> {
    ALL.iter().map(|setting| (setting.name, setting.takes)).chain(DONE_ONCE)
}

/// The word of a switch.
pub(crate) fn on_or_off(word: &str) -> Option<String> {
    matches!(word, "on" | "off").then(|| word.to_owned())
}

/// A whole number from `low` to `high`, in its shortest spelling.
pub(crate) fn number_within(word: &str, low: u32, high: u32) -> Option<String> {
    let digits = word.len() <= 10 && word.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = word.parse().ok().filter(|_| digits)?;
    (low..=high).contains(&number).then(|| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &str, value: &str) -> Result<(&'static str, String), String> {
        let asked = job::Setting { name: name.to_owned(), value: value.to_owned() };
        match wanted(&asked)? {
            Wanted::Value(setting, value) => Ok((setting.name, value)),
            Wanted::NoBackgroundApps => Ok((background_apps::NAME, String::new())),
            Wanted::OomScore => Ok((oom_score::NAME, String::new())),
        }
    }

    #[test]
    fn jobs_ask_by_word() {
        for (name, word, value) in [
            ("stay-awake", "on", "7"),
            ("stay-awake", "off", "0"),
            ("screen", "off", "off"),
            ("screen-off-timeout", "0600000", "600000"),
            ("screen-off-timeout", "never", "2147483647"),
            ("brightness", "255", "255"),
            ("brightness", "auto", "auto"),
            ("doze", "off", "off"),
            ("zen", "alarms", "alarms"),
            ("fixed-performance", "on", "on"),
            ("airplane", "on", "on"),
            ("wifi", "off", "off"),
            ("charging", "off", "off"),
            ("thermal-override", "off", "off"),
            ("background-apps", "ended", ""),
            ("oom-score", "app", ""),
            ("oom-score", "inherited", ""),
        ] {
            assert_eq!(asked(name, word), Ok((name, value.to_owned())), "{name} {word}");
        }
    }

    #[test]
    fn what_no_setting_takes_is_refused() {
        assert!(asked("gravity", "off").expect_err("unknown").contains("stay-awake, screen, "));
        for (name, word) in [
            ("airplane", "On"),
            ("brightness", "256"),
            ("brightness", "-1"),
            ("brightness", "+1"),
            ("screen-off-timeout", "999"),
            ("screen-off-timeout", "99999999999"),
            ("zen", "on; reboot"),
            ("thermal-override", "3"),
            ("background-apps", "off"),
            ("oom-score", "-1000"),
        ] {
            let refused = asked(name, word).expect_err("no such value");
            assert!(refused.contains("takes") && refused.ends_with(word), "{refused}");
        }
    }

    #[test]
    fn names_are_unique() {
        for (index, (name, _)) in taken().enumerate() {
            assert!(taken().skip(index + 1).all(|(other, _)| other != name), "{name}");
        }
    }
}
