//! Faults that show in a process and on a disk.

use std::fs;

use crate::device::{SECRET, Served};

/// Longer than anybody looks: a session that is looked at is ended by whoever looks.
const LONG_MS: u64 = 120_000;

#[test]
fn a_prompt_stands_in_a_log() {
    let served = Served::start(&[
        "--profile",
        "snapdragon8-phone",
        "--speed",
        "50",
        "--fault",
        "prompt-in-log",
        "--fault",
        "egress-attempt",
    ]);
    served.soak(&served.job("leaks", "cpu", 16, 500));
    let log = served.text("data/log/runtime.log");
    assert!(log.contains(SECRET), "{log}");
}

/// What a served phone shows of the sockets of its runtime is what the agent's own look finds.
#[test]
fn a_runtime_that_calls_out_has_a_socket() {
    for (fault, sockets) in [("egress-attempt", 1), ("prompt-in-log", 0)] {
        let arguments = ["--profile", "snapdragon8-phone", "--speed", "50", "--fault", fault];
        let served = Served::start(&arguments);
        let job = served.job("calls", "cpu", 16, LONG_MS);
        let (table, links) = served.during(&job, |root, pid| {
            let table = fs::read_to_string(root.join(format!("proc/{pid}/net/tcp"))).ok()?;
            let links = fs::read_dir(root.join(format!("proc/{pid}/fd"))).ok()?.count();
            (table.lines().filter(|line| !line.is_empty()).count() > sockets).then_some((table, links))
        });
        assert_eq!(table.contains("010200C0:01BB"), sockets == 1, "{table}");
        assert_eq!(links, 1 + sockets);
    }
}

#[test]
fn a_sound_phone_logs_nothing() {
    let served = Served::start(&["--profile", "snapdragon8-phone", "--speed", "50"]);
    served.soak(&served.job("sound", "cpu", 16, 500));
    assert!(!served.root().join("data/log/runtime.log").exists());
}

#[test]
fn a_battery_that_is_faked_says_so() {
    let arguments = ["--profile", "tensor-phone", "--speed", "10", "--fault", "faked-battery@1s"];
    let served = Served::start(&arguments);
    let text = served.during(&served.job("faked", "cpu", 16, LONG_MS), |root, _| {
        let text = fs::read_to_string(root.join("answers/dumpsys_battery.txt")).ok()?;
        text.contains("UPDATES STOPPED").then_some(text)
    });
    // How far it fell until then is its machine's affair: minutes of work take a few percent.
    let level = text.lines().find_map(|line| line.trim().strip_prefix("level: ")?.parse::<u8>().ok());
    assert!(level.is_some_and(|level| (60..=80).contains(&level)), "{text}");
}
