//! The subcommands that need no session.

use std::io::Write;
use std::process::Stdio;

use edgesoak_protocol::probe::{ClockReading, Probe, VerifiedFile};

use crate::device::{Device, sha256};

#[test]
fn verify_tells_digest_size_and_mode_or_why_not() {
    let device = Device::new();
    let output =
        device.output(&["verify", "--file", "store/model", "--file", "store/none", "--file", "../x"]);
    assert_eq!(output.status.code(), Some(4));
    let lines: Vec<VerifiedFile> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("one document per line"))
        .collect();
    let found = lines[0].found.as_ref().expect("it is there");
    assert_eq!((found.sha256.as_str(), found.bytes), (sha256(b"weights").as_str(), 7));
    assert!(lines[1].found.is_none() && lines[1].missing.is_some());
    assert!(lines[2].found.is_none() && lines[2].missing.is_some());
}

#[test]
fn the_clock_answers_every_line() {
    let device = Device::new();
    let mut child = device
        .command(&["clock"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the agent can be executed");
    child.stdin.take().expect("piped").write_all(b"\n\n\n").expect("it reads");
    let output = child.wait_with_output().expect("it ends with its input");
    let readings: Vec<ClockReading> = serde_json::Deserializer::from_slice(&output.stdout)
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("readings");
    assert_eq!(readings.len(), 3);
    assert!(readings[0].mono_ns <= readings[2].mono_ns);
}

#[test]
fn probe_is_one_document_with_a_reason_for_every_missing_channel() {
    let device = Device::new();
    let output = device.output(&["probe"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let probe: Probe = serde_json::from_slice(&output.stdout).expect("one document");
    assert!(probe.storage_free_bytes > Some(0) && !probe.is_virtual);
    for channel in &probe.channels {
        assert!(channel.value.is_some() != channel.missing.is_some(), "{channel:?}");
    }
}

#[test]
fn help_and_usage_errors() {
    let device = Device::new();
    let help = device.output(&["help"]);
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("exit codes"));
    let wrong = device.output(&["dance"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("hint: see edgesoak-agent --help"));
}
