//! What the binary says: help, plans, refusals. Every transcript holds stdout, stderr and the exit code.

mod world;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use world::World;

fn transcript(name: &str, arguments: &str) {
    insta::assert_snapshot!(name, World::new().call(arguments).transcript());
}

#[test]
fn help_shows_every_command() {
    transcript("help", "--help");
}

#[test]
fn help_of_run_has_an_example() {
    transcript("help-run", "run --help");
}

#[test]
fn help_of_report_tells_what_is_written_from_how_it_is_told() {
    transcript("help-report", "report --help");
}

#[test]
fn a_plan_shows_every_setting_and_who_set_it() {
    transcript("plan", "plan");
}

#[test]
fn an_unknown_profile_is_named_with_the_nearest_one() {
    transcript("plan-unknown-profile", "plan --profile quik");
}

#[test]
fn devices_that_match_nothing_are_named() {
    transcript("plan-unknown-device", "plan --devices that-machine");
}

#[test]
fn a_missing_matrix_says_where_it_was_looked_for() {
    transcript("plan-no-matrix", "plan --matrix nowhere.toml");
}

#[test]
fn an_unknown_command_is_a_usage_error() {
    transcript("unknown-command", "soak");
}

#[test]
fn a_misspelt_argument_of_a_run_ends_with_the_verdict_line_too() {
    let spoken = World::new().call("run --profil quick");
    assert_eq!((spoken.exit, spoken.last_line()), (Some(2), "verdict=error exit=2 reason=usage"));
    let help = World::new().call("run --help");
    assert_eq!((help.exit, help.stderr.as_str()), (Some(0), ""));
}

#[test]
fn every_gate_is_listed_with_what_it_promises() {
    transcript("explain", "explain");
}

#[test]
fn a_gate_is_explained_with_its_settings() {
    transcript("explain-floor", "explain floor_tps");
}

#[test]
fn a_misspelt_gate_is_named_with_the_nearest_one() {
    transcript("explain-misspelt", "explain flor_tps");
}

#[test]
fn a_gate_that_rests_on_answers_is_explained() {
    transcript("explain-quality", "explain quality");
}

#[test]
fn candidates_that_cannot_be_held_against_each_other_are_named() {
    transcript("plan-ab-unknown", "plan --ab scripted scriptet");
}

#[test]
fn judging_without_a_database_says_what_to_do() {
    transcript("judge-no-database", "judge latest");
}

#[test]
fn resuming_nothing_says_so() {
    transcript("resume-nothing", "resume latest");
}

#[test]
fn a_broken_matrix_shows_every_problem_at_once() {
    let world = World::new();
    let matrix = fs::read_to_string(world.path().join("device_matrix.toml")).expect("the matrix");
    let broken = matrix
        .replace("duration = \"2 s\"", "duration = \"2 parsecs\"")
        .replace("workload = \"soak\"", "workload = \"soke\"")
        .replace("hardware_heat", "hardware_heet");
    assert_ne!(broken, matrix);
    world.write("device_matrix.toml", &broken);
    insta::assert_snapshot!("plan-broken-matrix", world.call("plan").transcript());
}

#[test]
fn a_driver_of_a_later_version_is_refused_by_name() {
    let world = World::new();
    let matrix = fs::read_to_string(world.path().join("device_matrix.toml")).expect("the matrix");
    world.write("device_matrix.toml", &matrix.replace("driver = \"local\"", "driver = \"ssh\""));
    insta::assert_snapshot!("plan-driver-ssh", world.call("plan").transcript());
    assert_eq!(world.call("run").last_line(), "verdict=error exit=2 reason=configuration");
}

#[test]
fn the_schema_is_a_json_schema() {
    let schema = World::new().call("plan --schema").json();
    assert_eq!(schema["type"], "object");
    assert!(schema["properties"]["device"].is_object(), "{schema:#}");
}

#[test]
fn man_pages_and_completions_are_written_for_every_command() {
    let world = World::new();
    assert_eq!(world.call("man --dir man1").exit, Some(0));
    for page in ["edgesoak.1", "edgesoak-run.1", "edgesoak-store.1", "edgesoak-doctor.1"] {
        assert!(world.path().join("man1").join(page).exists(), "{page}");
    }
    let report = fs::read_to_string(world.path().join("man1/edgesoak-report.1")).expect("a page");
    assert!(report.contains("junit"), "{report}");
    for shell in ["bash", "zsh", "fish"] {
        let completions = world.call(&format!("completions {shell}"));
        for word in ["resume", "junit"] {
            assert!(completions.stdout.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn devices_are_listed_with_what_to_do() {
    let world = World::new();
    let listed = world.call("devices --format json");
    assert_eq!(listed.exit, Some(0), "{}", listed.stderr);
    assert_eq!(listed.json()[0]["device"], "this-machine");
    assert_eq!(listed.json()[0]["state"], "ready");
    let channels = listed.json()[0]["probe"]["channels"].as_array().map_or(0, Vec::len);
    assert!(channels > 10, "{channels} channels were tried");
    let human = world.call("devices");
    assert!(human.stdout.contains("this-machine | host | local | ready"), "{}", human.stdout);
}

#[test]
fn a_device_is_probed_channel_by_channel() {
    let world = World::new();
    let probed = world.call("devices --probe this-machine --watch 1 --format json");
    assert_eq!(probed.exit, Some(0), "{}", probed.stderr);
    let channels = probed.json()["channels"].as_array().cloned().unwrap_or_default();
    let load = channels.iter().find(|channel| channel["name"] == "load/1min").expect("a load average");
    assert!(load["value"].is_number() && load["raw"].is_string(), "{load}");
    let thermal = channels.iter().any(|channel| channel["quantity"] == "temperature");
    assert!(thermal, "a temperature or the reason why there is none");
    let human = world.call("devices --probe this-machine --watch 0");
    assert!(human.stdout.contains("channels readable:"), "{}", human.stdout);
    assert!(human.stdout.contains("/proc/loadavg"), "{}", human.stdout);
}

#[test]
fn a_device_that_is_not_in_the_matrix_cannot_be_probed() {
    transcript("devices-probe-unknown", "devices --probe that-machine");
    transcript("devices-watch-too-long", "devices --probe this-machine --watch 100");
}

#[test]
fn the_doctor_finds_nothing_in_a_healthy_world_and_names_a_missing_agent() {
    let world = World::new();
    let healthy = world.call("doctor");
    assert_eq!(healthy.exit, Some(0), "{}", healthy.transcript());
    let output = world.edgesoak().arg("doctor").env("EDGESOAK_AGENTS", "nowhere").output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("scripts/build"));
}

#[test]
fn the_doctor_does_not_wait_for_a_program_that_hangs() {
    let world = World::new();
    fs::create_dir(world.path().join("programs")).expect("a folder");
    let path = world.path().join("programs/edgesoak-agent");
    fs::write(&path, "#!/bin/sh\nexec sleep 600\n").expect("a program");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its mode");
    let output = world.edgesoak().arg("doctor").env("EDGESOAK_AGENTS", "programs").output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("it hangs"));
}
