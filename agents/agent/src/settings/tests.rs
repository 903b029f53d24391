//! What each setting reads, and what it turns.

use edgesoak_protocol::Reason;

use super::changes::Change;
use super::fake::Fake;
use super::restore::undo;
use super::table::{ALL, Setting, find};
use super::turn::{Turned, turn};

fn setting(name: &str) -> &'static Setting {
    find(name).expect("it is in the table")
}

/// What a setting reads where the device says one thing.
fn read(name: &str, asked: &str, said: &str) -> Result<String, Reason> {
    (setting(name).read)(&Fake::saying(&[(asked, said)]))
}

/// What a setting turns to get a value.
fn turns(name: &str, value: &str) -> Vec<String> {
    let fake = Fake::saying(&[("/sys/class/power_supply/battery/input_suspend", "0\n")]);
    (setting(name).write)(&fake, value).expect("this device takes everything");
    fake.turned.take()
}

#[test]
fn stored_numbers_become_values_or_reasons() {
    for (name, key, said, value) in [
        ("stay-awake", "global stay_on_while_plugged_in", "3\n", Ok("3")),
        ("stay-awake", "global stay_on_while_plugged_in", "null\n", Ok("0")),
        ("screen-off-timeout", "system screen_off_timeout", "60000\n", Ok("60000")),
        ("screen-off-timeout", "system screen_off_timeout", "null\n", Err(Reason::Absent)),
        ("screen-off-timeout", "system screen_off_timeout", "java.lang.Error\n", Err(Reason::Parse)),
        ("zen", "global zen_mode", "2\n", Ok("none")),
        ("zen", "global zen_mode", "4\n", Err(Reason::Parse)),
        ("airplane", "global airplane_mode_on", "1\n", Ok("on")),
        ("airplane", "global airplane_mode_on", "2\n", Err(Reason::Parse)),
        ("wifi", "global wifi_on", "3\n", Ok("off")),
        ("wifi", "global wifi_on", "2\n", Ok("on")),
        ("wifi", "global wifi_on", "null\n", Err(Reason::Absent)),
    ] {
        let found = read(name, &format!("settings get {key}"), said);
        assert_eq!(found.as_deref().map_err(|reason| *reason), value, "{name} {said}");
        assert_eq!(read(name, "nothing", ""), Err(Reason::CommandMissing), "{name}");
    }
}

#[test]
fn the_power_service_tells_of_screen_and_clocks() {
    let dump = |line: &str| {
        format!("POWER MANAGER (dumpsys power)\n\nPower Manager State:\n  mDirty=0x0\n  {line}\n")
    };
    for (line, value) in [
        ("mWakefulness=Awake", Ok("on")),
        ("mWakefulness=Dreaming", Ok("on")),
        ("mWakefulness=Dozing", Ok("off")),
        ("mWakefulness=Asleep", Ok("off")),
        ("mWakefulness=Unknown", Err(Reason::Parse)),
        ("mWakefulnessChanging=false", Err(Reason::Absent)),
    ] {
        let found = read("screen", "dumpsys power", &dump(line));
        assert_eq!(found.as_deref().map_err(|reason| *reason), value, "{line}");
    }
    for (line, value) in [
        ("mFixedPerformanceModeEnabled=true", Ok("on")),
        ("mFixedPerformanceModeEnabled=false", Ok("off")),
        ("mWakefulness=Awake", Err(Reason::Absent)),
    ] {
        let found = read("fixed-performance", "dumpsys power", &dump(line));
        assert_eq!(found.as_deref().map_err(|reason| *reason), value, "{line}");
    }
}

#[test]
fn an_override_of_the_heat_status_is_told_with_its_status() {
    for (dump, value) in [
        ("IsStatusOverride: false\nThermal Status: 2\n", Ok("off")),
        ("IsStatusOverride: true\nThermal Status: 3\nCached temperatures:\n", Ok("3")),
        ("IsStatusOverride: true\nThermal Status: 0\n", Ok("0")),
        ("IsStatusOverride: true\nThermal Status: 9\n", Err(Reason::Parse)),
        ("IsStatusOverride: true\n", Err(Reason::Parse)),
        ("Thermal Status: 0\n", Err(Reason::Absent)),
        ("Can't find service: thermalservice\n", Err(Reason::Absent)),
    ] {
        let found = read("thermal-override", "dumpsys thermalservice", dump);
        assert_eq!(found.as_deref().map_err(|reason| *reason), value, "{dump}");
    }
}

#[test]
fn an_override_that_ended_with_its_boot_is_not_made_again() {
    let fake = || {
        let mut fake = Fake::saying(&[
            ("dumpsys thermalservice", "IsStatusOverride: false\nThermal Status: 0\n"),
            ("/proc/sys/kernel/random/boot_id", "second\n"),
        ]);
        let made = "IsStatusOverride: true\nThermal Status: 3\n";
        fake.effects.push(("cmd thermalservice override-status 3", "dumpsys thermalservice", made));
        fake
    };
    let change = |boot: &str| {
        let [setting, before, after] = ["thermal-override", "3", "off"].map(str::to_owned);
        Change { setting, before, after, boot: boot.to_owned() }
    };
    for (boot, value, turned) in [("first", "off", 0), ("second", "3", 1), ("", "3", 1)] {
        let fake = fake();
        assert_eq!(undo(&change(boot), &fake).as_deref(), Ok(value), "{boot}");
        assert_eq!(fake.turned.take().len(), turned, "{boot}");
    }
}

