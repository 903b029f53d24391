//! Files of other programs, from the command line to verdict, report and SQL.

mod world;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::Value;
use world::World;

const CAPTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../interchange/tests/captures");
const TRACES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/traces");

/// What every import is asked for, whatever its file lacks.
const LISTED: [&str; 10] = [
    "peak_tps",
    "burst_tps",
    "sustained_tps",
    "floor_tps",
    "last_30s_tps",
    "time_to_90",
    "time_to_75",
    "joules_per_token",
    "stalls",
    "duty_cycle",
];

/// Imports a file; the document that it prints, and the verdict that `judge` gives afterwards.
fn imported(world: &World, file: &Path, arguments: &str) -> (Value, Value) {
    let name = file.file_name().expect("a name").to_string_lossy();
    let own = world.path().join(&*name);
    if own != file {
        fs::copy(file, own).expect("a file of the world");
    }
    let said = world.call(&format!("import {name} {arguments} --format json"));
    assert_eq!(said.exit, Some(0), "{}", said.transcript());
    let document = said.json();
    let run = document["run"].as_str().expect("a run id").to_owned();
    let judged = world.call(&format!("judge {run} --format json"));
    (document, judged.json())
}

fn figure<'v>(verdict: &'v Value, session: usize, gate: &str) -> &'v Value {
    let gates = verdict["sessions"][session]["gates"].as_array().expect("gates");
    gates.iter().find(|found| found["gate"] == gate).unwrap_or_else(|| panic!("{gate} is not listed"))
}

fn capture(name: &str) -> PathBuf {
    Path::new(CAPTURES).join(name)
}

#[test]
fn every_format_becomes_a_marked_run_that_lists_every_figure() {
    let world = World::new();
    for (name, sessions) in [
        ("decode_rates.jsonl", 2),
        ("decode_rates_idle.json", 1),
        ("minutes.csv", 1),
        ("llama_bench.jsonl", 1),
        ("neutral_rates.csv", 1),
        ("neutral_tokens.csv", 1),
        ("neutral.ndjson", 1),
    ] {
        let (document, verdict) = imported(&world, &capture(name), "--device tablet-7");
        assert_eq!(document["sessions"].as_array().map(Vec::len), Some(sessions), "{name}");
        assert_eq!(verdict["verdict"], "not_proven", "{name}");
        for session in 0..sessions {
            assert_eq!(verdict["sessions"][session]["imported"], true);
            let sentence = verdict["sessions"][session]["sentence"].as_str().expect("a sentence");
            assert!(sentence.starts_with("tablet-7 (imported): "), "{sentence}");
            for gate in LISTED {
                let found = figure(&verdict, session, gate);
                let missing = found["outcome"] == "not_proven";
                assert!(!missing || found["cause"].is_string(), "{name}: {found}");
                assert!(
                    missing || found["measured"].is_number() || found["lo"].is_number(),
                    "{name}: {found}"
                );
                // Only token times can show that a device was busy.
                let shown = found["outcome"] == "pass";
                assert!(!shown || name == "neutral_tokens.csv", "{name}: {found}");
            }
        }
        let page = fs::read_to_string(world.path().join(document["report"].as_str().expect("a path")))
            .expect("a report");
        assert!(page.contains("⇥ imported") && page.contains(name), "{name}");
        assert!(!page.contains("No token was decoded"), "{name}: rates are drawn as rates");
        let run = document["run"].as_str().expect("a run id");
        assert_eq!(world.call(&format!("report {run} --format junit --output junit.xml")).exit, Some(0));
        let cases = fs::read_to_string(world.path().join("junit.xml")).expect("cases");
        assert!(cases.contains("tablet-7 (imported) / "), "{name}");
    }
    let tokens = imported(&world, &capture("neutral_tokens.csv"), "--device tablet-7").1;
    let first = figure(&tokens, 0, "ttft_p50")["measured"].as_f64().expect("token times are as good as ours");
    assert!((first - 400.0).abs() < 1e-6, "{first}");
}

