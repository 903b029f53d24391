//! The check passes a runner that keeps the protocol, and names the rule that another one breaks.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use edgesoak_runtimes::Spawn;
use edgesoak_runtimes::conformance::{Finding, Outcome, check};

/// The scripted runner of this build.
fn scripted_runner() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "-p", "edgesoak-scripted-runner"]);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        assert!(cargo.status().expect("cargo runs").success(), "the scripted runner builds");
        let test = std::env::current_exe().expect("a test has a path");
        let target = test.ancestors().nth(2).expect("tests lie in target/PROFILE/deps");
        target.join("edgesoak-scripted-runner")
    })
}

fn checked(args: &str, patience: Duration) -> Vec<Finding> {
    let args: Vec<_> = "--load-ms 0 --prefill-ms 1 --itl-ms 1"
        .split(' ')
        .chain(args.split_whitespace())
        .map(str::to_owned)
        .collect();
    let dir = tempfile::tempdir().expect("a directory");
    let spawn = Spawn { program: scripted_runner(), args: &args, dir: dir.path() };
    check(&spawn, &Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"), patience).expect("it starts")
}

#[test]
fn a_runner_that_keeps_the_protocol_keeps_every_rule() {
    // With pictures, and without: one that takes none says so.
    for args in ["", "--images"] {
        let findings = checked(args, Duration::from_mins(1));
        assert_eq!(findings.len(), 11);
        for finding in findings {
            assert_eq!(finding.outcome, Outcome::Kept, "{args} {}", finding.rule);
        }
    }
}

#[test]
fn a_runner_cannot_be_surer_than_sure() {
    let script = tempfile::NamedTempFile::new().expect("a file");
    let line = r#"{"asked":" ","answer":"Because.","confidence":1.25}"#;
    std::fs::write(script.path(), line).expect("written");
    let findings = checked(&format!("--answers {}", script.path().display()), Duration::from_secs(30));
    let broken = findings.iter().find(|finding| finding.outcome != Outcome::Kept).expect("a rule is broken");
    let how = Outcome::Broken("its confidence is no part of one".to_owned());
    assert_eq!((broken.rule, &broken.outcome), ("own-end", &how));
}

#[test]
fn each_fault_breaks_its_rule_and_no_rule_before_it() {
    for (args, rule, words) in [
        ("--error-on-load", "load", "told to fail"),
        ("--placement unknown --lie-count", "forced-length", "decode_n is 17 and 16 tokens have a time"),
        ("--backwards-time", "forced-length", "do not rise"),
        ("--garbage-after 5", "forced-length", "a line of"),
        ("--die-after-tokens 5", "forced-length", "it closed its output"),
        ("--hang-after-tokens 40", "repeatable", "no answer for"),
    ] {
        let patience =
            if args.contains("hang") { Duration::from_millis(500) } else { Duration::from_secs(30) };
        let findings = checked(args, patience);
        let first =
            findings.iter().find(|finding| finding.outcome != Outcome::Kept).expect("a rule is broken");
        assert_eq!(first.rule, rule, "{args}");
        let Outcome::Broken(how) = &first.outcome else { panic!("{args}: {first:?}") };
        assert!(how.contains(words), "{args}: {how}");
    }
}
