//! What is found on four made-up devices, and how ticks follow the table.

mod tree;

use std::fmt::Write;

use edgesoak_protocol::{RawReading, Reason};
use edgesoak_sensors::{Bank, FAST, Root, SLOW};
use tree::Tree;

/// The channel table as text: value or reason, group, source.
fn table(root: &Root) -> String {
    let mut bank = Bank::open(root);
    let probed = bank.probed();
    let mut text = String::new();
    for (spec, channel) in bank.specs().iter().zip(&probed) {
        let reading = match (channel.value, channel.missing) {
            (Some(value), None) => format!("{value:.2} {}", channel.unit.symbol()),
            (None, Some(reason)) if spec.missing.is_some() => format!("- {reason}"),
            (None, Some(reason)) => format!("now {reason}"),
            other => panic!("neither a value nor a reason: {other:?}"),
        };
        let group = if spec.group == FAST { "fast" } else { "slow" };
        let word = channel.quantity.word();
        writeln!(
            text,
            "{:<34} {word:<15} {reading:<22} {group} rule {} {}",
            spec.name, spec.rule, spec.source
        )
        .expect("a string grows");
    }
    text
}

fn fast(bank: &mut Bank) -> Vec<(String, RawReading)> {
    let mut values = Vec::new();
    bank.read(FAST, &mut values);
    let present = bank.specs().iter().filter(|spec| spec.group == FAST && spec.missing.is_none());
    let names: Vec<String> = present.map(|spec| spec.name.clone()).collect();
    assert_eq!(names.len(), values.len());
    names.into_iter().zip(values).collect()
}

fn of(values: &[(String, RawReading)], name: &str) -> RawReading {
    values.iter().find(|(found, _)| found == name).expect("the channel is in the tick").1
}

#[test]
fn a_laptop() {
    insta::assert_snapshot!(table(&Tree::from_capture(include_str!("captures/laptop.txt")).root()));
}

#[test]
fn a_board() {
    insta::assert_snapshot!(table(&Tree::from_capture(include_str!("captures/board.txt")).root()));
}

#[test]
fn a_handheld() {
    insta::assert_snapshot!(table(&Tree::from_capture(include_str!("captures/handheld.txt")).root()));
}

#[test]
fn a_virtual_machine() {
    insta::assert_snapshot!(table(&Tree::from_capture(include_str!("captures/vm.txt")).root()));
}

#[test]
fn the_runtime_is_followed_and_lost() {
    let tree = Tree::from_capture(include_str!("captures/vm.txt"));
    let mut bank = Bank::open(&tree.root());
    let absent = RawReading(Err(Reason::Absent));
    assert_eq!(of(&fast(&mut bank), "runtime/rss_anon"), absent);
    bank.watch_runtime(Some(77));
    let values = fast(&mut bank);
    assert_eq!(of(&values, "runtime/rss_anon"), RawReading(Ok(61_000)));
    assert_eq!(of(&values, "runtime/swap"), RawReading(Ok(0)));
    assert_eq!(of(&values, "runtime/cpu_time"), RawReading(Ok(300)));
    assert_eq!(of(&values, "runtime/major_faults"), RawReading(Ok(12)));
    bank.watch_runtime(Some(78));
    assert_eq!(of(&fast(&mut bank), "runtime/cpu_time"), absent);
    bank.watch_runtime(None);
    assert_eq!(of(&fast(&mut bank), "runtime/rss_file"), absent);
}

#[test]
fn ticks_hold_the_untouched_integers_of_the_moment() {
    let tree = Tree::from_capture(include_str!("captures/laptop.txt"));
    let mut bank = Bank::open(&tree.root());
    assert_eq!(of(&fast(&mut bank), "temperature/x86_pkg_temp"), RawReading(Ok(61_000)));
    tree.put("/sys/class/thermal/thermal_zone1/temp", "-274000\n");
    let values = fast(&mut bank);
    assert_eq!(of(&values, "temperature/x86_pkg_temp"), RawReading(Ok(-274_000)));
    let spec = bank.specs().iter().find(|spec| spec.name == "temperature/x86_pkg_temp").expect("it is there");
    assert_eq!(spec.value(Ok(-274_000)), Err(Reason::Sentinel));
    let energy = bank.specs().iter().find(|spec| spec.name == "rapl/package-0/dram").expect("it is there");
    assert_eq!(energy.wraps_at(), Some(65_712_999_613));
}

#[test]
fn groups_share_no_channel_and_leave_none_out() {
    for capture in [include_str!("captures/laptop.txt"), include_str!("captures/handheld.txt")] {
        let tree = Tree::from_capture(capture);
        let mut bank = Bank::open(&tree.root());
        let (mut fast, mut slow, mut other) = (Vec::new(), Vec::new(), vec![RawReading(Ok(1))]);
        bank.read(FAST, &mut fast);
        bank.read(SLOW, &mut slow);
        bank.read(9, &mut other);
        let present = bank.specs().iter().filter(|spec| spec.missing.is_none()).count();
        assert_eq!(fast.len() + slow.len(), present);
        assert!(other.is_empty());
    }
}

#[test]
fn names_are_unique_on_a_hostile_device() {
    let tree = Tree::from_capture("");
    for zone in 0..400 {
        tree.put(&format!("/sys/class/thermal/thermal_zone{zone}/type"), &"x".repeat(300));
        tree.put(&format!("/sys/class/thermal/thermal_zone{zone}/temp"), "30000\n");
    }
    let bank = Bank::open(&tree.root());
    let mut names: Vec<&str> = bank.specs().iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(names.iter().filter(|name| name.starts_with("temperature/")).count(), 256);
    assert!(names.contains(&"runtime/rss_anon"));
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn this_very_machine_answers() {
    let mut bank = Bank::open(&Root::default());
    bank.watch_runtime(Some(std::process::id()));
    let values = fast(&mut bank);
    assert!(matches!(of(&values, "runtime/rss_anon"), RawReading(Ok(kib)) if kib > 0));
    assert!(matches!(of(&values, "cpu/user"), RawReading(Ok(ticks)) if ticks > 0));
    for channel in bank.probed() {
        assert_ne!(channel.value.is_some(), channel.missing.is_some(), "{}", channel.name);
    }
    for class in ["temperature", "power", "cpufreq"] {
        let shown =
            bank.specs().iter().any(|spec| spec.name.starts_with(class) || spec.name.starts_with("hwmon/"));
        let battery = bank.specs().iter().any(|spec| spec.name.starts_with("battery/bat"));
        assert!(shown || battery, "{class} is neither there nor missing");
    }
}
