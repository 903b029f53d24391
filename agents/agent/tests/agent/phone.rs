//! Programs that play a phone's: what they print and what they change lies in files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::device::Device;

/// `settings get|put NAMESPACE KEY [VALUE]`.
const SETTINGS: &str = r#"case "$1" in
get) value="$(cat "$state/$2.$3" 2>/dev/null || echo null)"
    echo "$value"
    # What somebody turns on again once it was seen off.
    if [ "$value" = 0 ] && [ -e "$state/slips.$2.$3" ]; then mv "$state/slips.$2.$3" "$state/$2.$3"; fi ;;
put) echo "$4" > "$state/$2.$3" ;;
esac
"#;

/// `dumpsys SERVICE`: a file of that name, unless it was told to hang.
const DUMPSYS: &str = r#"name="$(echo "$*" | tr ' /' '_+')"
case "$*" in
"deviceidle disable"*) echo 0 > "$state/dumpsys.deviceidle_enabled_$3" ;;
"deviceidle enable "*) echo 1 > "$state/dumpsys.deviceidle_enabled_$3" ;;
*)
    if [ -e "$state/hang.$name" ]; then echo $$ > "$state/hanging"; sleep 600; fi
    cat "$state/dumpsys.$name" 2>/dev/null || echo "Can't find service: $1" ;;
esac
"#;

/// The commands of services that settings go through.
const CMD: &str = r#"case "$*" in
"connectivity airplane-mode enable") echo 1 > "$state/global.airplane_mode_on" ;;
"connectivity airplane-mode disable") echo 0 > "$state/global.airplane_mode_on" ;;
"power set-fixed-performance-mode-enabled"*)
    [ -e "$state/fixed" ] && exit 0
    echo "$3" > "$state/asked"
    echo "Failed to set FIXED_PERFORMANCE mode" >&2; exit 255 ;;
"thermalservice reset") say_heat false 0 ;;
"thermalservice override-status"*) say_heat true "$3" ;;
*) echo "No shell command implementation." >&2; exit 255 ;;
esac
"#;

/// What `cmd thermalservice` leaves `dumpsys thermalservice` to say.
const SAY_HEAT: &str = r#"say_heat() {
    printf 'IsStatusOverride: %s\nThermal Status: %s\n' "$1" "$2" > "$state/dumpsys.thermalservice"
}
"#;

/// `am kill-all`; a phone may refuse it to a shell.
const AM: &str = r#"if [ -e "$state/refuses" ]; then echo "java.lang.SecurityException: Permission Denial" >&2; exit 255; fi
if [ -e "$state/fewer" ]; then mv "$state/fewer" "$state/dumpsys.activity_oom"; fi
"#;

/// `svc wifi enable|disable`; a radio that is stuck stays as it is.
const SVC: &str = r#"[ -e "$state/stuck" ] && exit 0
case "$2" in
enable) echo 1 > "$state/global.wifi_on" ;;
disable) echo 0 > "$state/global.wifi_on" ;;
esac
"#;

/// `logcat`, whatever is asked of it.
const LOGCAT: &str = r#"if [ -e "$state/hang.logcat" ]; then sleep 600; fi
cat "$state/logcat" 2>/dev/null || echo "--------- beginning of main"
"#;

/// What the phone says at first.
const STATE: [(&str, &str); 8] = [
    ("global.airplane_mode_on", "0"),
    ("global.wifi_on", "1"),
    ("global.stay_on_while_plugged_in", "3"),
    ("system.screen_off_timeout", "60000"),
    ("dumpsys.power", "POWER MANAGER (dumpsys power)\n  mWakefulness=Awake"),
    ("dumpsys.deviceidle_enabled_deep", "1"),
    ("dumpsys.deviceidle_enabled_light", "1"),
    (
        "dumpsys.battery",
        "Current Battery Service state:\n  AC powered: false\n  USB powered: false\n  status: 3\n  health: 2\n  \
         present: true\n  level: 81\n  scale: 100\n  voltage: 3990\n  temperature: 287\n  technology: Li-ion",
    ),
];

impl Device {
    /// A device that is a phone: an empty tree and the programs of a phone.
    pub fn phone() -> Self {
        let mut device = Self::new();
        let (system, bin) = (device.outside().join("system"), device.outside().join("bin"));
        for folder in [&system, &bin, &device.state()] {
            fs::create_dir(folder).expect("made");
        }
        for (name, text) in STATE {
            device.say(name, text);
        }
        let state = device.state();
        let cmd = [SAY_HEAT, CMD].concat();
        let programs = [
            ("settings", SETTINGS),
            ("dumpsys", DUMPSYS),
            ("cmd", &cmd),
            ("svc", SVC),
            ("am", AM),
            ("logcat", LOGCAT),
        ];
        for (name, script) in programs {
            let program = bin.join(name);
            let text = format!("#!/bin/sh\nstate='{}'\n{script}", state.display());
            fs::write(&program, text).expect("written");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("made a program");
        }
        device.system = system;
        device.programs = Some(bin);
        device
    }

    fn state(&self) -> PathBuf {
        self.outside().join("state")
    }

    /// Lets the phone say something from now on.
    pub fn say(&self, name: &str, text: &str) {
        // Renamed into its place, so that no program prints half of it.
        let new = self.outside().join("new");
        fs::write(&new, format!("{text}\n")).expect("written");
        fs::rename(new, self.state().join(name)).expect("in its place");
    }

    /// What the phone says.
    pub fn says(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.state().join(name)).ok().map(|text| text.trim().to_owned())
    }
}
