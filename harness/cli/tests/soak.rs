//! The whole way once: matrix, agent, scripted runner, journal, database, verdict, report.

mod world;

use std::fs;

use world::{World, gate};

#[test]
fn a_short_soak_is_measured_but_proves_no_floor() {
    let world = World::new();
    let spoken = world.call("run --format json");
    let run = spoken.json();
    assert_eq!(spoken.exit, Some(3), "{}", spoken.stderr);
    assert_eq!(run["verdict"], "not_proven");
    let reason = run["reason"].as_str().expect("a word");
    assert_eq!(spoken.last_line(), format!("verdict=not_proven exit=3 reason={reason}"));
    assert_eq!(gate(&run, "floor_tps")["outcome"], "not_proven");
    assert_eq!(gate(&run, "floor_tps")["cause"], "too_short");
    for held in ["artifact", "placement", "journal", "runtime_alive"] {
        assert_eq!(gate(&run, held)["outcome"], "pass", "{held}: {}", gate(&run, held)["sentence"]);
    }
    assert!(gate(&run, "ttft_p50")["n"].as_u64().expect("a count") >= 2, "several prompts fit into the soak");
    let page =
        fs::read_to_string(world.path().join(run["report"].as_str().expect("a path"))).expect("a report");
    assert!(page.contains("NOT PROVEN") && page.contains("this-machine"));
    for journal in run["journals"].as_array().expect("a list") {
        let bytes = fs::read(world.path().join(journal.as_str().expect("a path"))).expect("a journal");
        assert_eq!(&bytes[..8], b"EDGESOAK");
    }
}

#[test]
fn a_tier_that_owes_no_floor_is_green_when_integrity_holds() {
    let world = World::new();
    let spoken = world.call("run --profile smoke --format json");
    assert_eq!(spoken.exit, Some(0), "{}\n{}", spoken.stdout, spoken.stderr);
    assert_eq!(spoken.last_line(), "verdict=pass exit=0 reason=pass");
}

#[test]
fn stored_data_is_judged_to_the_same_bytes_again_and_after_a_rebuild() {
    let world = World::new();
    let run = world.call("run --format json").json();
    let first = world.call("judge latest --format json");
    assert_eq!(first.json()["sessions"], run["sessions"]);
    assert_eq!(first.stdout, world.call("judge latest --format json").stdout);
    let checked = world.call("store check");
    assert_eq!(checked.exit, Some(0), "{}", checked.transcript());
    assert_eq!(world.call("store rebuild").exit, Some(0));
    assert_eq!(world.call("judge latest --format json").stdout, first.stdout);
    let page = fs::read(world.path().join(run["report"].as_str().expect("a path"))).expect("a report");
    assert_eq!(world.call("report latest --output again.html").exit, Some(0));
    assert_eq!(fs::read(world.path().join("again.html")).expect("a report"), page);
}

#[test]
fn a_damaged_database_is_named_and_made_again() {
    let world = World::new();
    let run = world.call("run --format json").json();
    let verdict = world.call("judge latest --format json").stdout;
    let database = world.path().join(run["db"].as_str().expect("a path"));
    fs::write(&database, "not a database").expect("damage");
    let judged = world.call("judge latest");
    assert_eq!(judged.exit, Some(4), "{}", judged.transcript());
    assert!(judged.stderr.contains("store rebuild"), "{}", judged.stderr);
    fs::remove_file(&database).expect("moved away");
    assert_eq!(world.call("store rebuild").exit, Some(0));
    assert_eq!(world.call("judge latest --format json").stdout, verdict);
}
