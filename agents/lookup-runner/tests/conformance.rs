//! The binary over its pipes keeps the runner protocol.

use std::path::Path;
use std::time::Duration;

use edgesoak_runtimes::Spawn;
use edgesoak_runtimes::conformance::{Outcome, check};

#[test]
fn every_rule_is_kept_by_a_runner_that_decodes_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let artifact = dir.path().join("corpus.jsonl");
    let line = r#"{"id":"pm-1","title":"Parts","text":"A pump has a casing, an impeller and a seal."}"#;
    std::fs::write(&artifact, line).expect("a small file can be written");
    let program = Path::new(env!("CARGO_BIN_EXE_edgesoak-lookup-runner"));
    let spawn = Spawn { program, args: &[], dir: dir.path() };
    let findings = check(&spawn, &artifact, Duration::from_mins(1)).expect("it starts");
    for finding in &findings {
        assert_eq!(finding.outcome, Outcome::Kept, "{}", finding.rule);
    }
}
