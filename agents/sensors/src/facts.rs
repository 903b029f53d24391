//! Who a device says that it is, and what else is no reading: asked once, when it is probed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::capture::{Capture, Fact, Kind};
use crate::command::Limits;
use crate::root::Root;

/// Longest text that is kept, bytes.
const MAX_TEXT: usize = 200;

/// Properties of Android, and the names of their facts.
const PROPERTIES: [(&str, &str); 16] = [
    ("ro.product.manufacturer", "manufacturer"),
    ("ro.product.brand", "brand"),
    ("ro.product.model", "model"),
    ("ro.product.device", "device"),
    ("ro.product.cpu.abilist", "abilist"),
    ("ro.build.fingerprint", "fingerprint"),
    ("ro.build.type", "build_type"),
    ("ro.build.version.release", "release"),
    ("ro.build.version.sdk", "sdk"),
    ("ro.build.version.security_patch", "security_patch"),
    ("ro.soc.manufacturer", "soc_manufacturer"),
    ("ro.soc.model", "soc"),
    ("ro.board.platform", "board"),
    ("ro.hardware", "hardware"),
    ("ro.hardware.egl", "gpu_driver"),
    ("emulator", "emulator"),
];

/// What the broadcast of a changed battery tells of its age.
const PACK: [(&str, &str); 6] = [
    ("battery_decommission", "battery_decommission"),
    ("battery_type", "battery_type"),
    ("battery_family", "battery_family"),
    ("battery_swapping", "battery_swapping"),
    ("mfd", "battery_made"),
    ("partnumber", "battery_part"),
];
const PACK_READINGS: [(&str, &str); 6] = [
    ("battery/health_percent", "battery_health_percent"),
    ("battery/cycle_count", "battery_cycles"),
    ("battery/usage_count", "battery_usages"),
    ("battery/rated_capacity", "battery_rated_uah"),
    ("battery/present_capacity", "battery_capacity_uah"),
    ("battery/total_cumulative_charge", "battery_charged_uah"),
];

/// Adds the facts to `facts`. What a device does not tell is not there.
pub(crate) fn probe(root: &Root, facts: &mut BTreeMap<String, String>) {
    if let Some(release) = kernel_release(root) {
        put(facts, "kernel_release", &release);
    }
    properties(root, facts);
    pack(root, facts);
    if let Some(state) = printed(root, &["getenforce"]) {
        put(facts, "selinux", state.trim());
    }
    if let Some(id) = printed(root, &["id"]) {
        let capture = Kind::Getprop.parse(&id);
        for name in ["uid", "context"] {
            put_fact(facts, name, &capture, name);
        }
    }
}

/// The kernel's release. A recorded folder tells that of its device; a live kernel is asked, since its file may be
/// refused.
fn kernel_release(root: &Root) -> Option<String> {
    if root.path() == Path::new("/") {
        return Some(rustix::system::uname().release().to_string_lossy().into_owned());
    }
    root.word("/proc/sys/kernel/osrelease")
}

/// Release of Android, and whether it runs in an emulator; `None` on any other system.
pub(crate) fn android(root: &Root) -> Option<(String, bool)> {
    let capture = Kind::Getprop.parse(&printed(root, &["getprop"])?);
    let Some(Fact::Word(release)) = capture.facts().get("ro.build.version.release") else { return None };
    Some((cut(release).to_owned(), capture.facts().get("emulator") == Some(&Fact::Flag(true))))
}

fn properties(root: &Root, facts: &mut BTreeMap<String, String>) {
    let Some(text) = printed(root, &["getprop"]) else { return };
    let capture = Kind::Getprop.parse(&text);
    for (property, name) in PROPERTIES {
        put_fact(facts, name, &capture, property);
    }
    // Samsung's own level of throttling.
    let level = capture.readings().iter().find(|reading| reading.channel == "throttling/siop-level");
    if let Some(level) = level.and_then(|reading| reading.value.ok()) {
        put(facts, "siop_level", &level.to_string());
    }
}

/// The pack, as scanners tell of it in the broadcast that stays: whether all its extras are printed depends on the
/// version, and what is not printed is not there.
fn pack(root: &Root, facts: &mut BTreeMap<String, String>) {
    let Some(text) = sticky_battery(root) else { return };
    let capture = Kind::BatteryIntent.parse(&text);
    for (theirs, name) in PACK {
        put_fact(facts, name, &capture, theirs);
    }
    for (channel, name) in PACK_READINGS {
        let reading = capture.readings().iter().find(|reading| reading.channel == channel);
        if let Some(value) = reading.and_then(|reading| reading.value.ok()) {
            put(facts, name, &value.to_string());
        }
    }
}

/// What the broadcast of a changed battery tells now.
pub(crate) fn sticky_battery(root: &Root) -> Option<String> {
    let text = printed(root, &["dumpsys", "activity", "broadcasts"])?;
    sticky(&text).map(str::to_owned)
}

/// The part of the dump that tells what is true now; the history before it holds older broadcasts.
fn sticky(text: &str) -> Option<&str> {
    text.find("Sticky action android.intent.action.BATTERY_CHANGED").map(|place| &text[place..])
}

fn printed(root: &Root, argv: &[&str]) -> Option<String> {
    // The history of broadcasts stands before what counts, and is long.
    let limits = Limits { most: 8 * 1024 * 1024, ..Limits::default() };
    root.run(argv, &limits).text.ok().filter(|text| !text.trim().is_empty())
}

fn put_fact(facts: &mut BTreeMap<String, String>, name: &str, capture: &Capture, theirs: &str) {
    match capture.facts().get(theirs) {
        Some(Fact::Flag(flag)) => put(facts, name, if *flag { "true" } else { "false" }),
        Some(Fact::Number(number)) => put(facts, name, &number.to_string()),
        Some(Fact::Word(word)) => put(facts, name, word),
        None => {}
    }
}

fn put(facts: &mut BTreeMap<String, String>, name: &str, value: &str) {
    if !value.is_empty() {
        facts.insert(name.to_owned(), cut(value).to_owned());
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_holds_now_is_the_pack() {
        let now = "Sticky action android.intent.action.BATTERY_CHANGED:\n  Bundle[{level=80}]\n";
        let text = ["#0: act=android.intent.action.BATTERY_CHANGED\n  * ", now].concat();
        assert_eq!(sticky(&text), Some(now));
        assert_eq!(sticky("history"), None);
    }

    #[test]
    fn long_texts_are_cut_between_letters() {
        let mut facts = BTreeMap::new();
        put(&mut facts, "model", &"é".repeat(300));
        put(&mut facts, "board", "");
        assert_eq!(facts.get("model").map(String::len), Some(200));
        assert_eq!(facts.len(), 1);
    }

    #[test]
    fn android_says_so() {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(dir.path().join("commands")).expect("a directory");
        let root = Root::recorded(dir.path());
        assert_eq!(android(&root), None);
        let text = "[ro.build.version.release]: [15]\n[ro.hardware]: [ranchu]\n[ro.product.model]: [x]\n";
        std::fs::write(dir.path().join("commands/getprop.txt"), text).expect("a small file");
        assert_eq!(android(&root), Some(("15".to_owned(), true)));
        assert_eq!(crate::identity::probe(&root).os, "Android 15");
    }
}
