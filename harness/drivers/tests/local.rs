//! The driver `local` on this machine.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use edgesoak_drivers::{Argv, Chunk, Driver, DriverError, Local, RemotePath, Whose};

const SOON: Duration = Duration::from_secs(20);

struct Device {
    driver: Local,
    dir: tempfile::TempDir,
}

impl Device {
    async fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let driver = Local::new(dir.path(), "this-machine").expect("a plain name");
        driver.attach(SOON).await.expect("attaches");
        Self { driver, dir }
    }

    /// Pushes a script and gives the way to run it.
    async fn script(&self, name: &str, text: &str) -> Argv {
        let local = self.dir.path().join(name);
        fs::write(&local, format!("#!/bin/sh\n{text}\n")).expect("room");
        let remote = path(&format!("bin/{name}"));
        self.driver.push(&local, &remote, 0o700, SOON).await.expect("pushes");
        Argv::of(&remote)
    }

    fn file(&self, remote: &str) -> std::path::PathBuf {
        Path::new(self.driver.root()).join(remote)
    }
}

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).expect("plain")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[tokio::test]
async fn files_arrive_whole_with_their_mode_in_private_directories() {
    let device = Device::new().await;
    let local = device.dir.path().join("model");
    let bytes: Vec<u8> = (0..3_000_000u32).map(|n| u8::try_from(n % 251).expect("small")).collect();
    fs::write(&local, &bytes).expect("room");
    let remote = path("store/aa");
    let pushed = device.driver.push(&local, &remote, 0o600, SOON).await.expect("pushes");
    assert_eq!(pushed, bytes.len() as u64);
    assert_eq!(fs::read(device.file("store/aa")).expect("it is there"), bytes);
    assert_eq!(mode(&device.file("store/aa")), 0o600);
    assert_eq!(mode(&device.file("store")), 0o700);
    assert_eq!(mode(Path::new(device.driver.root())), 0o700);
    device.driver.push(&local, &remote, 0o700, SOON).await.expect("pushes over it");
    assert_eq!(mode(&device.file("store/aa")), 0o700);

    let back = device.dir.path().join("back");
    assert_eq!(device.driver.pull(&remote, &back, SOON).await.expect("pulls"), pushed);
    assert_eq!(fs::read(&back).expect("it is there"), bytes);

    let names = |listed: Vec<edgesoak_drivers::Listed>| -> Vec<String> {
        listed.into_iter().map(|entry| entry.name).collect()
    };
    let listed = device.driver.list(&path("store"), SOON).await.expect("lists");
    assert_eq!(names(listed), ["aa"], "no part is left beside it");
    device.driver.remove(&path("store"), SOON).await.expect("removes a tree");
    device.driver.remove(&path("store"), SOON).await.expect("and nothing");
    assert_eq!(device.driver.list(&path("store"), SOON).await.expect("lists nothing"), []);
    assert!(device.driver.free_space(SOON).await.expect("can tell").is_some_and(|free| free > 0));
}

#[tokio::test]
async fn what_a_killed_host_left_half_pushed_goes_with_the_next_push() {
    let device = Device::new().await;
    let local = device.dir.path().join("model");
    fs::write(&local, b"model").expect("room");
    fs::create_dir_all(device.file("store")).expect("room");
    // No process has this number: it is above the kernel's limit.
    fs::write(device.file("store/aa.part-4194305"), b"mod").expect("room");
    fs::write(device.file("store/ab.part-4194305"), b"mod").expect("room");
    device.driver.push(&local, &path("store/aa"), 0o600, SOON).await.expect("pushes");
    assert!(!device.file("store/aa.part-4194305").exists());
    assert!(device.file("store/ab.part-4194305").exists(), "another file's part is not ours");
}

#[tokio::test]
async fn a_missing_file_is_blamed_on_its_side() {
    let device = Device::new().await;
    let nowhere = device.dir.path().join("nowhere");
    let error = device.driver.push(&nowhere, &path("x"), 0o600, SOON).await.expect_err("nothing to push");
    assert!(matches!(error, DriverError::HostFile { .. }), "{error:?}");
    assert_eq!((error.whose(), error.retry()), (Whose::Config, false));
    let error = device.driver.pull(&path("x"), &nowhere, SOON).await.expect_err("nothing to pull");
    assert_eq!(error.whose(), Whose::Device);
    assert!(!nowhere.exists());
    let error = device.driver.exec(&Argv::of(&path("bin/none")), SOON).await.expect_err("nothing to run");
    assert!(error.to_string().contains("bin/none"), "{error}");
    assert!(matches!(Local::new(device.dir.path(), "../x"), Err(DriverError::NamingDevice(_))));
}

