//! What is purged is gone, is told, and does not come back.

mod world;

use std::fs;

use world::World;

fn runs(world: &World) -> Vec<String> {
    let folder = world.path().join("edgesoak-out/runs");
    let mut runs: Vec<String> = fs::read_dir(folder)
        .expect("runs")
        .flatten()
        .map(|run| run.file_name().to_string_lossy().into())
        .collect();
    runs.sort();
    runs
}

#[test]
fn help_says_what_is_kept() {
    insta::assert_snapshot!("store-purge-help", World::new().call("store purge --help").transcript());
    insta::assert_snapshot!("store-sweep-help", World::new().call("store sweep --help").transcript());
}

#[test]
fn nothing_is_purged_by_accident() {
    let world = World::new();
    for arguments in ["store purge", "store purge --texts", "store purge --older-than 7d --run latest"] {
        assert_eq!(world.call(arguments).exit, Some(2), "{arguments}");
    }
    let spoken = world.call("store purge --older-than 7d");
    assert_eq!(
        (spoken.exit, spoken.stdout.as_str()),
        (Some(0), "nothing to remove\n"),
        "{}",
        spoken.transcript()
    );
    assert_eq!(world.call("store purge --run 2020").exit, Some(2), "there is no such run");
}

#[test]
fn a_run_is_removed_with_all_that_was_made_of_it() {
    let world = World::new();
    for _ in 0..2 {
        let spoken = world.call("run --report junit");
        assert_eq!(spoken.exit, Some(3), "{}", spoken.transcript());
    }
    let both = runs(&world);
    assert_eq!(both.len(), 2);
    let dry = world.call(&format!("store purge --run {} --dry-run --format json", both[0]));
    let told = dry.json();
    assert_eq!((dry.exit, told["dry_run"].as_bool(), runs(&world)), (Some(0), Some(true), both.clone()));
    assert!(told["purged"][0]["files"].as_u64() > Some(4), "{told}");
    let named = world.call(&format!("store purge --run {}", both[0]));
    assert_eq!(named.exit, Some(0), "{}", named.transcript());
    assert!(named.stdout.contains("nothing of it is left in its file"), "{}", named.stdout);
    assert_eq!(runs(&world), [both[1].clone()]);
    let old = world.call("store purge --older-than 0s --format json");
    assert_eq!(old.json()["purged"][0]["run"], both[1].as_str(), "{}", old.transcript());
    assert_eq!(runs(&world), [""; 0]);
    let database = fs::read(world.path().join("edgesoak-out/edgesoak.db")).expect("a database");
    for run in &both {
        assert!(!database.windows(run.len()).any(|part| part == run.as_bytes()), "{run}");
    }
    assert_eq!(world.call("store rebuild").exit, Some(0));
    assert_eq!(world.call("judge latest").exit, Some(2), "there is no run any more");
}

#[test]
fn what_another_process_still_reads_is_not_called_gone() {
    let world = World::new();
    assert_eq!(world.call("run --report junit").exit, Some(3));
    let reader =
        rusqlite::Connection::open(world.path().join("edgesoak-out/edgesoak.db")).expect("a database");
    reader.execute_batch("BEGIN; SELECT count(*) FROM run;").expect("a reader at work");
    let held = world.call("store purge --run latest");
    assert_eq!(held.exit, Some(4), "{}", held.transcript());
    assert!(held.stdout.contains("may still hold what was removed"), "{}", held.stdout);
    assert!(!held.stdout.contains("nothing of it is left"), "{}", held.stdout);
    let again = world.call("store purge --older-than 0s --format json");
    assert_eq!(again.exit, Some(4), "it is held still: {}", again.transcript());
    assert!(again.json()["held"].is_string(), "{}", again.transcript());
    reader.execute_batch("ROLLBACK").expect("the reader ends");
    let done = world.call("store purge --older-than 0s");
    assert_eq!((done.exit, done.stdout.as_str()), (Some(0), "nothing to remove\n"), "{}", done.transcript());
}
