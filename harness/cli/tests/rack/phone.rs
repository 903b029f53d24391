//! A phone as adb itself shows it: what `edgesoak` claims of it is held against this.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_record::plan::AddressPart;

/// Settings that a session may change: namespace and name.
const SETTINGS: [(&str, &str); 7] = [
    ("global", "stay_on_while_plugged_in"),
    ("global", "zen_mode"),
    ("global", "airplane_mode_on"),
    ("global", "wifi_on"),
    ("system", "screen_off_timeout"),
    ("system", "screen_brightness"),
    ("system", "screen_brightness_mode"),
];
/// A phone that starts anew.
const LONGEST_BOOT: Duration = Duration::from_mins(6);

/// How adb reaches a phone.
pub struct Phone {
    serial: String,
    server: Option<String>,
}

impl Phone {
    /// The phone at an address of the matrix.
    pub fn at(address: &[AddressPart]) -> Result<Self, String> {
        let part = |key: &str| address.iter().find(|part| part.key == key).map(|part| part.value.clone());
        Ok(Self { serial: part("serial").ok_or("no serial in the address")?, server: part("server") })
    }

    /// What adb prints; an error when it fails.
    pub fn adb(&self, words: &[&str]) -> Result<String, String> {
        let mut command = Command::new("timeout");
        command.args(["60", "adb"]);
        if let Some((host, port)) = self.server.as_deref().and_then(|server| server.rsplit_once(':')) {
            command.args(["-H", host, "-P", port]);
        }
        let output = command.args(["-s", &self.serial]).args(words).output();
        let output = output.map_err(|error| format!("adb does not start: {error}"))?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() {
            return Ok(said);
        }
        Err(format!("adb {words:?}: {said} {}", String::from_utf8_lossy(&output.stderr).trim()))
    }

    /// Attached, authorised and answering.
    pub fn answers(&self) -> bool {
        self.adb(&["shell", "echo", "here"]).is_ok_and(|said| said == "here")
    }

    /// Waits until it answers, or does not.
    pub fn wait_until_answers(&self, wanted: bool, limit: Duration) -> Result<(), String> {
        let begin = Instant::now();
        while self.answers() != wanted {
            if begin.elapsed() > limit {
                let state = if wanted { "does not answer" } else { "still answers" };
                return Err(format!("{} {state} after {limit:?}", self.serial));
            }
            thread::sleep(Duration::from_secs(1));
        }
        Ok(())
    }

    /// Waits until it has started, screen and services included.
    pub fn wait_until_booted(&self) -> Result<(), String> {
        self.wait_until_answers(true, LONGEST_BOOT)?;
        let begin = Instant::now();
        while self.adb(&["shell", "getprop", "sys.boot_completed"]).as_deref() != Ok("1") {
            if begin.elapsed() > LONGEST_BOOT {
                return Err(format!("{} has not started after {LONGEST_BOOT:?}", self.serial));
            }
            thread::sleep(Duration::from_secs(2));
        }
        Ok(())
    }

    /// Every setting that a session may change.
    pub fn settings(&self) -> Result<Vec<(String, String)>, String> {
        let read = |(space, name): &(&str, &str)| {
            Ok((format!("{space}/{name}"), self.adb(&["shell", "settings", "get", space, name])?))
        };
        SETTINGS.iter().map(read).collect()
    }

    /// Some supply is plugged in. `None`: it does not answer, as when the same port carries power and data.
    pub fn is_powered(&self) -> Option<bool> {
        let said = self.adb(&["shell", "dumpsys", "battery"]).ok()?;
        said.contains("powered:").then(|| said.lines().any(|line| line.trim().ends_with("powered: true")))
    }

    /// Programs of ours that still run on it.
    pub fn left_running(&self) -> Result<Vec<String>, String> {
        // Old phones know no -A, and show all processes without it.
        let listed = self.adb(&["shell", "ps -A 2>/dev/null || ps"])?;
        // A virtual phone is itself a program of ours.
        let ours =
            listed.lines().filter(|line| line.contains("edgesoak-") && !line.contains("edgesoak-virtua"));
        Ok(ours.map(str::to_owned).collect())
    }
}