#[tokio::test]
async fn programs_run_with_their_arguments_and_without_the_hosts_environment() {
    let device = Device::new().await;
    let argv = device.script("say", "printf '%s|' \"$@\"; pwd; env >&2; exit 7").await;
    let argv = argv.arg("a b").arg("$(id)").arg("*");
    let output = device.driver.exec(&argv, SOON).await.expect("runs");
    assert_eq!(output.code, Some(7));
    let said = String::from_utf8(output.stdout).expect("text");
    assert_eq!(said, format!("a b|$(id)|*|{}\n", device.driver.root()));
    let environment = String::from_utf8(output.stderr).expect("text");
    assert!(!environment.contains("CARGO"), "{environment}");
}

#[tokio::test]
async fn endless_output_is_bounded() {
    let device = Device::new().await;
    let argv = device.script("flood", "head -c 20000000 /dev/zero; head -c 200000 /dev/zero >&2").await;
    let output = device.driver.exec(&argv, SOON).await.expect("runs");
    assert_eq!(output.code, Some(0), "the program was never blocked");
    assert_eq!((output.stdout.len(), output.stderr.len(), output.truncated), (8 << 20, 64 << 10, true));
}

#[tokio::test]
async fn the_deadline_kills_the_whole_group_but_not_what_was_detached() {
    let device = Device::new().await;
    let text =
        "sleep 300 & echo $! > child; setsid sleep 300 >/dev/null 2>&1 </dev/null & echo $! > detached; wait";
    let argv = device.script("hang", text).await;
    let error = device.driver.exec(&argv, Duration::from_secs(2)).await.expect_err("it hangs");
    assert!(matches!(error, DriverError::DeadlinePassed { .. }), "{error:?}");
    let pid = |name: &str| fs::read_to_string(device.file(name)).expect("written").trim().to_owned();
    wait_until(|| !runs(&pid("child"))).await;
    assert!(runs(&pid("detached")), "a detached program is not ours to kill");
    let detached: i32 = pid("detached").parse().expect("a number");
    let detached = rustix::process::Pid::from_raw(detached).expect("not zero");
    rustix::process::kill_process(detached, rustix::process::Signal::KILL).expect("it runs");
}

#[tokio::test]
async fn a_stream_brings_bytes_as_they_come_and_then_the_end() {
    let device = Device::new().await;
    let argv = device.script("count", "echo one; sleep 0.2; echo two; echo three >&2; exit 3").await;
    let mut stream = device.driver.stream(&argv, SOON).await.expect("starts");
    let mut bytes = Vec::new();
    let ended = loop {
        match stream.next().await.expect("no silence") {
            Chunk::Bytes(more) => bytes.extend(more),
            Chunk::End(ended) => break ended,
        }
    };
    assert_eq!(bytes, b"one\ntwo\n");
    assert_eq!((ended.code, ended.stderr.as_slice()), (Some(3), b"three\n".as_slice()));
    assert_eq!(stream.next().await.expect("still"), Chunk::End(ended));
}

#[tokio::test]
async fn silence_ends_a_stream_and_dropping_it_ends_its_process() {
    let device = Device::new().await;
    let argv = device.script("mute", "echo $$ > pid; echo up; exec sleep 300").await;
    let mut stream = device.driver.stream(&argv, Duration::from_secs(2)).await.expect("starts");
    assert_eq!(stream.next().await.expect("speaks once"), Chunk::Bytes(b"up\n".to_vec()));
    let error = stream.next().await.expect_err("silent");
    assert!(matches!(error, DriverError::Silent { .. }) && error.retry(), "{error:?}");
    let pid = fs::read_to_string(device.file("pid")).expect("written").trim().to_owned();
    assert!(runs(&pid));
    drop(stream);
    wait_until(|| !runs(&pid)).await;
}

#[tokio::test]
async fn a_conversation_is_line_by_line_and_has_deadlines() {
    let device = Device::new().await;
    let argv = device.script("echo", "while read -r line; do echo \"got $line\"; done").await;
    let mut talk = device.driver.converse(&argv, SOON).await.expect("starts");
    for question in ["a", "b"] {
        assert_eq!(talk.ask(question).await.expect("answers"), format!("got {question}"));
    }
    let argv = device.script("deaf", "exec sleep 300").await;
    let mut talk = device.driver.converse(&argv, Duration::from_millis(200)).await.expect("starts");
    assert!(matches!(talk.ask("?").await, Err(DriverError::DeadlinePassed { .. })));
    let argv = device.script("endless", "exec cat /dev/zero").await;
    let mut talk = device.driver.converse(&argv, SOON).await.expect("starts");
    assert!(matches!(talk.ask("?").await, Err(DriverError::LineTooLong { .. })));
}

/// Whether a process lives; one that waits to be reaped does not.
fn runs(pid: &str) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'))
}

async fn wait_until(mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < SOON, "it never happened");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
