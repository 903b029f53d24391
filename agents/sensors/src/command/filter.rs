//! What a journal keeps of an answer: the lines that its parser reads, and none that identify a unit or a person.
//!
//! Reading the kept lines gives the same readings as reading them all, so that a better parser can read a journal
//! again.

use std::time::Duration;

use crate::capture::battery;

/// Most of one answer that is kept, bytes.
const MAX_KEPT: usize = 16 * 1024;
/// Longest line that is kept, bytes; parsers read no longer ones.
const MAX_LINE: usize = 4096;
/// Most lines that say why there is no answer.
const MAX_REFUSALS: usize = 4;
/// Words with which a device says why there is no answer. In an answer they belong to somebody's log.
const REFUSALS: [&str; 7] = [
    "ermission",
    "No such file",
    "Can't find service",
    "not found",
    "Failed to",
    "not initialized",
    "initialization failed",
];

/// Decides line by line, from the trimmed line.
pub(crate) struct Keep(Box<dyn FnMut(&str) -> bool>);

impl Keep {
    fn new(decide: impl FnMut(&str) -> bool + 'static) -> Self {
        Self(Box::new(decide))
    }

    /// The kept lines.
    pub fn of(mut self, text: &str) -> String {
        let mut kept = String::new();
        let (mut answered, mut refusals) = (false, 0);
        for line in text.lines().filter(|line| line.len() <= MAX_LINE) {
            let trimmed = line.trim();
            if trimmed.is_empty() {
                continue;
            }
            if (self.0)(trimmed) {
                answered = true;
            } else if !answered && refusals < MAX_REFUSALS && is_refusal(trimmed) {
                refusals += 1;
            } else {
                continue;
            }
            if kept.len() + line.len() >= MAX_KEPT {
                break;
            }
            kept.push_str(line);
            kept.push('\n');
        }
        kept
    }
}

fn is_refusal(line: &str) -> bool {
    REFUSALS.iter().any(|words| line.contains(words))
}

/// Everything: small answers of firmware.
pub(crate) fn everything() -> Keep {
    Keep::new(|_| true)
}

/// States, and the two sections of what the HAL says now: no listeners, nothing cached, no thresholds.
pub(crate) fn thermalservice() -> Keep {
    let mut current = false;
    Keep::new(move |line| {
        if line.ends_with(':') {
            current = matches!(line, "Current temperatures from HAL:" | "Current cooling devices from HAL:");
            return current;
        }
        if line.starts_with("Temperature{") || line.starts_with("CoolingDevice{") {
            return current;
        }
        ["IsStatusOverride:", "Thermal Status:", "HAL Ready:"].iter().any(|key| line.starts_with(key))
            || line.contains(" connected: ")
    })
}

/// The current sections, and what somebody emulates.
pub(crate) fn ithermal() -> Keep {
    let mut wanted = true;
    Keep::new(move |line| {
        if line.ends_with(':') && (line.starts_with("get") || line.starts_with("send")) {
            wanted = matches!(
                line,
                "getCurrentTemperatures:" | "getCurrentCoolingDevices:" | "getEmulTemperatures:"
            );
            return wanted;
        }
        wanted && ["CurrentValue:", "EmulTemp:", "Failed to get"].iter().any(|key| line.contains(key))
    })
}

/// The arrays that are measurements.
pub(crate) fn hardware_properties() -> Keep {
    Keep::new(|line| {
        let label = line.split_once(": [").map_or("", |(label, _)| label);
        label.ends_with(" temperatures")
            && !["throttling", "shutdown"].iter().any(|limit| label.contains(limit))
    })
}

/// The keys of the service and of the vendors that are read, with the headings of their blocks. Logs, dates of
/// first use and whatever else vendors print stay on the device.
pub(crate) fn battery() -> Keep {
    // What a charger may do, and the history of a pack, are facts of a probe.
    const NOT_SAMPLED: [&str; 6] = [
        "Max charging current",
        "Max charging voltage",
        "Charging state",
        "Charging policy",
        "Capacity level",
        "mSavedBatteryUsage",
    ];
    Keep::new(|line| {
        let heading = line.starts_with("Current ") && line.ends_with("Battery Service state:")
            || line.starts_with('[') && line.ends_with("LogBuffer]");
        let key = line.split_once(':').map_or("", |(key, _)| key.trim_end());
        let read = battery::reads(key) && !NOT_SAMPLED.contains(&key);
        heading || read || line.starts_with("(UPDATES STOPPED")
    })
}

