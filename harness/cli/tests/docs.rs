//! Every command that the docs show is run, in a world where a soak takes seconds.

mod world;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use world::World;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The README and every page of the docs.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![PathBuf::from(REPOSITORY).join("README.md")];
    for folder in ["docs", "docs/decisions"] {
        let entries = fs::read_dir(Path::new(REPOSITORY).join(folder)).expect("a docs folder");
        let paths = entries.flatten().map(|entry| entry.path());
        pages.extend(paths.filter(|path| path.extension().is_some_and(|e| e == "md")));
    }
    pages
}

/// `edgesoak ...` lines of all `sh` blocks, comments cut off.
fn shown_commands() -> BTreeSet<String> {
    let mut commands = BTreeSet::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a readable page");
        let mut in_shell = false;
        for line in text.lines() {
            if line.starts_with("```") {
                in_shell = line == "```sh";
            } else if in_shell && line.starts_with("edgesoak ") {
                commands.insert(line.split('#').next().unwrap_or_default().trim().to_owned());
            }
        }
    }
    commands
}

#[test]
fn every_command_in_the_docs_works() {
    let world = World::new();
    let first = world.call("run");
    assert_eq!(first.exit, Some(3), "{}", first.stderr);
    // What the docs import.
    for (name, capture) in [("export.jsonl", "decode_rates.jsonl"), ("soak.csv", "neutral_rates.csv")] {
        let captures = format!("{REPOSITORY}/harness/interchange/tests/captures");
        fs::copy(format!("{captures}/{capture}"), world.path().join(name)).expect("a capture");
    }
    let commands = shown_commands();
    assert!(commands.len() >= 6, "the docs show commands: {commands:?}");
    for command in commands {
        let spoken = world.call(command.trim_start_matches("edgesoak "));
        // 3 is the honest verdict of a soak of seconds; 2 and 4 would mean that the docs are wrong.
        assert!(matches!(spoken.exit, Some(0 | 3)), "{command}\n{}", spoken.transcript());
    }
}

#[test]
fn every_command_that_a_verdict_proposes_exists() {
    let world = World::new();
    let matrix = fs::read_to_string(world.path().join("device_matrix.toml")).expect("the matrix");
    let strict =
        "\"floor_tps\", \"privacy\", \"start_gate\", \"memory_growth\", \"tokens_per_joule\", \"ttft_p95\"]";
    let strict = matrix.replacen("\"floor_tps\"]", strict, 1);
    assert_ne!(strict, matrix);
    world.write("device_matrix.toml", &strict);
    let verdict = world.call("run --format json");
    assert_eq!(verdict.exit, Some(3), "{}", verdict.stderr);
    let judged = world.call("judge latest --format json").json();
    let actions: Vec<&str> = judged["next_actions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|action| action.as_str())
        .collect();
    assert!(actions.len() >= 3, "{actions:?}");
    for action in actions {
        // Text between backticks is a command or a name.
        for code in action.split('`').skip(1).step_by(2) {
            if let Some(command) = code.strip_prefix("edgesoak ") {
                let name = command.split(' ').next().unwrap_or_default();
                assert_eq!(world.call(&format!("{name} --help")).exit, Some(0), "{action}");
            }
        }
    }
}

#[test]
fn every_link_of_the_docs_leads_somewhere() {
    let mut followed = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a readable page");
        let folder = page.parent().expect("a folder of docs");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if !path.is_empty() && !link.contains("://") {
                assert!(folder.join(path).exists(), "{} links to {link}", page.display());
                followed += 1;
            }
        }
    }
    assert!(followed >= 10, "{followed} links");
}
