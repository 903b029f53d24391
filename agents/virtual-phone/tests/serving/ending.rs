//! A served phone ends when it should, and leaves nothing.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::device::{PHONE, Served};

#[test]
fn it_ends_with_its_caller() {
    let mut served = Served::start(&["--profile", "pi-board"]);
    assert!(served.root().join("sys").exists());
    served.leave();
    assert_eq!(served.end(), Some(0));
    assert!(!served.root().exists());
}

#[test]
fn it_ends_with_a_signal() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut served = Served::start(&["--profile", "pi-board"]);
        kill_process(Pid::from_child(&served.child), signal).expect("it lives");
        assert_eq!(served.end(), Some(0));
        assert!(!served.root().exists());
    }
}

#[test]
fn a_runner_says_that_its_phone_went_away() {
    let mut served = Served::start(&["--profile", "pi-board"]);
    let mut runner = Command::new(PHONE)
        .args(["runner", "--phone"])
        .arg(served.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut requests = runner.stdin.take().expect("piped");
    writeln!(requests, r#"{{"request":"hello","version":1}}"#).expect("it listens");
    let mut caps = String::new();
    BufReader::new(runner.stdout.take().expect("piped")).read_line(&mut caps).expect("an event");
    assert!(caps.contains("simulated"), "{caps}");
    served.leave();
    assert_eq!(served.end(), Some(0));
    let ended = runner.wait_with_output().expect("it ends by itself");
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("it went away"));
}

#[test]
fn a_runner_that_never_listens_keeps_nobody_away() {
    let served = Served::start(&["--profile", "snapdragon8-phone"]);
    let mut deaf = UnixStream::connect(served.root().join("run/runner.sock")).expect("a desk");
    writeln!(deaf, r#"{{"pid":1}}"#).expect("it listens");
    // Answers to nonsense, until no more of them fit between the two.
    deaf.set_write_timeout(Some(Duration::from_millis(200))).expect("a limit");
    while deaf.write_all(&b"nonsense\n".repeat(1_000)).is_ok() {}
    let said = Command::new(PHONE)
        .args(["runner", "--phone"])
        .arg(served.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut runner = said.expect("it runs");
    let mut requests = runner.stdin.take().expect("piped");
    writeln!(requests, r#"{{"request":"hello","version":1}}"#).expect("it listens");
    let mut caps = String::new();
    BufReader::new(runner.stdout.take().expect("piped")).read_line(&mut caps).expect("an event");
    assert!(caps.contains("simulated"), "{caps}");
    drop(requests);
    assert!(runner.wait().expect("it ends by itself").success());
}

#[test]
fn a_device_that_gets_too_hot_switches_itself_off() {
    let mut served =
        Served::start(&["--profile", "tensor-phone", "--fault", "hot-start:30K", "--ambient", "30"]);
    assert_eq!(served.end(), Some(3));
    assert!(!served.root().exists());
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_touched() {
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("mine"), "").expect("written");
    let dir = outside.path().display().to_string();
    for (arguments, words) in [
        (&["serve", "--profile", "pi-board", dir.as_str()][..], "not empty"),
        (&["serve", "--profile", "pi-bored", "/nonexistent/x"], "pi-board"),
        (&["serve", "--profile", "pi-board", "--fault", "suspend@5s", "/nonexistent/x"], "cannot be served"),
        (&["runner", "--phone", "/nonexistent"], "runner.sock"),
        (&["runner"], "--phone"),
    ] {
        let output = Command::new(PHONE).args(arguments).stdin(Stdio::null()).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(words), "{arguments:?}: {said}");
    }
    assert!(outside.path().join("mine").exists());
}
