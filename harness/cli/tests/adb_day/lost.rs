//! What is lost, and what is not, when links break and phones restart in the middle of a soak.

use std::fs;

use serde_json::Value;

use crate::attached::until;
use crate::lab::Lab;
use crate::world::{Spoken, gate};

/// The bytes of the only journal that the host has of a run.
fn copied(lab: &Lab, run: &Value) -> Vec<u8> {
    let journals = run["journals"].as_array().expect("journals");
    assert_eq!(journals.len(), 1, "{journals:?}");
    fs::read(lab.world.path().join(journals[0].as_str().expect("a path"))).expect("a journal")
}

fn is_whole(lab: &Lab, spoken: &Spoken, written: &[Vec<u8>]) {
    let run = spoken.json();
    assert_eq!((run["reason"].as_str(), spoken.exit), (Some("virtual_only"), Some(3)), "{}", spoken.stderr);
    for name in ["artifact", "journal", "runtime_alive", "data_coverage", "placement"] {
        assert_eq!(gate(&run, name)["outcome"], "pass", "{name}: {}", gate(&run, name)["sentence"]);
    }
    assert!(written == [copied(lab, &run)], "the host has what the phone wrote");
    assert_eq!(lab.call("store check").exit, Some(0));
}

fn is_marked(spoken: &Spoken) {
    let lines = spoken.stderr.lines().filter(|line| line.starts_with("s0"));
    let unmarked: Vec<&str> = lines.filter(|line| !line.contains("(virtual)")).collect();
    assert!(unmarked.is_empty(), "{unmarked:?}");
}

#[test]
fn a_phone_behind_adb_is_soaked_judged_and_marked_as_virtual_everywhere() {
    let Some(mut lab) = Lab::with(&[]) else { return };
    let (spoken, written) = lab.run_while(|_| {});
    is_whole(&lab, &spoken, &written);
    let run = spoken.json();
    assert_eq!(run["sessions"][0]["virtual"], true);
    assert!(run["sessions"][0]["sentence"].as_str().expect("words").contains("(virtual)"));
    is_marked(&spoken);
    let page = lab.world.path().join(run["report"].as_str().expect("a path"));
    assert!(fs::read_to_string(page).expect("a report").contains("◇ virtual"));
}

#[test]
fn a_link_that_is_cut_stalls_and_comes_back_costs_nothing() {
    let Some(mut lab) = Lab::with(&[]) else { return };
    let (spoken, written) = lab.run_while(|lab| {
        for fault in ["drop", "drop-after 500", "restart 0.5", "offline 1"] {
            lab.phone.plant(fault);
            std::thread::sleep(std::time::Duration::from_millis(700));
        }
    });
    is_whole(&lab, &spoken, &written);
    assert!(spoken.stderr.contains("link is back, nothing was lost"), "{}", spoken.stderr);
}

#[test]
fn an_adb_server_that_dies_costs_nothing() {
    let Some(mut lab) = Lab::with(&[]) else { return };
    let (spoken, written) = lab.run_while(|lab| lab.server.kill());
    is_whole(&lab, &spoken, &written);
}

#[test]
fn a_phone_that_restarts_in_its_soak_is_closed_as_interrupted_with_all_that_it_wrote() {
    let Some(mut lab) = Lab::with(&[]) else { return };
    let (spoken, written) = lab.run_while(|lab| {
        std::thread::sleep(std::time::Duration::from_secs(2));
        lab.reboot();
    });
    let run = spoken.json();
    assert_eq!(
        (run["reason"].as_str(), spoken.exit),
        (Some("device_restarted"), Some(3)),
        "{}",
        spoken.stderr
    );
    let kept = copied(&lab, &run);
    assert!(kept.len() > 1000 && written.len() == 1 && written[0].starts_with(&kept), "all whole frames");
    assert_eq!(lab.call("store check").exit, Some(0));
    until("the phone is back", || {
        lab.server.shell(&lab.phone, "ls /data/local/tmp/edgesoak/sessions").trim().is_empty()
    });
}

#[test]
fn a_host_that_was_killed_takes_the_phone_up_again() {
    let Some(lab) = Lab::with(&[]) else { return };
    lab.run_killed();
    let held = lab.hold_journals();
    let spoken = lab.call("resume latest --format json");
    let written: Vec<Vec<u8>> = held.iter().map(|path| fs::read(path).expect("held")).collect();
    is_whole(&lab, &spoken, &written);
    is_marked(&spoken);
}
