//! The runner of a served phone keeps the runner protocol.

use std::path::Path;

use edgesoak_runtimes::Spawn;
use edgesoak_runtimes::conformance::{Outcome, check};

use crate::device::{PATIENCE, PHONE, Served};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/dense-350m-q4.toml");

#[test]
fn every_rule_is_kept() {
    let served = Served::start(&["--profile", "snapdragon8-phone", "--speed", "50"]);
    let scratch = tempfile::tempdir().expect("a folder");
    let args =
        ["runner", "--phone"].map(str::to_owned).into_iter().chain([served.root().display().to_string()]);
    let args: Vec<String> = args.collect();
    let spawn = Spawn { program: Path::new(PHONE), args: &args, dir: scratch.path() };
    for finding in check(&spawn, Path::new(MODEL), PATIENCE).expect("it starts") {
        assert_eq!(finding.outcome, Outcome::Kept, "{}", finding.rule);
    }
    // And once more, by another process.
    for finding in check(&spawn, Path::new(MODEL), PATIENCE).expect("it starts") {
        assert_eq!(finding.outcome, Outcome::Kept, "{}", finding.rule);
    }
}
