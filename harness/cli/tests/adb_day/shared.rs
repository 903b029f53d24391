//! What several share: hosts a phone, and phones a hub.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use edgesoak_record::hex;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::attached::{Phone, Server, until};
use crate::hub;
use crate::lab::{Lab, edgesoak, host_of};

const RUN: &str = "run --profile rack --format json";

fn sentence(run: &Value) -> &str {
    run["sessions"][0]["sentence"].as_str().expect("words")
}

#[test]
fn a_phone_that_another_host_uses_is_left_alone_until_that_host_is_done() {
    let Some(lab) = Lab::with(&[]) else { return };
    lab.run_killed();
    let other = lab.another_host();
    let refused = lab.call_at(&other, RUN);
    let run = refused.json();
    assert_eq!((run["reason"].as_str(), refused.exit), (Some("busy"), Some(4)), "{}", refused.stderr);
    let owner = fs::read_to_string(lab.world.path().join(".local/state/edgesoak/host")).expect("its name");
    assert!(sentence(&run).contains(&format!(" of {} ", owner.trim())), "{}", sentence(&run));
    assert!(!refused.stderr.contains("pushed"), "nothing was done to the phone: {}", refused.stderr);

    let said = other.path().join("said");
    let mut waits = edgesoak(&other, &lab.server, &format!("{RUN} --wait 1h"));
    let waits = waits.stdout(Stdio::piped()).stderr(fs::File::create(&said).expect("room")).spawn();
    let waits = waits.expect("edgesoak starts");
    let heard = || fs::read_to_string(&said).expect("what it said");
    until("the other host waits", || heard().contains(": connecting, waiting: run "));
    let resumed = lab.call("resume latest --format json");
    assert_eq!(resumed.json()["reason"], "virtual_only", "it lost nothing: {}", resumed.stderr);
    let output = waits.wait_with_output().expect("it ends");
    let run: Value = serde_json::from_slice(&output.stdout).expect("a verdict");
    assert_eq!(run["reason"], "virtual_only", "{}", heard());
}

/// A phone with a link so slow that somebody can look while a large file is pushed.
fn slow_phone() -> Option<Phone> {
    Phone::start("tensor-phone", &["--link", "slow 12000000"])
}

#[test]
fn large_files_go_one_by_one_through_a_hub_and_a_push_that_stalls_holds_up_no_other_hub() {
    let (Some(server), Some(one), Some(two), Some(far)) =
        (Server::start(), slow_phone(), slow_phone(), slow_phone())
    else {
        return;
    };
    for phone in [&one, &two, &far] {
        server.connect(phone, "device");
    }
    let address = hub::plugged(&server, &[(&one, "1-4.1"), (&two, "1-4.2"), (&far, "1-5.1")]);
    // Large, and no model: sessions end when it is there.
    let artifact = "7".repeat(24 << 20);
    let host = host_of(&[&one, &two, &far], &address, &artifact);
    let stored = format!("data/local/tmp/edgesoak/store/{}", hex(&Sha256::digest(&artifact)));
    let has = |phone: &Phone| phone.dir().join(&stored).exists();
    let gets = |phone: &Phone| phone.dir().join(format!("{stored}.part")).exists();
    let mut run = edgesoak(&host, &server, "run --profile rack --pushes-per-hub 1");
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("edgesoak starts");

    until("one of both gets it", || gets(&one) || gets(&two));
    let (first, second) = if gets(&one) { (&one, &two) } else { (&two, &one) };
    first.plant("stall");
    until("the phone at the other hub has it", || has(&far));
    assert!(!has(first) && !has(second) && !gets(second), "it waits for its turn");
    first.plant("heal");
    while run.try_wait().expect("ours").is_none() {
        // In this order: the first may be done between the two looks.
        assert!(!(gets(second) && gets(first)), "both at once");
        thread::sleep(Duration::from_millis(2));
    }
    assert!(has(first) && has(second), "each had its turn");
}
