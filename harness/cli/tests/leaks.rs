//! Planted secrets on the whole way: put into prompts of a device, searched for on it and on the host, judged and shown.

mod world;

use std::collections::BTreeSet;
use std::fs;

use edgesoak_golden::leak::CanaryKey;
use serde_json::Value;
use sha2::{Digest, Sha256};
use world::{Spoken, World, agents_with, gate};

const MODEL: &str = "edgesoak-described-model = 1\nname = \"small\"\nweights_bytes = 200_000_000\n\
    kv_bytes_per_token = 20_000\nflop_per_token = 7e8\nresident_bytes = 90_000_000\n";

/// A world with one phone that is not there, of which this goes wrong, and a tier that blocks on leaks.
fn world(faults: &[&str]) -> World {
    let world = World::new();
    world.write("small.toml", MODEL);
    let sha256 = edgesoak_record::hex(&Sha256::digest(MODEL));
    let matrix =
        world.matrix().replace("[candidate.scripted]", "[candidate.scripted]\nfamilies = [\"host\"]");
    let more = format!(
        r#"
[family.phones]
title = "Phones that are not there"

[policy.tier.sealed]
blocking = ["journal", "leaks"]

[[device]]
id = "phone"
family = "phones"
driver = "virtual"
address = {{ profile = "tensor-phone", seed = 3, faults = {faults:?} }}
stop_at = {{ temperature = "110 C" }}

[profile.sealed]
tier = "sealed"
devices = ["phone"]
override.soak = {{ duration = "1 s" }}

[candidate.small]
families = ["phones"]
routes = ["policy_qa"]
runtime = "scripted-runner"
artifact = {{ path = "small.toml", sha256 = "{sha256}" }}
placement = "cpu"
options = {{ threads = 4 }}
"#
    );
    world.write("device_matrix.toml", &(matrix + &more));
    world
}

fn call(world: &World, arguments: &str) -> Spoken {
    world.call_with(arguments, agents_with(&["edgesoak-virtual-phone"]))
}

/// Lines of the run's journal of this kind.
fn lines(world: &World, kind: &str) -> Vec<Value> {
    let run =
        fs::read_dir(world.path().join("edgesoak-out/runs")).expect("runs").flatten().next().expect("a run");
    let journal = fs::read_to_string(run.path().join("host.journal")).expect("a journal");
    let lines =
        journal.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["event"].clone());
    lines.filter(|event| event["kind"] == kind).collect()
}

#[test]
fn secrets_that_stay_where_they_belong_pass() {
    let world = world(&[]);
    let plan = call(&world, "plan --profile sealed --format json");
    assert_eq!(plan.json()["sessions"][0]["canaries"], true, "{}", plan.transcript());
    let spoken = call(&world, "run --profile sealed --format json");
    let run = spoken.json();
    let leaks = gate(&run, "leaks");
    assert_eq!(leaks["outcome"], "pass", "{leaks}\n{:#?}", lines(&world, "searched"));
    let sides: Vec<Value> =
        lines(&world, "searched").iter().map(|line| line["searched"]["side"].clone()).collect();
    assert_eq!(sides, ["device", "host", "reports"]);
    let key = fs::read(world.path().join(".local/state/edgesoak/canary-key")).expect("a key");
    assert_eq!(key.len(), 64);
    assert_eq!(
        fs::read_dir(world.path().join(".local/state/edgesoak/planted")).expect("a folder").count(),
        0
    );
    sweeps(&world, run["run"].as_str().expect("an id"));
    let first = call(&world, "judge latest --format json").stdout;
    assert_eq!(call(&world, "store rebuild").exit, Some(0));
    assert_eq!(call(&world, "judge latest --format json").stdout, first);
}