/// The meters, without residencies of states and modelled consumers.
pub(crate) fn powerstats() -> Keep {
    let mut metered = false;
    Keep::new(move |line| {
        if line.starts_with("=====") {
            metered = (line.contains("energy meter") || line.contains("rail energy data"))
                && !line.contains("End of");
            return true;
        }
        metered && (line.contains(" mWs") || line.starts_with("Elapsed time:"))
    })
}

/// Nanoseconds of a duration.
pub(crate) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use proptest::prelude::*;

    use super::*;
    use crate::capture::{Capture, Fact};
    use crate::command::list::{self, Command};

    const FILTERED: [&Command; 6] = [
        &list::THERMALSERVICE,
        &list::ITHERMAL,
        &list::HARDWARE_PROPERTIES,
        &list::BATTERY,
        &list::POWERSTATS,
        &list::GET_THROTTLED,
    ];

    /// What a session takes from a text: its channels, and the facts among them.
    fn taken(command: &Command, text: &str) -> (Vec<String>, Vec<Option<Fact>>) {
        let capture: Capture = command.kind.parse(text);
        let wanted = capture.readings().iter().filter(|reading| command.quantity(&reading.channel).is_some());
        let facts = command.facts.iter().map(|row| capture.facts().get(row.fact).cloned());
        (wanted.map(|reading| format!("{reading:?}")).collect(), facts.collect())
    }

    fn files(dir: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(dir).into_iter().flatten();
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()).collect()
    }

    fn texts(command: &Command) -> Vec<(PathBuf, String)> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let own = files(&here.join("tests/outputs").join(command.kind.word()));
        assert!(!own.is_empty(), "{:?} has outputs", command.kind);
        let text = |path: PathBuf| {
            let bytes = fs::read(&path).expect("an output can be read");
            (path, String::from_utf8_lossy(&bytes).into_owned())
        };
        own.into_iter().map(text).collect()
    }

    #[test]
    fn kept_lines_say_all_that_is_sampled() {
        for command in FILTERED {
            for (path, text) in texts(command) {
                let kept = (command.keep)().of(&text);
                assert_eq!(taken(command, &kept), taken(command, &text), "{}", path.display());
                assert!(kept.len() <= MAX_KEPT);
            }
        }
    }

    #[test]
    fn nothing_but_what_is_read_is_kept() {
        for command in [&list::BATTERY, &list::THERMALSERVICE, &list::ITHERMAL, &list::POWERSTATS] {
            for (path, text) in texts(command) {
                let kept = (command.keep)().of(&text);
                for word in [
                    "FirstUse",
                    "LLB",
                    "LogBuffer]\n0",
                    "callbacks",
                    "Threshold",
                    "Cached",
                    "residenc: ",
                    "Hysteresis",
                    "Serial",
                ] {
                    assert!(!kept.contains(word), "{word} of {}", path.display());
                }
            }
        }
    }

    #[test]
    fn what_a_log_says_is_no_refusal() {
        let answer = "Current Battery Service state:\n  level: 80\n";
        let log = "healthd: pack R32N80 not found\n";
        assert_eq!(battery().of(&[answer, log].concat()), answer);
        assert_eq!(battery().of("Can't find service: battery\n"), "Can't find service: battery\n");
        assert_eq!(battery().of(&log.repeat(9)), log.repeat(MAX_REFUSALS));
    }

    #[test]
    fn a_flood_of_good_lines_is_bounded() {
        let line = "Temperature{mValue=31.5, mType=0, mName=CPU, mStatus=0}\n";
        let text = ["Current temperatures from HAL:\n", &line.repeat(10_000)].concat();
        let kept = thermalservice().of(&text);
        assert!(kept.len() <= MAX_KEPT && kept.len() > MAX_KEPT - 2 * line.len());
        assert_eq!(everything().of(&"x".repeat(5000)), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn unknown_lines_change_nothing(
            noise in "[A-Za-z0-9 _.,=-]{0,60}",
            at in 0_usize..40,
            command in 0_usize..5,
        ) {
            let command = FILTERED[command];
            for (path, text) in texts(command) {
                let mut lines: Vec<&str> = text.lines().collect();
                lines.insert(at.min(lines.len()), &noise);
                let text = lines.join("\n");
                let kept = (command.keep)().of(&text);
                prop_assert_eq!(taken(command, &kept), taken(command, &text), "{}", path.display());
            }
        }
    }
}
