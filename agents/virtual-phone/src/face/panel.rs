//! The programs of the system, and the settings that can be turned through them.
//!
//! Every program is the same script: it prints what is kept for its words. A setting that is turned is kept as the
//! answer to whoever asks for it next.

use super::{Page, answer, boards, is_android};
use crate::profile::Profile;

/// The script that stands in for any program.
pub const PROGRAM: &str = r#"#!/bin/sh
# Stands in for a program of a simulated device: prints the answer that is kept for its words.
answers="${0%/*}/../answers"
program="${0##*/}"
name="$program"
for word in "$@"; do name="${name}_$word"; done
while :; do
    case "$name" in
    */*) name="${name%%/*}+${name#*/}" ;;
    *) break ;;
    esac
done
keep() {
    case "$1" in *[!A-Za-z0-9_.]*) exit 1 ;; esac
    printf '%s\n' "$2" > "$answers/.$1.$$" && mv "$answers/.$1.$$" "$answers/$1.txt"
    exit
}
case "$program $*" in
"settings put "*) keep "settings_get_$2_$3" "$4" ;;
"svc wifi enable") keep settings_get_global_wifi_on 1 ;;
"svc wifi disable") keep settings_get_global_wifi_on 0 ;;
"cmd connectivity airplane-mode enable") keep settings_get_global_airplane_mode_on 1 ;;
"cmd connectivity airplane-mode disable") keep settings_get_global_airplane_mode_on 0 ;;
"dumpsys deviceidle enable "*) keep "dumpsys_deviceidle_enabled_$3" 1 ;;
"dumpsys deviceidle disable "*) keep "dumpsys_deviceidle_enabled_$3" 0 ;;
"cmd power set-fixed-performance-mode-enabled "*) keep fixed_performance "  mFixedPerformanceModeEnabled=$3" ;;
"cmd notification set_dnd off") keep settings_get_global_zen_mode 0 ;;
"cmd notification set_dnd priority") keep settings_get_global_zen_mode 1 ;;
"cmd notification set_dnd none") keep settings_get_global_zen_mode 2 ;;
"cmd notification set_dnd alarms") keep settings_get_global_zen_mode 3 ;;
"cmd thermalservice override-status "[0-6]) keep thermal_override "$3" ;;
"cmd thermalservice reset") keep thermal_override "" ;;
"am kill-all") keep background_apps "" ;;
"svc power reboot"*) exec "${0%/*}/reboot" ;;
"svc power shutdown") exec "${0%/*}/reboot" -p ;;
"input keyevent KEYCODE_WAKEUP") keep dumpsys_power "  mWakefulness=Awake" ;;
"input keyevent KEYCODE_SLEEP") keep dumpsys_power "  mWakefulness=Asleep" ;;
esac
if [ "$name" = dumpsys_power ]; then exec cat "$answers/dumpsys_power.txt" "$answers/fixed_performance.txt"; fi
if [ "$name" = dumpsys_activity_oom ]; then exec cat "$answers/$name.txt" "$answers/background_apps.txt"; fi
if [ "$name" = dumpsys_thermalservice ] && read -r status < "$answers/thermal_override.txt" && [ "$status" ]; then
    set -- -e "s/^IsStatusOverride: .*/IsStatusOverride: true/" -e "s/^Thermal Status: .*/Thermal Status: $status/"
    exec sed "$@" "$answers/$name.txt"
fi
if [ -f "$answers/$name.txt" ]; then exec cat "$answers/$name.txt"; fi
case "$program" in
getprop) echo ;;
id) exec /usr/bin/id "$@" ;;
# Nothing is logged, and no app is installed that could be stopped by its name.
am | logcat | pm) ;;
dumpsys) case "$*" in dropbox*) echo "Drop box contents: 0 entries"; exit ;; esac; echo "Can't find service: $1" >&2; exit 20 ;;
dmesg) echo "dmesg: klogctl: Permission denied" >&2; exit 1 ;;
settings) echo null ;;
*) echo "$program: unknown command" >&2; exit 255 ;;
esac
"#;

/// Settings as they are at first.
const SETTINGS: [(&str, &str); 16] = [
    ("settings get global stay_on_while_plugged_in", "0"),
    ("settings get system screen_off_timeout", "60000"),
    ("settings get system screen_brightness", "102"),
    ("settings get system screen_brightness_mode", "0"),
    ("settings get global zen_mode", "0"),
    ("settings get global airplane_mode_on", "0"),
    ("settings get global wifi_on", "1"),
    ("dumpsys deviceidle enabled deep", "1"),
    ("dumpsys deviceidle enabled light", "1"),
    (
        "dumpsys trust",
        "Trust manager state:\n User \"Owner\" (id=0, flags=0x13) (current): trusted=0, deviceLocked=0",
    ),
    ("fixed performance", "  mFixedPerformanceModeEnabled=false"),
    ("thermal override", ""),
    (
        "dumpsys activity oom",
        "  Process OOM control (5 total, non-act at 3, non-svc at 3):\n    \
         PERS #4: sys    F/ /PER  LCMN  t: 0 1200:system/1000 (fixed)\n    \
         Proc # 0: fg     T/A/TOP  LCMN  t: 0 2200:com.example.home/u0a20 (top-activity)",
    ),
    (
        "background apps",
        "    Proc # 3: cch+95 b/ /CEM  ---  t: 0 2301:com.example.clock/u0a21 (cch-empty)\n    \
         Proc # 2: cch+ 5 b/A/CACC ---  t: 0 2302:com.example.notes/u0a22 (cch-act)\n    \
         Proc # 1: cch    b/A/CACC ---  t: 0 2303:com.example.maps/u0a23 (cch-act)",
    ),
    ("wm size", "Physical size: 1080x2400"),
    ("dumpsys power", "POWER MANAGER (dumpsys power)\n  mWakefulness=Awake"),
];

pub(super) fn pages() -> Vec<Page> {
    SETTINGS.iter().map(|(words, text)| answer(words, *text)).collect()
}

/// The programs that a system of this kind has.
#[must_use]
pub fn programs(profile: &Profile) -> Vec<&'static str> {
    if is_android(profile) {
        return vec![
            "am",
            "cmd",
            "dmesg",
            "dumpsys",
            "getenforce",
            "getprop",
            "id",
            "input",
            "logcat",
            "pm",
            "settings",
            "svc",
            "wm",
        ];
    }
    boards::program(profile).into_iter().collect()
}