/// A later command finds a secret in a file that nobody knew of, and refuses to search for others.
fn sweeps(world: &World, run: &str) {
    let key = world.path().join(".local/state/edgesoak/canary-key");
    let text = fs::read_to_string(&key).expect("a key");
    let byte = |at: usize| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("hexadecimal");
    let secret = CanaryKey::new(std::array::from_fn(byte)).canary(&[run, "s01", "message"]);
    let exported = call(world, "export latest --as csv --as parquet --as perfetto --as jsonl");
    assert_eq!(exported.exit, Some(0), "{}", exported.transcript());
    let kept = call(world, "store sweep latest");
    assert_eq!(kept.exit, Some(0), "{}", kept.transcript());
    let leaking = world.path().join("edgesoak-out/runs").join(run).join("export/csv/leaking.csv");
    fs::write(&leaking, secret.expose()).expect("an exported file");
    let found = call(world, "store sweep latest");
    assert_eq!(found.exit, Some(1), "{}", found.transcript());
    assert!(found.stdout.contains("run-folder export/csv/leaking.csv: the secret"), "{}", found.stdout);
    fs::remove_file(&leaking).expect("it is there");
    world.write("clean.txt", "nothing");
    world.write("bugreport.txt", &format!("I/runtime: {}\n", secret.expose()));
    assert_eq!(call(world, "store sweep latest clean.txt").exit, Some(0));
    let found = call(world, "store sweep latest clean.txt bugreport.txt");
    assert_eq!(found.exit, Some(1), "{}", found.transcript());
    assert!(
        found.stdout.contains("s01: files bugreport.txt: the secret of the message (plain)"),
        "{}",
        found.stdout
    );
    assert!(!found.transcript().contains(secret.expose()));
    assert_eq!(call(world, "store sweep latest nowhere.txt").exit, Some(2));
    std::os::unix::fs::symlink("bugreport.txt", world.path().join("link.txt")).expect("a link");
    assert_eq!(call(world, "store sweep latest link.txt").exit, Some(1), "what a person names is followed");
    fs::create_dir(world.path().join("empty")).expect("room");
    assert_eq!(call(world, "store sweep latest empty").exit, Some(5), "nothing read is nothing shown");
    fs::write(world.path().join("logs.gz"), b"\x1f\x8b\x08 anything").expect("room");
    let packed = call(world, "store sweep latest logs.gz");
    assert_eq!(packed.exit, Some(3), "{}", packed.transcript());
    assert!(packed.stdout.contains("logs.gz: compressed (gzip)"), "{}", packed.stdout);
    fs::write(&key, "0".repeat(64)).expect("ours");
    let other = call(world, "store sweep latest clean.txt");
    assert_eq!(other.exit, Some(2), "other secrets would never be found: {}", other.transcript());
    fs::write(&key, text).expect("ours");
}

#[test]
fn every_leak_of_a_device_is_found_and_told_without_the_secret() {
    let faults = [
        "prompt-in-log",
        "prompt-in-logcat:base64",
        "prompt-in-crash-buffer:hex",
        "prompt-in-dropbox:url",
        "prompt-in-tombstone:utf16",
        "prompt-in-app-file:split",
        "prompt-in-temp:base64",
        "prompt-in-shared-memory:hex",
        "prompt-in-local-temp",
        "prompt-in-anr:split",
    ];
    let world = world(&faults);
    let spoken = call(&world, "run --profile sealed --format json");
    assert_eq!(spoken.last_line(), "verdict=fail exit=1 reason=leaks", "{}", spoken.transcript());
    let device = &lines(&world, "searched")[0]["searched"];
    let mut found = BTreeSet::new();
    for place in device["places"].as_array().expect("places") {
        for hit in place["found"].as_array().into_iter().flatten() {
            found.insert((place["place"].as_str().expect("a name"), hit["form"].as_str().expect("a form")));
        }
    }
    let expected = [
        ("app-files", "split"),
        ("crash-buffer", "hex"),
        ("dropbox", "url"),
        ("logcat", "base64"),
        ("logs", "plain"),
        ("temp", "base64"),
        ("temp", "hex"),
        ("temp", "plain"),
        ("tombstones", "split"),
        ("tombstones", "utf16"),
    ];
    assert!(found.is_superset(&BTreeSet::from(expected)), "{device:#}");
    for line in lines(&world, "searched").iter().skip(1) {
        assert!(!line.to_string().contains("\"found\""), "the host holds none: {line}");
    }
}
