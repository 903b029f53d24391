//! Virtual phones through the whole product: reached as devices are, over processes and files.

mod world;

use std::fs;
use std::os::unix::fs::MetadataExt;

use serde_json::Value;
use sha2::{Digest, Sha256};
use world::{Spoken, World, agents_with};

const MODEL: &str = "edgesoak-described-model = 1\nname = \"small\"\nweights_bytes = 200_000_000\n\
    kv_bytes_per_token = 20_000\nflop_per_token = 7e8\nresident_bytes = 90_000_000\n";

const DEVICES: &str = r#"
[family.phones]
title = "Phones that are not there"

[policy.tier.needs-phones]
blocking = ["journal", "floor_tps"]
required_families = ["phones"]

[[device]]
id = "virtual:tensor"
family = "phones"
driver = "virtual"
address = { profile = "tensor-phone", seed = 3, ambient = "23 C" }
stop_at = { temperature = "110 C" }

[[device]]
id = "virtual:scanner"
family = "phones"
driver = "virtual"
address = { profile = "sdm660-scanner", seed = 4, ambient = "30 C" }
stop_at = { temperature = "110 C" }

[[device]]
id = "virtual:misspelt"
family = "phones"
driver = "virtual"
address = { profile = "tensor-fone" }

[profile.rack]
tier = "smoke"
devices = ["virtual:tensor", "virtual:scanner"]
override.soak = { duration = "1 s" }

[profile.twice]
tier = "smoke"
devices = ["virtual:tensor"]
start_gate = { max_over_ambient = "4 K", rest = "10 min", timeout = "30 min" }
runs = 2

[profile.set]
tier = "smoke"
devices = ["virtual:tensor"]
override.soak = { duration = "1 s" }

[profile.set.settings]
stay-awake = "on"
screen-off-timeout = "10 min"
brightness = 120
screen = "off"
doze = "off"
zen = "none"
thermal-override = "off"
background-apps = "ended"
oom-score = "inherited"
fixed-performance = "on"
wifi = "off"
airplane = "on"

[profile.mixed]
tier = "pr"
devices = ["this-machine", "virtual:scanner"]

[profile.misspelt]
tier = "smoke"
devices = ["virtual:misspelt"]

[profile.required]
tier = "needs-phones"
devices = ["virtual:tensor"]
"#;

/// A world with virtual phones, whose soak lasts 170 s.
fn world() -> World {
    let world = World::new();
    world.write("small.toml", MODEL);
    let sha256 = edgesoak_record::hex(&Sha256::digest(MODEL));
    let matrix = fs::read_to_string(world.path().join("device_matrix.toml")).expect("the world's matrix");
    let matrix = matrix
        .replace("duration = \"2 s\"", "duration = \"170 s\"")
        .replace("[candidate.scripted]", "[candidate.scripted]\nfamilies = [\"host\"]")
        .replace(
            "devices = [\"this-machine\"]",
            "devices = [\"this-machine\"]\noverride.soak = { duration = \"2 s\" }",
        );
    let candidate = format!(
        "\n[candidate.small]\nfamilies = [\"phones\"]\nroutes = [\"policy_qa\"]\nruntime = \"scripted-runner\"\n\
         artifact = {{ path = \"small.toml\", sha256 = \"{sha256}\" }}\nplacement = \"cpu\"\n\
         options = {{ threads = 4 }}\n"
    );
    let mixed = DEVICES.replace("[profile.mixed]", "[profile.mixed]\noverride.soak = { duration = \"2 s\" }");
    world.write("device_matrix.toml", &(matrix + &mixed + &candidate));
    world
}

fn call(world: &World, arguments: &str) -> Spoken {
    world.call_with(arguments, agents_with(&["edgesoak-virtual-phone"]))
}

fn sessions(run: &Value) -> &Vec<Value> {
    run["sessions"].as_array().expect("sessions")
}

fn outcome<'a>(session: &'a Value, gate: &str) -> &'a Value {
    let gates = session["gates"].as_array().expect("gates");
    gates.iter().find(|found| found["gate"] == gate).unwrap_or_else(|| panic!("no gate {gate}"))
}

#[test]
fn a_rack_lives_through_its_own_minutes_in_an_instant_and_is_marked_on_every_line() {
    let world = world();
    let spoken = call(&world, "run --profile rack --format json");
    let run = spoken.json();
    assert_eq!(run["verdict"], "not_proven", "{}", spoken.stderr);
    assert_eq!((run["reason"].as_str(), spoken.exit), (Some("virtual_only"), Some(3)));
    assert_eq!(sessions(&run).len(), 2);
    for session in sessions(&run) {
        assert!(
            session["sentence"].as_str().expect("words").contains("(virtual): "),
            "{}",
            session["sentence"]
        );
        for gate in ["artifact", "journal", "clocks", "runtime_alive", "data_coverage"] {
            let judged = outcome(session, gate);
            assert_eq!(judged["outcome"], "pass", "{gate}: {}", judged["sentence"]);
        }
    }
    let lines = spoken.stderr.lines().filter(|line| line.starts_with('s'));
    let unmarked: Vec<&str> = lines.filter(|line| !line.contains("(virtual)")).collect();
    assert!(unmarked.is_empty(), "{unmarked:?}");
    let judged = call(&world, "judge latest").stdout;
    let unmarked: Vec<&str> = judged
        .lines()
        .filter(|line| ["  ✔", "  ✖", "  ?", "virtual:"].iter().any(|begin| line.starts_with(begin)))
        .filter(|line| !line.contains("(virtual)"))
        .collect();
    assert!(unmarked.is_empty(), "{unmarked:?}");
    let page =
        fs::read_to_string(world.path().join(run["report"].as_str().expect("a path"))).expect("a report");
    assert!(page.contains("◇ virtual"));
    assert_eq!(call(&world, "store rebuild").exit, Some(0));
    assert_eq!(call(&world, "judge latest").stdout, judged, "a rebuilt database is judged the same");
}

