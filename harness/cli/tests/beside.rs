//! What stands beside a device, through the binary: a scripted meter, a room, and a charger that is a file.

mod world;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use world::World;

/// Ten readings a second.
const METER: &str = r#"while :; do echo "{\"watts\": 5.5}"; sleep 0.1; done"#;

/// A world whose device has a charger, a room and a meter; `None` on a machine that really is on a charger, where no
/// file can take it off.
fn world() -> Option<World> {
    let supplies = fs::read_dir("/sys/class/power_supply").into_iter().flatten().flatten();
    let online = |path: PathBuf| fs::read_to_string(path.join("online")).is_ok_and(|text| text.trim() == "1");
    if supplies.map(|entry| entry.path()).any(online) {
        println!("skipped: this machine is on a charger of its own");
        return None;
    }
    let world = World::new();
    let matrix = fs::read_to_string(world.path().join("device_matrix.toml")).expect("the matrix");
    let beside = "power = \"mains\"\ncharger = \"hub\"\nambient = \"room\"\nmeter = \"shunt\"\n";
    world.write("device_matrix.toml", &matrix.replace("power = \"mains\"\n", beside));
    let program = |name: &str, text: &str| {
        world.write(name, &format!("#!/bin/sh\n{text}\n"));
        let path = world.path().join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("a program");
        path.display().to_string()
    };
    let hub = program("hub", "echo \"$2\" >> \"$1\"");
    let calls = world.path().join("charger").display().to_string();
    let (meter, room) = (program("read-shunt", METER), program("room", "echo 21.5"));
    world.write(
        "lab.toml",
        &format!(
            "[hook.hub]\noff = [\"{hub}\", \"{calls}\", \"off\"]\non = [\"{hub}\", \"{calls}\", \"on\"]\n\
             [probe.room]\ncommand = [\"{room}\"]\n\
             [meter.shunt]\ncommand = [\"{meter}\"]\nscope = \"wall\"\n"
        ),
    );
    fs::set_permissions(world.path().join("lab.toml"), fs::Permissions::from_mode(0o600)).expect("ours");
    Some(world)
}

/// Every position that the charger was switched to.
fn charger(world: &World) -> Vec<String> {
    let text = fs::read_to_string(world.path().join("charger")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// The lines of the only run's host journal that are of this kind.
fn events(world: &World, kind: &str) -> Vec<Value> {
    let runs = fs::read_dir(world.path().join("edgesoak-out/runs")).into_iter().flatten().flatten();
    let texts = runs.filter_map(|run| fs::read_to_string(run.path().join("host.journal")).ok());
    let lines: Vec<String> =
        texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let events = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    events.map(|entry| entry["event"].clone()).filter(|event| event["kind"] == kind).collect()
}

fn readings(world: &World) -> Vec<Value> {
    let batches = events(world, "meter_read");
    batches.iter().flat_map(|event| event["readings"].as_array().cloned().unwrap_or_default()).collect()
}

#[test]
fn a_meter_a_room_and_a_charger_stand_beside_a_run() {
    let Some(world) = world() else { return };
    let spoken = world.call("run --profile smoke --format json --lab lab.toml");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.stderr);
    assert_eq!(charger(&world), ["off", "on"]);
    let readings = readings(&world);
    assert!(readings.len() >= 10, "2 s at 10 Hz: {}", readings.len());
    assert!(readings.iter().all(|reading| reading["uw"] == 5_500_000), "{readings:?}");
    assert!(events(&world, "ambient_read").iter().all(|event| event["millicelsius"] == 21_500));
    assert!(!events(&world, "ambient_read").is_empty());
    let checked = world.call("store check");
    assert_eq!(checked.exit, Some(0), "{}", checked.transcript());
    let rebuilt = world.call("store rebuild");
    assert_eq!(rebuilt.exit, Some(0), "{}", rebuilt.transcript());
    let again = world.call("judge latest --format json").json();
    assert_eq!(again["sessions"], spoken.json()["sessions"], "readings come back as they were");
}

#[test]
fn a_killed_host_s_charger_is_on_again_after_the_resume() {
    let Some(world) = world() else { return };
    let mut host = start(&world);
    wait_for("the meter was heard", || !readings(&world).is_empty());
    assert_eq!(charger(&world), ["off"]);
    host.kill().expect("kill -9");
    host.wait().expect("the host is gone");
    let blind = world.call("resume latest");
    assert_eq!(blind.exit, Some(2), "{}", blind.transcript());
    assert!(blind.stderr.contains("--lab FILE"), "{}", blind.stderr);
    assert_eq!(charger(&world), ["off"]);
    let resumed = world.call("resume latest --format json --lab lab.toml");
    assert_eq!(resumed.exit, Some(0), "{}", resumed.stderr);
    assert_eq!(charger(&world).last().map(String::as_str), Some("on"));
}

#[test]
fn the_doctor_looks_for_the_commands_of_the_lab() {
    let Some(world) = world() else { return };
    let healthy = world.call("doctor --lab lab.toml");
    assert_eq!(healthy.exit, Some(0), "{}", healthy.transcript());
    assert_eq!(charger(&world), [""; 0], "a hook is looked for, never started");
    fs::remove_file(world.path().join("read-shunt")).expect("taken away");
    let sick = world.call("doctor --lab lab.toml");
    assert_eq!(sick.exit, Some(2), "{}", sick.transcript());
    assert!(sick.stdout.contains("shunt: there is no program"), "{}", sick.stdout);
}

#[test]
fn the_doctor_does_not_wait_for_a_meter_that_is_a_pipe() {
    let Some(world) = world() else { return };
    let made = std::process::Command::new("mkfifo").arg(world.path().join("pipe")).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe");
    let lab = fs::read_to_string(world.path().join("lab.toml")).expect("the lab");
    for (place, exit) in [("pipe", 0), ("", 2), ("none", 2)] {
        let serial = world.path().join(place).display().to_string();
        let line = lab.lines().find(|line| line.contains("read-shunt")).expect("the meter's line");
        world.write("lab.toml", &lab.replace(line, &format!("serial = \"{serial}\"")));
        let mut doctor = world.edgesoak();
        let mut doctor =
            doctor.args(["doctor", "--lab", "lab.toml"]).stdout(Stdio::null()).spawn().expect("it starts");
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = doctor.try_wait().expect("ours") {
                break status;
            }
            if begin.elapsed() > Duration::from_mins(1) {
                doctor.kill().expect("ours");
                panic!("it waits for the meter");
            }
            sleep(Duration::from_millis(10));
        };
        assert_eq!(status.code(), Some(exit), "{place}");
    }
}

#[test]
fn a_lab_file_that_others_can_write_runs_nothing() {
    let Some(world) = world() else { return };
    fs::set_permissions(world.path().join("lab.toml"), fs::Permissions::from_mode(0o666)).expect("ours");
    let spoken = world.call("run --profile smoke --lab lab.toml");
    assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
    assert!(spoken.stderr.contains("can be written by others"), "{}", spoken.stderr);
    assert_eq!(charger(&world), [""; 0]);
}

fn start(world: &World) -> Child {
    let mut command = world.edgesoak();
    command.args(["run", "--profile", "smoke", "--format", "json", "--lab", "lab.toml"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the host starts")
}

fn wait_for(what: &str, happened: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while Instant::now() < deadline {
        if happened() {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("it never happened: {what}");
}
