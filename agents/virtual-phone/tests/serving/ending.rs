//! A served phone ends when it should, and leaves nothing.

use std::fs;
use std::process::{Command, Stdio};

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
