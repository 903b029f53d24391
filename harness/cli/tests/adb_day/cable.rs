//! A run on a phone whose cable is its link, with a person who moves it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::attached::{until, virtual_phone};
use crate::lab::{Lab, edgesoak};
use crate::world::{agents_with, gate};

/// Moves the charger alone.
fn charge(lab: &Lab, words: &str) {
    let output = Command::new(virtual_phone()).arg("charger").arg(lab.phone.dir()).arg(words).output();
    let output = output.expect("the virtual phone starts");
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Its link goes with its charger, and a person moves both.
fn hang_on_a_cable(lab: &Lab) {
    let matrix = fs::read_to_string(lab.world.path().join("device_matrix.toml")).expect("a matrix");
    let address = format!("server = \"{}\" }}", lab.server.address());
    assert!(matrix.contains(&address), "{matrix}");
    let cable = address.replace(" }", ", link = \"cable\" }\ncharger = \"ask\"");
    lab.world.write("device_matrix.toml", &matrix.replace(&address, &cable));
    charge(lab, "15W");
}

/// Whether the only session of the phone has ended, by its agent's word.
fn is_over(lab: &Lab) -> bool {
    let home = lab.phone.dir().join("data/local/tmp/edgesoak");
    let name = |folder: &Path| {
        let entry = fs::read_dir(folder).expect("a folder").next().expect("one").expect("readable");
        entry.file_name().into_string().expect("text")
    };
    let run = name(&home.join("sessions"));
    let session = format!("{run}/{}", name(&home.join("sessions").join(&run)));
    let mut status = Command::new(agents_with(&[]).join("edgesoak-agent"));
    let output = status.args(["status", "--session", &session, "--home"]).arg(home).output();
    let output = output.expect("the agent starts");
    let status: Value = serde_json::from_slice(&output.stdout).expect("a document");
    status["state"] == "finished"
}

#[test]
fn a_person_who_pulls_and_returns_the_cable_costs_nothing() {
    let Some(lab) = Lab::with(&[]) else { return };
    hang_on_a_cable(&lab);
    let said = lab.world.path().join("said");
    let says = |words: &str| fs::read_to_string(&said).unwrap_or_default().contains(words);
    let run = edgesoak(&lab.world, &lab.server, "run --profile rack --format json")
        .stdout(Stdio::piped())
        .stderr(fs::File::create(&said).expect("room"))
        .spawn()
        .expect("edgesoak starts");
    until("somebody is asked to unplug it", || says("please unplug virtual:phone"));
    let journal = lab.hold_journals().remove(0);
    charge(&lab, "off");
    lab.phone.plant("restart 600");
    until("the session is over, which nobody but the phone knows", || is_over(&lab));
    charge(&lab, "15W");
    lab.phone.plant("heal");
    let output = run.wait_with_output().expect("it ends");
    let said = fs::read_to_string(&said).expect("what it said");
    let run: Value = serde_json::from_slice(&output.stdout).expect("a document");
    assert_eq!((run["reason"].as_str(), output.status.code()), (Some("virtual_only"), Some(3)), "{said}");
    for name in ["artifact", "journal", "runtime_alive", "data_coverage", "placement"] {
        assert_eq!(gate(&run, name)["outcome"], "pass", "{name}: {}", gate(&run, name)["sentence"]);
    }
    assert_ne!(gate(&run, "start_gate")["cause"], "charging", "it lived from its battery throughout");
    let copied = run["journals"][0].as_str().expect("a path");
    let copied = fs::read(lab.world.path().join(copied)).expect("the host's copy");
    assert!(copied == fs::read(&journal).expect("held"), "the host has what the phone wrote");
    assert!(
        said.contains("it is out of reach, as it is while its cable is out, and goes on by itself"),
        "{said}"
    );
    assert!(!said.contains("lost (") && !said.contains("trying again"), "{said}");
}
