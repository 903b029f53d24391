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

fn call(world: &World, arguments: &str) -> Spoken {
    world.call_with(arguments, agents_with(&["edgesoak-virtual-phone"]))
}

fn read(world: &World, name: &str) -> String {
    fs::read_to_string(world.path().join(name)).expect(name)
}

/// What `run --ab` left: the comparison, and the gates of the run beside it.
fn beside_the_part(world: &World) {
    let (xml, page) = (read(world, "ab.xml"), read(world, "ab.md"));
    let comparison =
        "<testsuite name=\"virtual:tensor (virtual) / policy_qa / heavy against the previous release\"";
    assert!(xml.contains(comparison) && xml.contains("<failure message=\"fail (regression)"), "{xml}");
    assert!(xml.contains(" / virtual:tensor (virtual) / policy_qa / old\""), "the run's own suites: {xml}");
    assert!(page.starts_with("## ✖ SLOWER\n"), "{page}");
}

/// What a comparison of stored runs wrote beside its document, by a tier that was named.
fn beside_the_document(world: &World, gate: &Spoken) {
    let json = gate.json();
    assert_eq!((&json["tier"], &json["policy"]["tier"]), (&"release".into(), &"release".into()));
    assert_eq!(json["sides"][0]["candidates"][0], "heavy");
    let policy = "policy of tier release as of the matrix as it is now";
    assert!(gate.stderr.contains(policy) && read(world, "gate.md").contains(policy), "{}", gate.stderr);
    assert!(read(world, "gate.xml").contains("<testsuite name=\"edgesoak gate\""));
    assert!(read(world, "edgesoak-out/comparison/report.html").contains("SLOWER"));
    let unknown = world.call(
        "gate --candidate latest:heavy --baseline latest:old --tier nobodys --report junit=gate.xml --report junit",
    );
    assert_eq!((unknown.exit, unknown.last_line()), (Some(2), "verdict=error exit=2 reason=no_tier"));
    assert!(read(world, "gate.xml").contains("<error "), "no results of an earlier comparison stay behind");
    let nowhere = world.call("gate --candidate latest:heavy --baseline latest:old --output gate.md");
    assert_eq!((nowhere.exit, nowhere.last_line()), (Some(2), "verdict=error exit=2 reason=usage"));
}

