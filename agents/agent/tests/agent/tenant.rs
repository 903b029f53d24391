//! Whose a device is, asked of the program itself: by hosts one after the other, and by hosts at the same instant.

use std::fs;
use std::process::{Child, Output, Stdio};

use edgesoak_protocol::probe::Tenancy;

use crate::device::Device;

const HOUR_MS: u64 = 3_600_000;

/// The words with which a run of a host asks for the device.
fn wish(host: &str, run: &str, for_ms: u64) -> Vec<String> {
    ["tenant", "--host", host, "--run", run, "--for-ms", &for_ms.to_string()].map(str::to_owned).to_vec()
}

/// Run and time left, as the program says them.
fn said(output: &Output) -> Option<(String, u64)> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tenancy: Tenancy = serde_json::from_slice(&output.stdout).expect("one document");
    tenancy.tenant.map(|tenant| (tenant.run, tenancy.left_ms))
}

fn ask(device: &Device, words: &[String]) -> Option<(String, u64)> {
    said(&device.output(&words.iter().map(String::as_str).collect::<Vec<_>>()))
}

fn run_of(tenancy: Option<(String, u64)>) -> Option<String> {
    tenancy.map(|(run, _)| run)
}

/// The word alone.
fn look(device: &Device) -> Option<String> {
    run_of(ask(device, &["tenant".to_owned()]))
}

#[test]
fn a_session_begins_only_for_the_run_whose_device_it_is() {
    let device = Device::new();
    assert_eq!(look(&device), None);
    let (run, left_ms) = ask(&device, &wish("bench-1", "other", HOUR_MS)).expect("it is free");
    assert_eq!(run, "other");
    assert!(left_ms > HOUR_MS / 2 && left_ms <= HOUR_MS, "{left_ms}");
    let job = Device::job("first", &[]);
    device.push(&job);
    let refused = device.output(&["start", "--session", "run/first"]);
    assert_eq!(refused.status.code(), Some(75));
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(why.contains("run other of bench-1"), "{why}");
    assert!(!device.session_dir("first").join("journal").exists(), "nothing was begun");
    let still = ask(&device, &wish("bench-2", "run", HOUR_MS));
    assert_eq!(run_of(still).as_deref(), Some("other"), "asking takes nothing away");

    let mut evicting = wish("bench-2", "run", HOUR_MS);
    evicting.extend(["--evict", "other"].map(str::to_owned));
    assert_eq!(run_of(ask(&device, &evicting)).as_deref(), Some("run"));
    device.run(&job);
    assert_eq!(look(&device).as_deref(), Some("run"), "a session that ends gives nothing up");
    assert_eq!(ask(&device, &wish("bench-2", "run", 0)), None);
    assert_eq!(look(&device), None);
}

#[test]
fn of_many_hosts_that_ask_at_once_one_gets_the_device_and_all_learn_which() {
    let device = Device::new();
    for round in 0..10 {
        let runs: Vec<String> = (0..8).map(|host| format!("r{round}-{host}")).collect();
        let asking = runs.iter().map(|run| {
            let mut command = device.command(&[]);
            command.args(wish("bench", run, HOUR_MS)).stdin(Stdio::null());
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
        });
        // All of them run before the first is waited for.
        let asking: Vec<Child> = asking.collect();
        let answers: Vec<Option<String>> = asking
            .into_iter()
            .map(|child| run_of(said(&child.wait_with_output().expect("it ends"))))
            .collect();
        let winner = look(&device).expect("somebody has it");
        assert!(runs.contains(&winner), "{winner}");
        assert!(answers.iter().all(|answer| answer.as_ref() == Some(&winner)), "{winner}: {answers:?}");
        assert_eq!(ask(&device, &wish("bench", &winner, 0)), None, "it leaves");
    }
}

#[test]
fn a_host_that_dies_while_it_asks_leaves_a_whole_entry_or_none() {
    let device = Device::new();
    for round in 0..20 {
        let mut command = device.command(&[]);
        command.args(wish("bench", &format!("r{round}"), HOUR_MS)).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        // Sooner or later, depending on the round: in the middle of anything it does.
        for _ in 0..round * 20 {
            std::thread::yield_now();
        }
        child.kill().expect("it is ours");
        child.wait().expect("it ended");
        let text = fs::read(device.root().join("tenant")).unwrap_or_default();
        assert!(text.is_empty() || serde_json::from_slice::<serde_json::Value>(&text).is_ok(), "{text:?}");
        let Some(run) = look(&device) else { continue };
        let next = ask(&device, &wish("bench", "next", HOUR_MS));
        assert_eq!(run_of(next), Some(run.clone()), "the lock went with its holder");
        assert_eq!(ask(&device, &wish("bench", &run, 0)), None);
    }
}