#[test]
fn brightness_and_doze_are_told_in_two_parts() {
    let brightness = |mode, value| {
        let fake = Fake::saying(&[
            ("settings get system screen_brightness_mode", mode),
            ("settings get system screen_brightness", value),
        ]);
        (setting("brightness").read)(&fake).expect("it tells")
    };
    assert_eq!((brightness("0", "128"), brightness("1", "128")), ("128".to_owned(), "auto".to_owned()));
    for (deep, light, word) in [("1", "1", "on"), ("0", "0", "off"), ("1", "0", "deep"), ("0", "1", "light")]
    {
        let fake = Fake::saying(&[
            ("dumpsys deviceidle enabled deep", deep),
            ("dumpsys deviceidle enabled light", light),
        ]);
        assert_eq!((setting("doze").read)(&fake).as_deref(), Ok(word));
    }
}

#[test]
fn every_setting_turns_its_own_switches() {
    for (name, value, switches) in [
        ("stay-awake", "7", &["settings put global stay_on_while_plugged_in 7"][..]),
        ("screen", "off", &["input keyevent KEYCODE_SLEEP"]),
        ("screen", "on", &["input keyevent KEYCODE_WAKEUP"]),
        ("screen-off-timeout", "60000", &["settings put system screen_off_timeout 60000"]),
        (
            "brightness",
            "128",
            &["settings put system screen_brightness_mode 0", "settings put system screen_brightness 128"],
        ),
        ("brightness", "auto", &["settings put system screen_brightness_mode 1"]),
        ("doze", "off", &["dumpsys deviceidle disable deep", "dumpsys deviceidle disable light"]),
        ("doze", "light", &["dumpsys deviceidle disable deep", "dumpsys deviceidle enable light"]),
        ("zen", "none", &["cmd notification set_dnd none"]),
        ("thermal-override", "off", &["cmd thermalservice reset"]),
        ("thermal-override", "3", &["cmd thermalservice override-status 3"]),
        ("fixed-performance", "on", &["cmd power set-fixed-performance-mode-enabled true"]),
        ("airplane", "off", &["cmd connectivity airplane-mode disable"]),
        ("wifi", "off", &["svc wifi disable"]),
        ("charging", "off", &["/sys/class/power_supply/battery/input_suspend = 1"]),
    ] {
        assert_eq!(turns(name, value), switches, "{name} {value}");
    }
}

#[test]
fn each_node_has_its_own_polarity() {
    let battery = "/sys/class/power_supply/battery";
    for (node, on, off) in [
        (format!("{battery}/input_suspend"), "0", "1"),
        (format!("{battery}/charging_enabled"), "1", "0"),
        (format!("{battery}/charge_disable"), "0", "1"),
        (format!("{battery}/batt_slate_mode"), "0", "1"),
    ] {
        let fake = Fake::saying(&[(&node, on)]);
        assert_eq!((setting("charging").read)(&fake).as_deref(), Ok("on"), "{node}");
        assert_eq!(turn(setting("charging"), &fake, "off"), Ok(Turned::Seen));
        assert_eq!(fake.turned.take(), [format!("{node} = {off}")]);
    }
    let denied = Fake::saying(&[("/sys/class/power_supply/battery/input_suspend", "EACCES")]);
    assert_eq!((setting("charging").read)(&denied), Err(Reason::Denied));
    assert_eq!((setting("charging").read)(&Fake::default()), Err(Reason::Absent));
    let odd = Fake::saying(&[("/sys/class/power_supply/battery/input_suspend", "2\n")]);
    assert_eq!((setting("charging").read)(&odd), Err(Reason::Parse));
}

#[test]
fn a_value_counts_when_it_is_read_back() {
    let asked = "settings get global wifi_on";
    let mut fake = Fake::saying(&[(asked, "1\n")]);
    let stuck = turn(setting("wifi"), &fake, "off").expect_err("nothing happens on this device");
    assert_eq!(stuck, "wifi was set to off and is on");
    fake.effects.push(("svc wifi disable", asked, "0\n"));
    assert_eq!(turn(setting("wifi"), &fake, "off"), Ok(Turned::Seen));
    let blind = Fake::saying(&[("dumpsys power", "mWakefulness=Awake\n")]);
    assert_eq!(turn(setting("fixed-performance"), &blind, "on"), Ok(Turned::Unseen));
}

/// A lab records what settings ask for: an answer under other words would never be found.
#[test]
fn the_recorder_asks_what_the_settings_ask() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/record_on_device.sh");
    let script = std::fs::read_to_string(script).expect("the recorder");
    let fake = Fake::saying(&[
        ("dumpsys deviceidle enabled deep", "1"),
        ("settings get system screen_brightness_mode", "0"),
    ]);
    for setting in &ALL {
        // Most have no answer here; what counts is what they ask for.
        let _ = (setting.read)(&fake);
    }
    let asked = fake.asked.take();
    assert!(asked.len() >= 20, "{asked:?}");
    for words in &asked {
        let last = words.rsplit([' ', '/']).next().unwrap_or_default();
        assert!(script.contains(last), "{words}");
    }
}
