//! Devices in quarantine, through the binary: not used, checked, let out by a person.

mod world;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use world::World;

const RECORD: &str = r#"{
  "device": "this-machine",
  "whose": "lab",
  "why": "charger could not be undone",
  "since": 1767323045000000000,
  "run": "20260102-030405-soak-0af3"
}"#;

fn record(world: &World) -> PathBuf {
    world.path().join(".local/state/edgesoak/quarantine/this-machine.json")
}

/// A world whose device is in quarantine.
fn world() -> World {
    let world = World::new();
    let path = record(&world);
    fs::create_dir_all(path.parent().expect("a folder")).expect("room");
    fs::write(path, RECORD).expect("room");
    world
}

#[test]
fn a_device_in_quarantine_is_not_used_until_a_person_lets_it_out() {
    let world = world();
    let spoken = world.call("run --profile smoke");
    assert_eq!(spoken.exit, Some(4), "{}", spoken.transcript());
    assert!(spoken.stdout.contains("charger could not be undone"), "{}", spoken.transcript());

    let spoken = world.call("devices --check this-machine");
    assert!(spoken.stderr.contains("it stays in quarantine"), "{}", spoken.transcript());
    let kept: Value =
        serde_json::from_str(&fs::read_to_string(record(&world)).expect("it is there")).expect("JSON");
    assert!(kept["check"]["verdict"].as_str().is_some_and(|word| !word.is_empty()), "{kept}");
    assert_eq!(kept["why"], "charger could not be undone");

    let spoken = world.call("devices");
    assert!(spoken.stdout.contains("quarantined"), "{}", spoken.transcript());
    assert!(
        spoken.stdout.contains("charger could not be undone (its last check, run "),
        "{}",
        spoken.transcript()
    );

    insta::assert_snapshot!(
        "devices-clear",
        world.call("devices --clear this-machine --reason new-cable").transcript()
    );
    let spoken = world.call("run --profile smoke");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
}

#[test]
fn nothing_is_let_out_that_is_not_in_or_for_no_reason() {
    let world = World::new();
    insta::assert_snapshot!(
        "devices-clear-nothing",
        world.call("devices --clear this-machine --reason new-cable").transcript()
    );
    let spoken = world.call("devices --clear this-machine");
    assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
    let spoken = world.call("devices --check that-machine");
    assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
}

#[test]
fn a_busy_device_is_told_of_by_the_run_that_has_it() {
    let world = World::new();
    let dir = world.path().join(".local/state/edgesoak/leases");
    fs::create_dir_all(&dir).expect("room");
    let lock = fs::File::create(dir.join("this-machine")).expect("room");
    lock.lock().expect("free");
    fs::write(dir.join("this-machine.run"), "20260102-030405-soak-0af3").expect("room");
    let spoken = world.call("run --profile smoke --wait 1s");
    assert_eq!(spoken.exit, Some(4), "{}", spoken.transcript());
    let words = "run 20260102-030405-soak-0af3 of this host works with this-machine";
    assert!(spoken.stdout.contains(words), "{}", spoken.transcript());
}
