//! Checks of devices' health as they fall due, through the binary.

mod world;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest, Sha256};
use world::{Spoken, World, agents_with};

const MODEL: &str = "edgesoak-described-model = 1\nname = \"small\"\nweights_bytes = 200_000_000\n\
    kv_bytes_per_token = 20_000\nflop_per_token = 7e8\nresident_bytes = 90_000_000\n";

const FAULT: &str = ", faults = [\"thermal-shutdown@20s:30W\"]";

const DEVICES: &str = r#"
[family.phones]
title = "Phones that are not there"

[[device]]
id = "virtual:ill"
family = "phones"
driver = "virtual"
address = { profile = "tensor-phone", seed = 3, ambient = "23 C", faults = ["thermal-shutdown@20s:30W"] }
stop_at = { temperature = "120 C" }

[[device]]
id = "virtual:well"
family = "phones"
driver = "virtual"
address = { profile = "tensor-phone", seed = 4, ambient = "23 C" }
stop_at = { temperature = "120 C" }

[profile.nightly]
tier = "smoke"
devices = ["virtual:*"]

[profile.check]
extends = "nightly"
candidates = ["small"]

[health_check]
profile = "check"
after = 2

[candidate.small]
families = ["phones"]
runtime = "scripted-runner"
artifact = { path = "small.toml", sha256 = "SHA256" }
placement = "cpu"
options = { threads = 4 }
"#;

/// A world with a phone that switches itself off for heat, and one that does not.
fn world() -> World {
    let world = World::new();
    world.write("small.toml", MODEL);
    let devices = DEVICES.replace("SHA256", &edgesoak_record::hex(&Sha256::digest(MODEL)));
    let matrix =
        matrix(&world).replace("[candidate.scripted]", "[candidate.scripted]\nfamilies = [\"host\"]");
    world.write(
        "device_matrix.toml",
        &(matrix.replace("duration = \"2 s\"", "duration = \"170 s\"") + &devices),
    );
    world
}

fn matrix(world: &World) -> String {
    fs::read_to_string(world.path().join("device_matrix.toml")).expect("the world's matrix")
}

fn call(world: &World, arguments: &str) -> Spoken {
    world.call_with(arguments, agents_with(&["edgesoak-virtual-phone"]))
}

fn record(world: &World) -> PathBuf {
    world.path().join(".local/state/edgesoak/quarantine/virtual:ill.json")
}

fn kept(world: &World) -> Value {
    serde_json::from_slice(&fs::read(record(world)).expect("it is there")).expect("JSON")
}

fn is_nothing_due(world: &World) -> bool {
    let spoken = call(world, "devices --check");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    spoken.stdout == "no device is due for a check of its health\n"
}

#[test]
fn a_device_that_fails_run_after_run_is_checked_and_kept_out_until_a_person_lets_it_in() {
    let world = world();
    assert!(is_nothing_due(&world));
    call(&world, "run --profile nightly");
    assert!(is_nothing_due(&world), "once is no habit");
    call(&world, "run --profile nightly");

    let spoken = call(&world, "devices --check");
    assert!(
        spoken.stderr.contains("virtual:ill is in quarantine now: 2 runs in a row and a check of its health"),
        "{}",
        spoken.transcript()
    );
    assert!(!spoken.stderr.contains("virtual:well"), "nobody doubts it: {}", spoken.transcript());
    let record = kept(&world);
    assert_eq!(
        (record["whose"].as_str(), record["run"].as_str()),
        (Some("device"), record["check"]["run"].as_str())
    );
    assert!(is_nothing_due(&world), "it was looked at just now");

    // A day later, and somebody has found the fan.
    let mut record = kept(&world);
    record["check"]["at"] = 1.into();
    fs::write(self::record(&world), record.to_string()).expect("room");
    world.write("device_matrix.toml", &matrix(&world).replace(FAULT, ""));
    let spoken = call(&world, "devices --check");
    assert!(
        spoken
            .stderr
            .contains("virtual:ill was checked: pass; it stays in quarantine until a person lets it out"),
        "{}",
        spoken.transcript()
    );
    assert_eq!(kept(&world)["check"]["verdict"], "pass");
    let spoken = call(&world, "run --profile nightly --devices virtual:ill");
    assert!(spoken.stdout.contains("virtual:ill is in quarantine"), "{}", spoken.transcript());

    call(&world, "devices --clear virtual:ill --reason new-fan");
    let spoken = call(&world, "run --profile nightly --devices virtual:ill --format json");
    assert_eq!(spoken.json()["sessions"][0]["verdict"], "pass", "{}", spoken.transcript());
}

#[test]
fn what_is_due_cannot_be_told_without_a_rule() {
    insta::assert_snapshot!(
        "devices-check-without-a-rule",
        World::new().call("devices --check").transcript()
    );
}
