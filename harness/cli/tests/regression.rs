//! Candidates held against each other through the whole product, on virtual phones.

mod world;

use std::fmt::Write as _;
use std::fs;

use sha2::{Digest, Sha256};
use world::{Spoken, World, agents_with};

const DEVICES: &str = r#"
[family.phones]
title = "Phones that are not there"

[[device]]
id = "virtual:tensor"
family = "phones"
driver = "virtual"
address = { profile = "tensor-phone", seed = 3, ambient = "23 C" }
stop_at = { temperature = "110 C" }

[profile.ab]
tier = "smoke"
devices = ["virtual:tensor"]
"#;

fn model(name: &str, weights: u32) -> String {
    format!(
        "edgesoak-described-model = 1\nname = \"{name}\"\nweights_bytes = {weights}\n\
         kv_bytes_per_token = 20_000\nflop_per_token = 7e8\nresident_bytes = 90_000_000\n"
    )
}

/// A world with three candidates: `old`, `twin`, which costs the same, and `heavy`, which reads more of its weights.
fn world() -> World {
    let world = World::new();
    let matrix = fs::read_to_string(world.path().join("device_matrix.toml")).expect("the world's matrix");
    let mut matrix = matrix
        .replace("duration = \"2 s\"", "duration = \"240 s\"")
        .replace("[candidate.scripted]", "[candidate.scripted]\nfamilies = [\"host\"]")
        + DEVICES;
    for (name, weights) in [("old", 200_000_000), ("twin", 200_000_000), ("heavy", 260_000_000)] {
        let text = model(name, weights);
        let sha256 = edgesoak_record::hex(&Sha256::digest(&text));
        world.write(&format!("{name}.toml"), &text);
        let _ = write!(
            matrix,
            "\n[candidate.{name}]\nfamilies = [\"phones\"]\nroutes = [\"policy_qa\"]\nruntime = \"scripted-runner\"\n\
             artifact = {{ path = \"{name}.toml\", sha256 = \"{sha256}\" }}\nplacement = \"cpu\"\n\
             options = {{ threads = 4 }}\n"
        );
    }
    world.write("device_matrix.toml", &matrix);
    world
}

/// A branch of the world's matrix on which a fifth may be lost.
fn lenient(world: &World) {
    let path = world.path().join("device_matrix.toml");
    let text = fs::read_to_string(&path).expect("the world's matrix");
    fs::write(&path, format!("{text}\n[policy]\nregression_margin = \"20 %\"\n")).expect("written");
    let git = |arguments: &str| {
        let identity = ["-c", "user.name=lab", "-c", "user.email=lab@example.org"];
        let mut git = std::process::Command::new("git");
        let ran =
            git.arg("-C").arg(world.path()).args(identity).args(arguments.split(' ')).output().expect("git");
        assert!(ran.status.success(), "{arguments}: {}", String::from_utf8_lossy(&ran.stderr));
    };
    git("init --quiet --initial-branch=loosened");
    git("add device_matrix.toml");
    git("commit --quiet --message=loosened");
    fs::write(&path, text).expect("written");
}

fn call(world: &World, arguments: &str) -> Spoken {
    world.call_with(arguments, agents_with(&["edgesoak-virtual-phone"]))
}

#[test]
fn a_candidate_is_held_against_another_and_against_a_baseline() {
    let world = world();
    let run = call(&world, "run --profile ab --ab heavy old --format json");
    assert_eq!(
        (run.exit, run.last_line()),
        (Some(1), "verdict=fail exit=1 reason=regression"),
        "{}",
        run.stderr
    );
    assert_eq!(run.json()["runs"].as_array().map(Vec::len), Some(1), "decided at the first look");
    let order: Vec<_> =
        world.call("judge latest --format json").json()["sessions"].as_array().expect("sessions").clone();
    let order: Vec<_> =
        order.iter().map(|session| session["candidate"].as_str().unwrap_or_default()).collect();
    assert_eq!(order, ["old", "heavy", "heavy", "old", "old", "heavy"]);

    let unnamed = world.call("gate --candidate latest --baseline latest");
    assert_eq!(
        (unnamed.exit, unnamed.last_line()),
        (Some(2), "verdict=error exit=2 reason=several_candidates")
    );
    let gate = world.call("gate --candidate latest:heavy --baseline latest:old --format json");
    assert_eq!((gate.exit, gate.last_line()), (Some(1), "verdict=fail exit=1 reason=regression"));
    let change = gate.json()["devices"][0]["changes"][0].clone();
    let lost = change["change"].as_f64().expect("a change");
    assert!((-0.14..-0.07).contains(&lost), "a third more weights on a quarter of the time: {lost}");
    assert_eq!((&change["candidate_runs"], &change["reference_runs"]), (&3.into(), &3.into()));
    let told = world.call("compare latest:heavy latest:old");
    assert_eq!(told.exit, Some(0));
    assert!(told.stdout.contains("\nSLOWER: virtual:tensor (virtual), policy_qa: "), "{}", told.stdout);

    lenient(&world);
    let loosened = world.call("gate --candidate latest:heavy --baseline latest:old --policy loosened");
    assert_eq!(
        (loosened.exit, loosened.last_line()),
        (Some(3), "verdict=not_proven exit=3 reason=virtual_only")
    );
    assert!(loosened.stderr.contains("as of loosened ("), "{}", loosened.stderr);
    let nowhere = world.call("gate --candidate latest:heavy --baseline latest:old --policy nowhere");
    assert_eq!((nowhere.exit, nowhere.last_line()), (Some(2), "verdict=error exit=2 reason=no_policy"));

    let none = world.call("gate --candidate latest:old --baseline release-1");
    assert_eq!(
        (none.exit, none.last_line()),
        (Some(2), "verdict=error exit=2 reason=no_run"),
        "{}",
        none.stderr
    );
    assert_eq!(world.call("baseline promote release-1 latest:old --reason shipped").exit, Some(0));
    let itself = world.call("gate --candidate latest:old --baseline release-1");
    assert_eq!((itself.exit, itself.last_line()), (Some(2), "verdict=error exit=2 reason=same_runs"));
    let faster = world.call("gate --candidate latest:heavy --baseline release-1 --format json");
    assert_eq!(
        faster.json()["devices"][0]["changes"][0]["change"],
        change["change"],
        "a baseline keeps what runs showed"
    );

    assert_eq!(world.call("baseline export release-1 --output release-1.json").exit, Some(0));
    assert_eq!(world.call("baseline import release-1.json --out elsewhere").stdout, "release-1: imported\n");
    let listed = world.call("baseline list --out elsewhere --format json").json();
    assert_eq!(listed, world.call("baseline list --format json").json());
    let file = world.path().join("edgesoak-out/baselines.jsonl");
    let text = fs::read_to_string(&file).expect("a book");
    fs::write(&file, text.replace("shipped", "dropped")).expect("written");
    let touched = world.call("baseline list");
    assert_eq!(touched.exit, Some(4), "{}", touched.transcript());
    assert!(touched.stderr.contains("line 1: its digest is not"), "{}", touched.stderr);
}
