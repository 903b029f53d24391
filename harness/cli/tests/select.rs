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
    assert_eq!((&misses[0]["family"], &misses[0]["why"]), (&json!("host"), &json!("was not measured there")));
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

/// A world of one machine, a model and two exports of it; the smaller export has every second answer wrong.
fn exports() -> World {
    let world =
        World::with_runner_args("\"--prefill-ms\", \"2\", \"--itl-ms\", \"1\", \"--answers\", \"full\"");
    let item = |n: u32| {
        let item = json!({ "id": format!("q{n}"), "rev": 1, "route": "policy_qa", "split": "smoke", "answerable": true,
            "messages": [{ "role": "user", "content": format!("Question {n}?") }], "expect": { "contains_all": ["10"] } });
        item.to_string() + "\n"
    };
    std::fs::create_dir_all(world.path().join("golden_sets/pumps/1.0.0")).expect("a folder");
    world.write("golden_sets/pumps/1.0.0/items.jsonl", &(0..40).map(item).collect::<String>());
    world.write(
        "golden_sets/pumps/1.0.0/manifest.json",
        r#"{"schema":1,"name":"pumps","version":"1.0.0","title":"Pumps","licence":"MIT","languages":["en"],"items":"items.jsonl",
        "files":[{"path":"items.jsonl"}],"generation":{"max_new":16,"greedy":true,"seed":0},"gates":{"quality":0.4},
        "changelog":[{"version":"1.0.0","changes":["First items."]}]}"#,
    );
    let sealed = world.call("golden seal golden_sets/pumps/1.0.0");
    assert_eq!(sealed.exit, Some(0), "{}", sealed.transcript());
    let script = |name: &str, is_right: fn(u32) -> bool| {
        let says = |n: u32| if is_right(n) { "It is 10." } else { "It is 9." };
        let line =
            |n: u32| json!({ "asked": format!("Question {n}?"), "answer": says(n) }).to_string() + "\n";
        world.write(name, &(0..40).map(line).collect::<String>());
    };
    script("full", |_| true);
    script("int4", |n| n % 2 == 0);
    let whole = world.matrix();
    let (head, candidate) = whole.split_once("[candidate.scripted]").expect("a candidate");
    let (candidate, profiles) = candidate.split_once("[profile.quick]").expect("profiles");
    let mut matrix = head.replace("workload = \"soak\"", "workload = \"soak\"\ngolden_set = \"pumps@1.0\"")
        + "[policy.export]\nlargest_drop = \"10 %\"\nbars = { e2e_p50 = \"30 s\" }\n";
    for (name, bytes) in [("full", 400), ("int8", 200), ("int4", 100)] {
        let (model, answers) = (format!("{name}.bin"), if name == "int4" { "int4" } else { "full" });
        let weights = "w".repeat(bytes);
        world.write(&model, &weights);
        let export = if name == "full" { "" } else { "\nexport_of = \"full\"" };
        let answers = world.path().join(answers);
        let own = candidate
            .replace("model.bin", &model)
            .replace(
                "6bb61a44022eb1958310a030e3dc23095b0ab2b1dccc58bffc9038697f971d59",
                &edgesoak_record::hex(&Sha256::digest(&weights)),
            )
            .replace("\"full\"", &json!(answers.to_string_lossy()).to_string());
        let _ = write!(matrix, "\n[candidate.{name}]{export}{own}");
    }
    let golden = "[profile.golden]\ntier = \"pr\"\ndevices = [\"this-machine\"]\ngolden = \"smoke\"\n\n[profile.quick]";
    // The floor needs minutes; files, answers and the export's own bar can be shown in seconds.
    let tier = ["\"journal\", \"runtime_alive\", \"floor_tps\"]", "\"journal\", \"runtime_alive\"]"];
    let matrix = (matrix + golden + profiles).replace(tier[0], tier[1]);
    world.write("device_matrix.toml", &matrix.replace("floor_tps = \"8 tokens/s\", ", ""));
    world
}

/// A phone that the lab has in quarantine, so that its sessions are lost.
const PHONE: &str = r#"
[family.phones]
title = "Phones that the lab took away"

[[device]]
id = "pixel"
family = "phones"
driver = "adb"
address = { serial = "ABSENT0001", server = "127.0.0.1:1" }
stop_at = { temperature = "110 C" }

[profile.phone]
tier = "pr"
devices = ["pixel"]
"#;

fn lose_a_phone(world: &World) {
    world.write("device_matrix.toml", &(world.matrix() + PHONE));
    let folder = world.path().join(".local/state/edgesoak/quarantine");
    std::fs::create_dir_all(&folder).expect("room");
    let record = json!({ "device": "pixel", "whose": "lab", "why": "its hub is gone",
        "since": 1_767_323_045_000_000_000_u64, "run": "20260102-030405-soak-0af3" });
    std::fs::write(folder.join("pixel.json"), record.to_string()).expect("room");
    let lost = world.call("run --profile phone");
    assert_eq!(lost.exit, Some(4), "{}", lost.transcript());
}

#[test]
fn the_smallest_export_that_lost_no_more_than_it_may_is_chosen() {
    let world = exports();
    let run = world.call("run --profile golden");
    assert_eq!(run.exit, Some(0), "{}", run.transcript());
    let told = world.call("select");
    assert_eq!(told.last_line(), "verdict=pass exit=0 reason=pass", "{}", told.transcript());
    for line in [
        "  ✔ int8       200 B  chosen",
        "      host: export of `full` approved: 0 of 40 same items lost, 0 gained",
        "  · full       400 B  clears every bar, and so does a smaller one",
        "      ✖ host: export of `full`: 20 of 40 same items lost, 0 gained: -50 points",
    ] {
        assert!(told.stdout.contains(line), "{line}\n{}", told.stdout);
    }

    // A family that only lost sessions stand for is owed as much as this machine.
    lose_a_phone(&world);
    let told = world.call("select --format json");
    assert_eq!(told.last_line(), "verdict=not_proven exit=3 reason=not_run", "{}", told.transcript());
    assert_eq!(routes(&told)[0]["families"], json!(["host", "phones"]));
}
