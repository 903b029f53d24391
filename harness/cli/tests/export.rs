//! A stored run as files for other programs: tables, traces, and our neutral format, which comes back.

mod world;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use world::{World, gate};

/// Rows of a comma-separated file without quoted line ends, its header first.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).expect("a table");
    text.split_terminator("\r\n").map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn run_folder(world: &World) -> PathBuf {
    let mut runs = fs::read_dir(world.path().join("edgesoak-out/runs")).expect("runs");
    runs.next().expect("a run").expect("an entry").path()
}

fn count(world: &World, query: &str) -> usize {
    let database = Connection::open(world.path().join("edgesoak-out/edgesoak.db")).expect("a database");
    let number: u32 = database.query_row(query, [], |row| row.get(0)).expect("a number");
    usize::try_from(number).expect("a count")
}

#[test]
fn help_of_export_says_what_is_in_the_files() {
    insta::assert_snapshot!("export-help", World::new().call("export --help").transcript());
}

#[test]
fn a_run_is_exported_whole() {
    let world = World::new();
    assert_eq!(world.call("run").exit, Some(3));
    let spoken = world.call("export latest --as csv --as parquet --as perfetto --as jsonl --format json");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    let folder = run_folder(&world).join("export");
    let files: BTreeMap<String, Vec<serde_json::Value>> =
        serde_json::from_value(spoken.json()["files"].clone()).expect("files by kind");
    for (kind, files) in &files {
        for file in files {
            let path = world.path().join(file["path"].as_str().expect("a path"));
            assert!(path.starts_with(folder.join(kind)), "{}", path.display());
            assert_eq!(fs::metadata(&path).expect("a file").len(), file["bytes"].as_u64().expect("bytes"));
        }
    }
    assert_eq!(files.keys().collect::<Vec<_>>(), ["csv", "jsonl", "parquet", "perfetto"]);
    for (table, query) in [
        ("sessions", "SELECT count(*) FROM session"),
        ("samples", "SELECT count(*) FROM sample"),
        ("tokens", "SELECT count(*) FROM token"),
        ("prompts", "SELECT count(*) FROM prompt"),
        ("channels", "SELECT count(*) FROM channel"),
        ("gates", "SELECT count(*) FROM gate_result"),
    ] {
        let rows = rows(&folder.join("csv").join(table).with_extension("csv"));
        assert_eq!(rows.len() - 1, count(&world, query), "{table}");
        assert_eq!(rows[0][..2], ["run", "session"], "{table}");
    }
    let samples = rows(&folder.join("csv/samples.csv"));
    let place = |name: &str| samples[0].iter().position(|column| column == name).expect("a column");
    let (value, reason) = (place("value"), place("reason"));
    assert!(samples[1..].iter().all(|row| row[value].is_empty() != row[reason].is_empty()));
    // What lies in the run's folder is no journal.
    assert_eq!(world.call("store check").exit, Some(0));
    assert!(world.call("export latest --as xlsx").exit == Some(2));
}

#[test]
fn what_is_exported_in_our_format_comes_back_with_the_same_rates() {
    let world = World::new();
    let ours = world.call("run --format json").json();
    assert_eq!(world.call("export latest --as jsonl --output out").exit, Some(0));
    let name = format!("out/jsonl/{}-s01.jsonl", ours["run"].as_str().expect("an id"));
    let said = world.call(&format!("import {name} --device again --format json"));
    assert_eq!(said.exit, Some(0), "{}", said.transcript());
    let run = said.json()["run"].as_str().expect("an id").to_owned();
    let again = world.call(&format!("judge {run} --format json")).json();
    for figure in ["peak_tps", "sustained_tps", "itl_p50", "itl_p99", "ttft_p50", "stalls"] {
        let measured = |verdict| gate(verdict, figure)["measured"].as_f64();
        let (first, second) = (measured(&ours), measured(&again));
        assert_eq!(first.is_some(), second.is_some(), "{figure}: {first:?} {second:?}");
        let (first, second) = (first.unwrap_or_default(), second.unwrap_or_default());
        assert!((first - second).abs() <= 1e-9 * first.abs(), "{figure}: {first} {second}");
    }
}

#[test]
fn half_an_export_is_none() {
    let world = World::new();
    assert_eq!(world.call("run").exit, Some(3));
    fs::create_dir_all(world.path().join("out/csv/tokens.csv")).expect("something in its place");
    let spoken = world.call("export latest --output out");
    assert_eq!(spoken.exit, Some(4), "{}", spoken.transcript());
    let left = fs::read_dir(world.path().join("out/csv")).expect("a folder").flatten();
    let parts = left.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "part"));
    assert_eq!(parts.count(), 0);
    world.write("taken", "a file");
    assert_eq!(world.call("export latest --output taken").exit, Some(4));
}