#[test]
fn a_candidate_is_held_against_another_and_against_a_baseline() {
    let world = world();
    let run =
        call(&world, "run --profile ab --ab heavy old --format json --report junit=ab.xml --report md=ab.md");
    assert_eq!(
        (run.exit, run.last_line()),
        (Some(1), "verdict=fail exit=1 reason=regression"),
        "{}",
        run.stderr
    );
    assert_eq!(run.json()["runs"].as_array().map(Vec::len), Some(1), "decided at the first look");
    beside_the_part(&world);
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
    let gate = world.call(
        "gate --candidate latest:heavy --baseline latest:old --tier release --format json --report junit=gate.xml \
         --report md=gate.md --report html",
    );
    assert_eq!((gate.exit, gate.last_line()), (Some(1), "verdict=fail exit=1 reason=regression"));
    let change = gate.json()["devices"][0]["changes"][0].clone();
    let lost = change["change"].as_f64().expect("a change");
    assert!((-0.14..-0.07).contains(&lost), "a third more weights on a quarter of the time: {lost}");
    assert_eq!((&change["candidate_runs"], &change["reference_runs"]), (&3.into(), &3.into()));
    let told = world.call("compare latest:heavy latest:old");
    assert_eq!(told.exit, Some(0));
    assert!(told.stdout.contains("\nSLOWER: virtual:tensor (virtual), policy_qa: "), "{}", told.stdout);

    assert_eq!(change["why"]["cause"], "code", "it is slower from its first second on: {change}");
    assert!(told.stdout.contains("\n      ↓ Slowed by its own code (grade B): "), "{}", told.stdout);
    beside_the_document(&world, &gate);

    // A branch on which a fifth may be lost.
    world.branch("loosened", &format!("{}\n[policy]\nregression_margin = \"20 %\"\n", world.matrix()));
    let loosened = world
        .call("gate --candidate latest:heavy --baseline latest:old --policy loosened --report openmetrics=-");
    assert_eq!(
        (loosened.exit, loosened.last_line()),
        (Some(3), "verdict=not_proven exit=3 reason=virtual_only")
    );
    assert!(loosened.stderr.contains("as of loosened ("), "{}", loosened.stderr);
    let (metrics, end) = ("# TYPE edgesoak_regression gauge\n", "# EOF\n");
    let alone = loosened.stdout.starts_with(metrics) && loosened.stdout.ends_with(end);
    assert!(alone, "nothing else is on stdout: {}", loosened.stdout);
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

/// A world in which decisions fall at these looks, with one more phone that the lab has in quarantine.
fn with_a_lost_phone(looks: &str) -> World {
    let world = world();
    let path = world.path().join("device_matrix.toml");
    let text = fs::read_to_string(&path).expect("the world's matrix");
    let lost = "\n[[device]]\nid = \"virtual:lost\"\nfamily = \"phones\"\ndriver = \"virtual\"\n\
        address = { profile = \"tensor-phone\", seed = 4, ambient = \"23 C\" }\n";
    let policy = format!("\n[policy]\nregression_runs = {{ looks = [{looks}] }}\n");
    fs::write(&path, text + lost + &policy).expect("written");
    let record = "{ \"device\": \"virtual:lost\", \"whose\": \"lab\", \"why\": \"its hub is gone\", \
        \"since\": 1767323045000000000, \"run\": \"20260102-030405-soak-0af3\" }";
    let folder = world.path().join(".local/state/edgesoak/quarantine");
    fs::create_dir_all(&folder).expect("room");
    fs::write(folder.join("virtual:lost.json"), record).expect("room");
    world
}

#[test]
fn a_device_that_the_lab_lost_costs_the_others_nothing() {
    let world = with_a_lost_phone("2, 5");
    let run =
        call(&world, "run --profile ab --devices virtual:tensor virtual:lost --ab twin old --format json");
    assert_eq!(
        (run.exit, run.last_line()),
        (Some(3), "verdict=not_proven exit=3 reason=invalid_runs"),
        "{}",
        run.stderr
    );
    // The second run was made for the lost phone alone, came to nothing, and nothing is asked of it any more.
    let document = run.json();
    assert_eq!(document["runs"].as_array().map(Vec::len), Some(2), "{document}");
    let of = |device: &str| -> serde_json::Value {
        let devices = document["devices"].as_array().expect("devices");
        devices.iter().find(|entry| entry["device"] == device).expect("the device").clone()
    };
    assert_eq!(of("virtual:tensor")["outcome"], "pass", "{document}");
    let lost = of("virtual:lost");
    assert_eq!((&lost["outcome"], &lost["cause"]), (&"not_proven".into(), &"invalid_runs".into()));
    assert!(lost["sentence"].as_str().is_some_and(|words| words.contains("`quarantined`")), "{lost}");

    let alone = call(&world, "run --profile ab --devices virtual:lost --ab twin old");
    assert_eq!(alone.exit, Some(4), "nothing could be compared: {}", alone.stderr);
}

#[test]
fn a_trial_goes_on_to_the_next_look_and_ends_with_its_time() {
    let world = with_a_lost_phone("3, 5");
    let run = call(&world, "run --profile ab --ab twin old --runs 2 --format json");
    assert_eq!(run.last_line(), "verdict=not_proven exit=3 reason=virtual_only", "{}", run.stderr);
    assert!(run.stderr.contains("1 more run of either side"), "{}", run.stderr);
    let (document, change) = (run.json(), run.json()["devices"][0]["changes"][0].clone());
    assert_eq!(document["runs"].as_array().map(Vec::len), Some(2));
    assert_eq!((&change["outcome"], &change["candidate_runs"]), (&"pass".into(), &3.into()), "{change}");
    assert_eq!(document["not_run"], serde_json::json!([]));

    let world = with_a_lost_phone("50");
    let short = call(&world, "run --profile ab --ab twin old --runs 2 --budget 60s --format json");
    assert_eq!(short.last_line(), "verdict=not_proven exit=3 reason=too_few_runs", "{}", short.stderr);
    let document = short.json();
    assert_eq!(document["runs"].as_array().map(Vec::len), Some(1), "no time for 48 more");
    assert_eq!(document["not_run"][0]["cause"], "budget", "{document}");
    assert_eq!(document["not_run"][0]["gates"], serde_json::json!(["regression"]));
    let words = document["not_run"][0]["sentence"].as_str().expect("a sentence").to_owned();
    assert!(
        words.contains("48 more runs of either side, and there is no time left for that in 1 min"),
        "{words}"
    );
}
