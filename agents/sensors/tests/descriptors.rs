//! More files than the usual limit of descriptors. Alone in its process, whose limit it changes.

mod tree;

use edgesoak_sensors::{Bank, FAST};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tree::Tree;

#[test]
fn a_device_with_more_sensors_than_descriptors_is_read_whole() {
    let tree = Tree::from_capture("");
    for zone in 0..200 {
        tree.put(&format!("/sys/class/thermal/thermal_zone{zone}/type"), "cpu");
        tree.put(&format!("/sys/class/thermal/thermal_zone{zone}/temp"), "30000\n");
    }
    let limit = getrlimit(Resource::Nofile);
    if limit.maximum.is_some_and(|maximum| maximum < 300) {
        println!("skipped: this system allows too few descriptors");
        return;
    }
    setrlimit(Resource::Nofile, Rlimit { current: Some(64), ..limit }).expect("a limit may be lowered");
    let mut bank = Bank::open(&tree.root());
    let zones = bank.specs().iter().filter(|spec| spec.name.starts_with("temperature/"));
    let (read, missing): (Vec<_>, Vec<_>) = zones.partition(|spec| spec.missing.is_none());
    assert_eq!((read.len(), missing.len()), (200, 0));
    let mut values = Vec::new();
    bank.read(FAST, &mut values);
    assert_eq!(values.iter().filter(|value| value.0 == Ok(30_000)).count(), 200);
}
