//! Candidates of different sizes on one route and two families, from measurement to the one that ships.

mod world;

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use world::{Spoken, World, agents_with};

const DEVICES: &str = r#"
[family.phones]
title = "Phones that are not there"

[family.scanners]
title = "Scanners that are not there"

[[device]]
id = "virtual:tensor"
family = "phones"
driver = "virtual"
address = { profile = "tensor-phone", seed = 3, ambient = "23 C" }
stop_at = { temperature = "110 C" }

[[device]]
id = "virtual:scanner"
family = "scanners"
driver = "virtual"
address = { profile = "sdm660-scanner", seed = 4, ambient = "28 C" }
stop_at = { temperature = "110 C" }

[route.policy_qa.bars_for.scanners]
floor_tps = "10 tokens/s"

[policy.tier.everywhere]
blocking = ["journal"]
required_families = ["phones", "scanners", "host"]

[profile.rack]
tier = "smoke"
devices = ["virtual:*"]

[profile.phones]
extends = "rack"
devices = ["virtual:tensor"]
"#;

/// A described model whose file has this many bytes more than it needs.
fn model(name: &str, weights: u32, more: usize) -> String {
    format!(
        "edgesoak-described-model = 1\nname = \"{name}\"\nweights_bytes = {weights}\n\
         kv_bytes_per_token = 20_000\nflop_per_token = 7e8\nresident_bytes = 90_000_000\n#{}\n",
        "-".repeat(more)
    )
}

/// A world with two candidates: `dense`, the smaller file, which reads more of its weights, and `sparse`.
fn world() -> World {
    let world = World::new();
    let mut matrix = world
        .matrix()
        .replace("duration = \"2 s\"", "duration = \"240 s\"")
        .replace("[candidate.scripted]", "[candidate.scripted]\nfamilies = [\"host\"]")
        + DEVICES;
    for (name, weights, more) in [("dense", 900_000_000, 0), ("sparse", 200_000_000, 1000)] {
        let text = model(name, weights, more);
        let sha256 = edgesoak_record::hex(&Sha256::digest(&text));
        world.write(&format!("{name}.toml"), &text);
        let _ = write!(
            matrix,
            "\n[candidate.{name}]\nfamilies = [\"phones\", \"scanners\"]\nroutes = [\"policy_qa\"]\n\
             runtime = \"scripted-runner\"\nartifact = {{ path = \"{name}.toml\", sha256 = \"{sha256}\" }}\n\
             placement = \"cpu\"\noptions = {{ threads = 4 }}\n"
        );
    }
    world.write("device_matrix.toml", &matrix);
    world
}

fn call(world: &World, arguments: &str) -> Spoken {
    world.call_with(arguments, agents_with(&["edgesoak-virtual-phone"]))
}

fn routes(select: &Spoken) -> Value {
    select.json()["routes"].clone()
}

/// Sessions that a selection rests on, as run, family and candidate.
fn rests_on(select: &Spoken) -> Vec<[String; 3]> {
    let text = |used: &Value, key: &str| used[key].as_str().unwrap_or_default().to_owned();
    let select = select.json();
    let used = select["rests_on"].as_array().expect("sessions");
    let mut used: Vec<_> =
        used.iter().map(|used| ["run", "family", "candidate"].map(|key| text(used, key))).collect();
    used.sort();
    used
}

#[test]
fn the_smallest_that_clears_every_bar_on_every_family_is_chosen() {
    let world = world();
    let run = call(&world, "run --profile rack --format json");
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    let first = run.json()["run"].as_str().expect("an id").to_owned();

    let told = world.call("select");
    assert_eq!(told.last_line(), "verdict=not_proven exit=3 reason=virtual_only", "{}", told.transcript());
    assert!(told.stdout.contains("policy_qa (virtual) | phones, scanners"), "{}", told.stdout);
    assert!(told.stdout.contains("  ✔ sparse     1.1 KiB  chosen"), "{}", told.stdout);
    assert!(told.stdout.contains("  ✖ dense        149 B\n      ✖ scanners: Floor "), "{}", told.stdout);
    let select = world.call("select --format json");
    let route = routes(&select)[0].clone();
    assert_eq!((&route["chosen"], &route["virtual"]), (&json!("sparse"), &json!(true)), "{route}");
    let dense = &route["considered"][0];
    assert_eq!((&dense["candidate"], &dense["size_bytes"]), (&json!("dense"), &json!(149)));
    let missed = dense["misses"].as_array().expect("misses");
    assert_eq!(missed.len(), 1, "it is fast enough for phones: {missed:?}");
    assert_eq!((&missed[0]["gate"], &missed[0]["outcome"]), (&json!("floor_tps"), &json!("fail")));

    // Phones again: scanners keep what they have.
    let again = call(&world, "run --profile phones --format json").json()["run"].as_str().map(str::to_owned);
    let again = again.expect("an id");
    let place = |run: &str, family: &str, candidate: &str| [run, family, candidate].map(str::to_owned);
    let mut newest = vec![place(&again, "phones", "dense"), place(&again, "phones", "sparse")];
    newest.extend([place(&first, "scanners", "dense"), place(&first, "scanners", "sparse")]);
    newest.sort();
    assert_eq!(rests_on(&world.call("select --format json")), newest);
    let named = world.call("select latest --format json");
    assert_eq!(routes(&named)[0]["families"], json!(["phones"]));
    assert_eq!(routes(&named)[0]["chosen"], "dense", "the smaller one is good enough for phones");

    by_another_policy(&world);
}

/// What a tier and bars of the matrix as it lies there make of the same runs.
fn by_another_policy(world: &World) {
    let everywhere = world.call("select --tier everywhere --format json");
    assert_eq!(everywhere.last_line(), "verdict=not_proven exit=3 reason=not_run", "{}", everywhere.stderr);
    let misses = routes(&everywhere)[0]["considered"][1]["misses"].clone();
    assert_eq!((&misses[0]["family"], &misses[0]["why"]), (&json!("host"), &json!("did not run there")));
    assert!(everywhere.stderr.contains("policy of tier everywhere"), "{}", everywhere.stderr);

    world.write("device_matrix.toml", &world.matrix().replace("\"10 tokens/s\"", "\"150 tokens/s\""));
    let nobody = world.call("select --tier smoke");
    assert_eq!(nobody.last_line(), "verdict=fail exit=1 reason=floor_tps", "{}", nobody.transcript());
    assert!(nobody.stdout.contains("NOT SELECTED"), "{}", nobody.stdout);
}

#[test]
fn where_nothing_was_measured_nothing_is_selected() {
    let world = World::new();
    let nowhere = world.call("select");
    assert_eq!((nowhere.exit, nowhere.last_line()), (Some(2), "verdict=error exit=2 reason=no_database"));
    assert_eq!(world.call("run").exit, Some(3));
    let other = world.call("select --route photo_support");
    assert_eq!((other.exit, other.last_line()), (Some(5), "verdict=error exit=5 reason=not_measured"));
    assert_eq!(world.call("select --rout x").last_line(), "verdict=error exit=2 reason=usage");
}
