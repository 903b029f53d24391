//! A stored run under another policy than its own: said, noted, and without any trace in what is stored of the verdict.

mod world;

use std::fs;
use std::path::Path;

use serde_json::Value;
use world::World;

const RATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../interchange/tests/captures/neutral_rates.csv");

/// A world with one imported run of a device whose bars are those of the host, and the run's id.
fn imported() -> (World, String) {
    let world = World::new();
    fs::copy(Path::new(RATES), world.path().join("rates.csv")).expect("a file of the world");
    let said = world.call("import rates.csv --device tablet-7 --family host --format json");
    assert_eq!(said.exit, Some(0), "{}", said.transcript());
    let run = said.json()["run"].as_str().expect("a run id").to_owned();
    (world, run)
}

fn gate(verdict: &Value, word: &str) -> Value {
    let gates = verdict["sessions"][0]["gates"].as_array().expect("gates");
    gates.iter().find(|gate| gate["gate"] == word).expect("it is judged").clone()
}

#[test]
fn bars_and_blocking_gates_come_from_the_branch_that_is_named() {
    let (world, run) = imported();
    let stored = world.call(&format!("judge {run} --format json")).stdout;
    world.branch(
        "protected",
        &world
            .matrix()
            .replace("8 tokens/s", "30 tokens/s")
            .replace("\"floor_tps\",", "")
            .replace(", \"floor_tps\"]", "]"),
    );
    let judged = world.call(&format!("judge {run} --policy protected --format json"));
    let verdict = judged.json();
    assert_eq!(gate(&verdict, "floor_tps")["limit"], 30.0, "the branch's bar: {verdict}");
    assert_eq!(gate(&verdict, "floor_tps")["blocking"], false, "the branch does not block on it: {verdict}");
    let policy = &verdict["policy"];
    assert_eq!((&policy["tier"], &policy["reference"]), (&"pr".into(), &"protected".into()));
    assert!(policy["commit"].as_str().is_some_and(|commit| commit.len() >= 40), "{policy}");
    assert!(judged.stderr.contains("policy of tier pr as of protected ("), "{}", judged.stderr);

    let told = world.call(&format!("judge {run} --tier smoke"));
    let words = "  judged by the policy of tier smoke as of the matrix as it is now\n";
    assert!(told.stdout.starts_with(words), "{}", told.stdout);
    let nobodys = world.call(&format!("judge {run} --tier nobodys"));
    assert_eq!((nobodys.exit, nobodys.last_line()), (Some(2), "verdict=error exit=2 reason=no_tier"));

    let journal = fs::read_to_string(world.path().join("edgesoak-out/runs").join(&run).join("host.journal"));
    let journal = journal.expect("the run's journal");
    assert_eq!(journal.matches("judged-again").count(), 2, "{journal}");
    assert_eq!(world.call(&format!("judge {run} --format json")).stdout, stored, "what is stored stays");
    assert_eq!(world.call("store check").exit, Some(0));
}

#[test]
fn the_spread_between_runs_can_be_that_of_today() {
    let (world, run) = imported();
    let verdict = world.call(&format!("judge {run} --refresh-history --format json")).json();
    assert_eq!(verdict["history_refreshed"], true);
    assert!(verdict.get("policy").is_none(), "its own: {verdict}");
    let told = world.call(&format!("judge {run} --refresh-history"));
    assert!(told.stdout.contains("with the spread between runs that is stored by now"), "{}", told.stdout);
}

#[test]
fn a_route_that_the_branch_does_not_have_keeps_its_own_bars_and_is_named() {
    let (world, run) = imported();
    world.branch("protected", &world.matrix().replace("policy_qa", "other_route"));
    let verdict = world.call(&format!("judge {run} --policy protected --format json")).json();
    assert_eq!(verdict["routes_as_planned"][0], "policy_qa");
    assert_eq!(gate(&verdict, "floor_tps")["limit"], 8.0, "{verdict}");
}
