//! Outputs of real devices, published by others and kept outside this repository.

mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use edgesoak_protocol::Reason;
use edgesoak_protocol::probe::ProbedChannel;
use edgesoak_sensors::Bank;
use tree::Tree;

fn captures() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/captures");
    if !path.is_dir() {
        println!("skipped: the published captures are not beside this repository");
        return None;
    }
    Some(path)
}

/// Lines `/path:content`, where the path may hold colons; lines without a path go on with the file before.
fn put_all(tree: &Tree, text: &str, rename: impl Fn(&str) -> String) {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match line.rsplit_once(':').filter(|_| line.starts_with('/')) {
            Some((path, content)) => files.push((rename(path), content.to_owned())),
            None => files.last_mut().expect("a file was begun").1.extend(["\n", line]),
        }
    }
    for (path, content) in files {
        tree.put(&path, &format!("{content}\n"));
    }
}

fn probed(tree: &Tree) -> Vec<ProbedChannel> {
    Bank::open(&tree.root()).probed()
}

fn value(channels: &[ProbedChannel], name: &str) -> Result<f64, Reason> {
    let channel = channels.iter().find(|channel| channel.name == name);
    let channel = channel.unwrap_or_else(|| panic!("{name} is not in the table"));
    channel.value.ok_or_else(|| channel.missing.expect("no value has a reason"))
}

fn close(found: Result<f64, Reason>, expected: f64) {
    let found = found.expect("a value");
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found} against {expected}");
}

#[test]
fn a_laptop_with_battery_rapl_and_cpufreq() {
    let Some(captures) = captures() else { return };
    let text = |name: &str| {
        fs::read_to_string(captures.join("x86-laptop-procfs").join(name)).expect("a capture can be read")
    };
    let tree = Tree::from_capture("");
    put_all(&tree, &text("power-supply-bat0-ac.txt"), |path| match path.split_once("/power_supply/") {
        Some((_, rest)) => format!("/sys/class/power_supply/{rest}"),
        None => path.to_owned(),
    });
    put_all(&tree, &text("powercap-intel-rapl.txt"), str::to_owned);
    put_all(&tree, &text("cpufreq-policy.txt"), str::to_owned);
    let channels = probed(&tree);
    close(value(&channels, "battery/bat0/voltage"), 12.229);
    close(value(&channels, "battery/bat0/power"), 4.83);
    close(value(&channels, "battery/bat0/level"), 98.0);
    close(value(&channels, "battery/bat0/status"), 3.0);
    assert_eq!(value(&channels, "battery/bat0/current"), Err(Reason::Absent));
    close(value(&channels, "supply/ac/online"), 0.0);
    close(value(&channels, "rapl/package-0"), 240_422.366_267);
    close(value(&channels, "rapl/package-0/core"), 118_821.284_256);
    close(value(&channels, "cpufreq/policy0/cur"), 1_219_917_000.0);
    close(value(&channels, "cpufreq/policy0/cap"), 2.4e9);
}

#[test]
fn zones_of_three_units_on_one_phone() {
    let Some(captures) = captures() else { return };
    let path = captures.join("msm8953-android7/thermal-zones.mixed-units.txt");
    let text = fs::read_to_string(path).expect("a capture can be read");
    let tree = Tree::from_capture("");
    for line in text.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [zone, kind, temp] = fields[..] else { continue };
        tree.put(&format!("/sys/class/thermal/{zone}/type"), kind);
        tree.put(&format!("/sys/class/thermal/{zone}/temp"), temp);
    }
    let channels = probed(&tree);
    close(value(&channels, "temperature/bms"), 25.0);
    close(value(&channels, "temperature/tsens_tz_sensor5"), 30.9);
    close(value(&channels, "temperature/xo_therm"), 31.0);
    close(value(&channels, "temperature/pm8953_tz"), 32.636);
    assert_eq!(value(&channels, "temperature/pa_therm1"), Err(Reason::Sentinel));
}

#[test]
fn a_thermal_class_with_gaps() {
    let Some(captures) = captures() else { return };
    let path = captures.join("_composite-not-one-machine/thermal-class.txt");
    let tree = Tree::from_capture("");
    put_all(&tree, &fs::read_to_string(path).expect("a capture can be read"), str::to_owned);
    let channels = probed(&tree);
    close(value(&channels, "temperature/bcm2835_thermal"), 49.925);
    assert_eq!(value(&channels, "temperature/acpitz"), Err(Reason::Implausible));
    close(value(&channels, "cooling/processor"), 0.0);
    close(value(&channels, "cooling/intel_powerclamp"), -1.0);
    assert_eq!(value(&channels, "cooling/tfn1"), Err(Reason::Absent));
}

#[test]
fn a_virtual_machine_and_its_process() {
    let Some(captures) = captures() else { return };
    let text = |name: &str| {
        fs::read_to_string(captures.join("local-debian12-x86_64-vm").join(name))
            .expect("a capture can be read")
    };
    let tree = Tree::from_capture("");
    tree.put("/proc/meminfo", &text("meminfo.head.txt"));
    tree.put("/proc/net/dev", &text("proc-net-dev.txt"));
    tree.put("/proc/4570/status", &text("proc-pid-status.txt"));
    // The capture holds `stat` and a second file in one; a process's own file ends with its first line.
    let stat = text("proc-pid-stat.txt");
    tree.put("/proc/4570/stat", stat.lines().next().expect("a first line"));
    let mut bank = Bank::open(&tree.root());
    bank.watch_runtime(Some(4570));
    let channels = bank.probed();
    close(value(&channels, "memory/available"), 22_240_504.0 * 1024.0);
    assert_eq!(value(&channels, "memory/swap_free"), Err(Reason::Absent));
    close(value(&channels, "network/received"), 1_637_362_694.0);
    close(value(&channels, "network/sent"), 2_763_671.0);
    close(value(&channels, "runtime/rss_anon"), 112.0 * 1024.0);
    close(value(&channels, "runtime/rss_file"), 1556.0 * 1024.0);
    close(value(&channels, "runtime/cpu_time"), 0.0);
    assert_eq!(value(&channels, "temperature/any"), Err(Reason::Absent));
}
