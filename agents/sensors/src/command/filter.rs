//! What a journal keeps of an answer: the lines that its parser reads, and none that identify a unit or a person.
//!
//! Reading the kept lines gives the same readings as reading them all, so that a better parser can read a journal
//! again.

use std::time::Duration;

/// Most of one answer that is kept, bytes.
const MAX_KEPT: usize = 16 * 1024;
/// Longest line that is kept, bytes; parsers read no longer ones.
const MAX_LINE: usize = 4096;
/// Words with which a device says why there is no answer.
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
        for line in text.lines().filter(|line| line.len() <= MAX_LINE) {
            let trimmed = line.trim();
            let wanted = (self.0)(trimmed) || REFUSALS.iter().any(|words| trimmed.contains(words));
            if !wanted || trimmed.is_empty() {
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
        wanted && (line.contains("CurrentValue:") || line.contains("EmulTemp:"))
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
    const KEYS: [&str; 24] = [
        "level",
        "scale",
        "voltage",
        "temperature",
        "Charge counter",
        "status",
        "health",
        "present",
        "technology",
        "AC powered",
        "USB powered",
        "Wireless powered",
        "Dock powered",
        "current now",
        "mSecPlugTypeSummary",
        "batteryMiscEvent",
        "batteryCurrentEvent",
        "Battery current",
        "Charger voltage",
        "PhoneTemp",
        "PlugType",
        "UpdatesStopped",
        "mSavedBatteryAsoc",
        "USE_FAKE_BATTERY",
    ];
    Keep::new(|line| {
        let heading = line.starts_with("Current ") && line.ends_with("Battery Service state:")
            || line.starts_with('[') && line.ends_with("LogBuffer]");
        let key = line.split_once(':').map_or("", |(key, _)| key.trim_end());
        heading || line.starts_with("(UPDATES STOPPED") || KEYS.contains(&key)
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