#[test]
fn replicas_are_units_with_seeds_of_their_own_that_share_their_files() {
    let world = world();
    let spoken = call(&world, "run --profile rack --devices virtual:tensor --replicas 3 --format json");
    let run = spoken.json();
    let floor = |session: &Value| outcome(session, "burst_tps")["measured"].as_f64().expect("a rate");
    let rates: Vec<(String, f64)> = sessions(&run)
        .iter()
        .map(|session| (session["device"].as_str().expect("an id").to_owned(), floor(session)))
        .collect();
    let names: Vec<&str> = rates.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["virtual:tensor", "virtual:tensor#2", "virtual:tensor#3"]);
    assert!(rates.iter().all(|(_, rate)| *rate > 1.0), "{rates:?}");
    let program = |device: &str| {
        let path = format!(".local/state/edgesoak/devices/{device}/bin/edgesoak-agent");
        fs::metadata(world.path().join(path)).expect("a pushed program")
    };
    assert_eq!(program(names[0]).ino(), program(names[2]).ino(), "one copy for all");
    let none = call(&world, "run --profile quick --replicas 2");
    assert_eq!(none.exit, Some(2));
    assert!(none.stderr.contains("none is chosen"), "{}", none.stderr);
}

/// The matrix and the agent each have a list of settings; here one takes the words of the other.
#[test]
fn every_setting_of_the_matrix_is_one_of_the_agents() {
    let world = world();
    let spoken = call(&world, "run --profile set --format json");
    let run = spoken.json();
    assert_eq!(sessions(&run).len(), 1, "{}", spoken.stderr);
    let alive = outcome(&sessions(&run)[0], "runtime_alive");
    assert_eq!(alive["outcome"], "pass", "{}", alive["sentence"]);
    let page =
        fs::read_to_string(world.path().join(run["report"].as_str().expect("a path"))).expect("a report");
    assert!(page.contains("3 of 5 processes of apps were kept for later, 0 of 2 are now"), "it is told");
    assert!(!page.contains("com.example"), "and no app is named");
    assert!(!page.contains("setting-not-restored"), "everything was given back");
}

#[test]
fn a_second_session_rests_on_the_bench_and_no_clock_seems_to_jump() {
    let world = world();
    let spoken = call(&world, "run --profile twice --format json");
    let run = spoken.json();
    assert_eq!(sessions(&run).len(), 2, "{}", spoken.stderr);
    for session in sessions(&run) {
        for gate in ["clocks", "journal"] {
            let judged = outcome(session, gate);
            assert_eq!(judged["outcome"], "pass", "{gate}: {}", judged["sentence"]);
        }
        // Nobody measured the room; that the device was steady and had rested is not in doubt.
        let start = outcome(session, "start_gate")["sentence"].as_str().expect("words");
        assert!(start.contains("ambient"), "{start}");
    }
}

#[test]
fn where_hardware_was_planned_a_virtual_failure_decides_nothing() {
    let world = world();
    let spoken = call(&world, "run --profile mixed --format json");
    let run = spoken.json();
    let by_device = |id: &str| sessions(&run).iter().find(|session| session["device"] == id).expect("it ran");
    assert_eq!(outcome(by_device("this-machine"), "floor_tps")["cause"], "too_short");
    let burst = |id: &str| outcome(by_device(id), "burst_tps")["measured"].as_f64();
    assert_eq!(burst("this-machine"), None, "two seconds show nothing");
    assert!(burst("virtual:scanner").is_some(), "it kept its own length");
    assert_eq!(run["reason"], "too_short", "{}", spoken.stderr);
    assert!(spoken.last_line().starts_with("verdict=not_proven exit=3"), "{}", spoken.last_line());
    let words = call(&world, "judge latest").stdout;
    assert!(words.contains("Of 1 (virtual) session "), "{words}");
}

#[test]
fn a_family_that_only_virtual_devices_stand_for_is_not_proven() {
    let world = world();
    let spoken = call(&world, "run --profile required --format json");
    assert_eq!(spoken.exit, Some(3), "{}", spoken.stderr);
    assert_ne!(spoken.json()["verdict"], "pass");
}

#[test]
fn an_unknown_profile_is_named_with_those_that_exist() {
    let world = world();
    let run = call(&world, "run --profile misspelt");
    let said = run.transcript();
    assert!(
        said.contains("tensor-fone") && said.contains("tensor-phone") && said.contains("sm6115-scanner"),
        "{said}"
    );
    let listed = call(&world, "devices").stdout;
    assert!(listed.contains("virtual:tensor (virtual) | phones | virtual | ready"), "{listed}");
    assert!(listed.contains("virtual:misspelt (virtual) | phones | virtual | unreachable"), "{listed}");
    let probed = call(&world, "devices --probe virtual:tensor --watch 0");
    assert!(probed.stdout.contains("(virtual)") && probed.stdout.contains("°C"), "{}", probed.transcript());
}
