//! What must not leave the process: prompts, readable files, other people's descriptors.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::device::{Device, SECRET};

fn holds_secret(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(dir)
        .expect("readable")
        .map(|entry| entry.expect("readable").path())
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

#[test]
fn prompts_stay_in_their_file_and_in_the_pipe() {
    let device = Device::new();
    let mut job = Device::job("private", &[]);
    job.phases.soak_ms = 60_000;
    let started = device.start(&job);
    let runner = device.runner_pid("private");
    for pid in [started.pid, runner] {
        for file in ["cmdline", "environ"] {
            let bytes = fs::read(format!("/proc/{pid}/{file}")).expect("the process lives");
            assert!(!holds_secret(&bytes), "{file} of process {pid}");
        }
    }
    assert!(device.output(&["stop", "--session", "run/private"]).status.success());
    let written_by_the_agent =
        files(&device.root()).into_iter().filter(|path| !path.ends_with("prompts.jsonl"));
    for path in written_by_the_agent {
        assert!(!holds_secret(&fs::read(&path).expect("readable")), "{}", path.display());
    }
}

#[test]
fn what_the_agent_writes_is_readable_by_its_owner_only() {
    let device = Device::new();
    device.run(&Device::job("modes", &[]));
    let dir = device.session_dir("modes");
    for path in [dir.join("journal"), dir.join("agent.log"), dir.join("scratch"), device.root().join("lease")]
    {
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
    }
    assert!(!dir.join("reserve").exists(), "the reserve goes with the session");
}

#[test]
fn a_session_keeps_nothing_open_that_its_caller_left_open() {
    let device = Device::new();
    let mut job = Device::job("leak", &[]);
    job.phases.soak_ms = 60_000;
    device.push(&job);
    let leaked = device.outside().join("leaked");
    File::create(&leaked).expect("made");
    let start = device.command(&["start", "--session", "run/leak"]);
    let output = Command::new("sh")
        .args(["-c", "exec 9>>\"$0\"; exec \"$@\""])
        .arg(&leaked)
        .arg(start.get_program())
        .args(start.get_args())
        .output()
        .expect("a shell exists");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let started: edgesoak_protocol::probe::Started =
        serde_json::from_slice(&output.stdout).expect("start prints one document");
    let open: Vec<_> = fs::read_dir(format!("/proc/{}/fd", started.pid))
        .expect("the agent lives")
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .collect();
    assert!(!open.is_empty() && !open.contains(&leaked), "{open:?}");
    let process = fs::read_to_string(format!("/proc/{}/stat", started.pid)).expect("the agent lives");
    let session: Option<u32> =
        process.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(3)?.parse().ok());
    assert_eq!(session, Some(started.pid), "it leads its own session");
}
