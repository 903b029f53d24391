//! What happens when things go wrong: dead runners, lies, Ctrl-C, a killed host.

mod world;

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use world::{World, gate};

#[test]
fn a_runner_that_dies_is_named_and_never_green() {
    let world = World::with_runner_args("\"--itl-ms\", \"5\", \"--die-after-tokens\", \"100\"");
    let spoken = world.call("run --profile smoke --format json");
    let run = spoken.json();
    assert_eq!(spoken.exit, Some(3), "{}", spoken.stderr);
    assert_eq!(gate(&run, "runtime_alive")["outcome"], "not_proven");
}

#[test]
fn a_runner_that_lies_about_its_counts_is_never_green() {
    let world = World::with_runner_args("\"--itl-ms\", \"5\", \"--lie-count\"");
    let spoken = world.call("run --profile smoke --format json");
    assert_ne!(spoken.json()["verdict"], "pass");
    assert_ne!(spoken.exit, Some(0), "{}", spoken.stderr);
}

#[test]
fn work_that_ran_elsewhere_than_demanded_is_an_integrity_failure() {
    let world = World::with_runner_args("\"--itl-ms\", \"5\", \"--placement\", \"gpu\"");
    let spoken = world.call("run --profile smoke --format json");
    assert_eq!(spoken.exit, Some(1), "{}", spoken.stderr);
    assert_eq!(spoken.last_line(), "verdict=fail exit=1 reason=placement");
    assert_eq!(gate(&spoken.json(), "placement")["outcome"], "fail");
}

#[test]
fn an_artifact_with_another_digest_is_refused_before_anything_runs() {
    let world = World::new();
    world.write("model.bin", "another model");
    let spoken = world.call("run --profile smoke");
    assert_ne!(spoken.exit, Some(0));
    assert!(spoken.stderr.contains("digest") || spoken.stderr.contains("SHA-256"), "{}", spoken.transcript());
}

#[test]
fn ctrl_c_closes_the_run_honestly() {
    let world = World::new();
    let host = start(&world, &["run", "--profile", "smoke", "--format", "json"]);
    wait_for_tokens(&world);
    signal(&host, "INT");
    let output = host.wait_with_output().expect("the host ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("stopping"), "{stderr}");
    let run: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(run["verdict"], "not_proven");
    assert!(leftovers(&world).is_empty(), "left on the device: {:?}", leftovers(&world));
}

#[test]
fn a_killed_host_loses_nothing() {
    let world = World::new();
    let mut host = start(&world, &["run", "--profile", "smoke", "--format", "json"]);
    let journal = wait_for_tokens(&world);
    let on_device = fs::read(&journal).expect("the device's journal");
    host.kill().expect("kill -9");
    host.wait().expect("the host is gone");
    let resumed = world.call("resume latest --format json");
    let run = resumed.json();
    assert_eq!(resumed.exit, Some(0), "{}", resumed.stderr);
    let kept =
        fs::read(world.path().join(run["journals"][0].as_str().expect("a path"))).expect("the host's copy");
    assert!(kept.len() > on_device.len());
    assert_eq!(
        kept[..on_device.len()],
        on_device,
        "what was on the device at the kill is kept byte for byte"
    );
    // Resuming a run that is over judges it again and changes nothing.
    let again = world.call("resume latest --format json");
    assert_eq!(again.json()["sessions"], run["sessions"], "{}", again.stderr);
}

#[test]
fn a_run_does_not_need_anybody_who_listens() {
    let world = World::new();
    let mut host = start(&world, &["run", "--profile", "smoke"]);
    drop((host.stdout.take(), host.stderr.take()));
    assert_eq!(host.wait().expect("the host ends").code(), Some(0), "the verdict, not a panic");
    let mut plan = start(&world, &["plan"]);
    drop(plan.stdout.take());
    assert_eq!(plan.wait().expect("it ends").code(), Some(0));
}

#[test]
fn ctrl_c_counts_when_stderr_is_gone() {
    let world = World::new();
    let mut host = start(&world, &["run", "--profile", "smoke", "--format", "json"]);
    drop(host.stderr.take());
    wait_for_tokens(&world);
    signal(&host, "INT");
    let output = host.wait_with_output().expect("the host ends");
    assert_eq!(output.status.code(), Some(3));
}

fn start(world: &World, arguments: &[&str]) -> Child {
    world
        .edgesoak()
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the host starts")
}

fn signal(child: &Child, name: &str) {
    let sent =
        Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status().expect("kill runs");
    assert!(sent.success());
}

/// Waits until the device has journaled some of the soak; its journal.
fn wait_for_tokens(world: &World) -> PathBuf {
    let deadline = Instant::now() + Duration::from_mins(1);
    while Instant::now() < deadline {
        let grown =
            journals(world).into_iter().find(|path| path.metadata().is_ok_and(|facts| facts.len() > 8000));
        if let Some(journal) = grown {
            return journal;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("the device never journaled a soak");
}

/// Journals in the private directory of the local device.
fn journals(world: &World) -> Vec<PathBuf> {
    leftovers(world).into_iter().map(|session| session.join("journal")).collect()
}

/// Session folders on the device.
fn leftovers(world: &World) -> Vec<PathBuf> {
    let sessions = world.path().join(".local/state/edgesoak/devices/this-machine/sessions");
    let entries = |dir: PathBuf| fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    entries(sessions).flat_map(entries).collect()
}