#[test]
fn an_imported_run_is_made_again_from_what_was_kept() {
    let world = World::new();
    let (document, verdict) = imported(&world, &capture("decode_rates.jsonl"), "--device tablet-7");
    let run = document["run"].as_str().expect("a run id");
    let check = world.call("store check");
    assert_eq!(check.exit, Some(0), "{}", check.transcript());
    fs::remove_file(world.path().join("edgesoak-out/edgesoak.db")).expect("a database");
    let rebuilt = world.call("store rebuild");
    assert_eq!(rebuilt.exit, Some(0), "{}", rebuilt.transcript());
    assert_eq!(world.call(&format!("judge {run} --format json")).json(), verdict, "the same bytes again");
    let kept = world.path().join("edgesoak-out/runs").join(run).join("imported/decode_rates.jsonl");
    assert_eq!(fs::read(kept).expect("kept"), fs::read(capture("decode_rates.jsonl")).expect("a capture"));
    let lost = world.path().join("edgesoak-out/runs").join(run).join("imported/decode_rates.jsonl");
    fs::write(&lost, "another file").expect("written over");
    let check = world.call("store check");
    assert_eq!(check.exit, Some(4), "{}", check.transcript());
    assert!(check.stdout.contains("imported from is gone"), "{}", check.stdout);
    let database = Connection::open(world.path().join("edgesoak-out/edgesoak.db")).expect("a database");
    let marked: (i64, String) = database
        .query_row("SELECT count(*), min(format) FROM imported WHERE run = ?1", [run], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("rows");
    assert_eq!(marked, (2, "decode-rates".to_owned()));
    let rate: f64 = database
        .query_row(
            "SELECT per_s FROM imported_rate WHERE run = ?1 AND session = 's01' AND t_s = 10.0 AND window_s = 5.0",
            [run],
            |row| row.get(0),
        )
        .expect("a rate");
    assert!((rate - 40.0).abs() < 1e-9, "{rate}");
    let told: i64 = database
        .query_row("SELECT count(*) FROM reading WHERE run = ?1 AND t_s IS NULL", [run], |row| row.get(0))
        .expect("readings");
    assert_eq!(told, 0, "every reading has its time from the session's zero");
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_its_line() {
    let world = World::new();
    world.write("bad.csv", "t_s,rate_tokens_per_s\n0,20\n1,fast\n");
    let said = world.call("import bad.csv --device tablet-7");
    assert_eq!(said.exit, Some(2), "{}", said.transcript());
    assert!(said.stderr.contains("bad.csv:3: ") && said.stderr.contains("hint: "), "{}", said.stderr);
    for (arguments, words) in [
        ("import nothing.csv --device x", "nothing.csv"),
        ("import . --device x", "not a regular file"),
        ("import device_matrix.toml --device x", "docs/import.md"),
        ("import bad.csv", "--device"),
    ] {
        let said = world.call(arguments);
        assert_eq!(said.exit, Some(2), "{}", said.transcript());
        assert!(said.stderr.contains(words), "{}", said.stderr);
    }
    world.write("good.csv", "t_s,rate_tokens_per_s\n5,20\n10,20\n");
    let said = world.call("import good.csv --device x --route nonsense");
    assert_eq!(said.exit, Some(2), "{}", said.transcript());
    assert!(!world.path().join("edgesoak-out/runs").exists(), "a refused file leaves no run behind");
}

#[test]
fn what_a_simulated_device_measured_is_taken_for_no_hardware() {
    let world = World::new();
    let lines = "{\"edgesoak_import\": 1, \"virtual\": true}\n{\"t_s\": 1, \"rate_tokens_per_s\": 20}\n\
                 {\"t_s\": 2, \"rate_tokens_per_s\": 21}\n";
    world.write("exported.jsonl", lines);
    let refused = world.call("import exported.jsonl --device pixel-8a");
    assert_eq!(refused.exit, Some(2), "{}", refused.transcript());
    assert!(refused.stderr.contains("simulated device"), "{}", refused.stderr);
    let (document, _) = imported(&world, &world.path().join("exported.jsonl"), "--device virtual:pixel-8a");
    assert_eq!(document["sessions"][0]["device"], "virtual:pixel-8a");
}

#[test]
fn a_public_trace_gives_the_published_figures() {
    let trace = Path::new(TRACES).join("iphone17pro-litert-lm-gemma-4-e2b.jsonl");
    if !trace.exists() {
        println!("skipped: {} is not here", trace.display());
        return;
    }
    let world = World::new();
    let verdict = imported(&world, &trace, "--device iphone17pro").1;
    for (gate, expected, slack) in [
        ("peak_tps", 56.7, 0.2),
        ("last_30s_tps", 26.1, 0.2),
        ("time_to_90", 13.0, 2.0),
        ("time_to_75", 40.0, 3.0),
        ("joules_per_token", 0.146, 0.002),
    ] {
        let measured = figure(&verdict, 0, gate)["measured"]
            .as_f64()
            .unwrap_or_else(|| panic!("{gate} is not measured"));
        assert!((measured - expected).abs() <= slack, "{gate}: {measured}");
    }
}

#[test]
fn half_an_hour_beside_a_charger_proves_no_energy_and_counts_frames() {
    let trace = Path::new(TRACES).join("sustained_pixel8pro_tensorG3_30min.csv");
    if !trace.exists() {
        println!("skipped: {} is not here", trace.display());
        return;
    }
    let world = World::new();
    let verdict = imported(&world, &trace, "--device pixel-8-pro").1;
    assert_eq!(figure(&verdict, 0, "joules_per_token")["outcome"], "not_proven");
    assert_eq!(figure(&verdict, 0, "floor_tps")["cause"], "no_tokens");
    assert_eq!(figure(&verdict, 0, "peak_tps")["cause"], "too_coarse");
    let items = figure(&verdict, 0, "items_per_s")["measured"].as_f64().expect("frames were counted");
    assert!((items - 5185.0 / 1800.0).abs() < 0.02, "{items}");
    assert_eq!(figure(&verdict, 0, "start_gate")["cause"], "charging");
}
