//! Runners that lie, flood, hang and die: small shell scripts stand for them.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::RuntimeEnd;
use edgesoak_protocol::runner::{Event, MAX_LINE_BYTES, Request};
use edgesoak_runtimes::{Received, RunnerProcess, RuntimeError, Spawn};

/// Longer than anything here takes; only a failing test waits for it.
const LONG: Duration = Duration::from_secs(30);

fn shell(dir: &Path, script: &str) -> RunnerProcess {
    let args = ["-c".to_owned(), script.to_owned()];
    RunnerProcess::spawn(&Spawn { program: Path::new("/bin/sh"), args: &args, dir }).expect("a shell starts")
}

fn next(runner: &mut RunnerProcess) -> Received {
    runner.recv_timeout(LONG).expect("receiving cannot fail")
}

fn message(runner: &mut RunnerProcess) -> String {
    let received = next(runner);
    let Received::Event(Event::Error { message, .. }) = received else { panic!("{received:?}") };
    message
}

fn generate(prompt: &str) -> Request {
    Request::Generate {
        id: 1,
        prompt: prompt.to_owned(),
        max_new: 1,
        greedy: true,
        ignore_eos: true,
        want_text: false,
        images: Vec::new(),
    }
}

/// Whether the process exists and is not a zombie.
fn lives(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with('Z'))
}

fn wait_for_death(pid: u32) -> bool {
    let started = Instant::now();
    while lives(pid) && started.elapsed() < LONG {
        thread::sleep(Duration::from_millis(5));
    }
    !lives(pid)
}

#[test]
fn requests_arrive_as_lines_and_the_end_of_stdin_is_the_end() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut runner = shell(dir.path(), "cat > got; echo done >> got");
    runner.send(&Request::Hello { version: 1 }).expect("it reads");
    runner.send(&generate("two\nlines")).expect("it reads");
    assert_eq!(runner.wait(LONG), Some(RuntimeEnd::Exited(0)));
    let got = std::fs::read_to_string(dir.path().join("got")).expect("the runner works in its directory");
    let lines: Vec<_> = got.lines().collect();
    assert_eq!(lines.len(), 3, "{got}");
    assert_eq!(lines[0], r#"{"request":"hello","version":1}"#);
    assert!(lines[1].contains(r"two\nlines"));
    assert!(matches!(runner.send(&Request::Stop {}), Err(RuntimeError::SendRequest)));
}

#[test]
fn the_environment_is_clean_and_no_core_is_dumped() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut runner = shell(dir.path(), "env > env; ulimit -c > core; pwd > pwd");
    assert_eq!(runner.wait(LONG), Some(RuntimeEnd::Exited(0)));
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).expect("it was written");
    let env = read("env");
    let mut names: Vec<_> =
        env.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    // Shells add these by themselves.
    names.retain(|name| !["PWD", "OLDPWD", "SHLVL", "_"].contains(name));
    names.sort_unstable();
    assert_eq!(names, ["HOME", "LC_ALL", "PATH", "TMPDIR"]);
    assert_eq!(read("core").trim(), "0");
    let expected = dir.path().canonicalize().expect("it exists");
    assert_eq!(read("pwd").trim(), expected.to_string_lossy());
}

#[test]
fn hostile_output_is_malformed_and_the_stream_goes_on() {
    let dir = tempfile::tempdir().expect("a directory");
    let script = format!(
        r#"printf '\377\376\n{{"event":"sing"}}\n'; head -c {} /dev/zero; echo; \
           echo '{{"event":"error","code":"c","message":"still here"}}'; printf '{{"event"'"#,
        MAX_LINE_BYTES + 1
    );
    let mut runner = shell(dir.path(), &script);
    for _ in 0..3 {
        let received = next(&mut runner);
        assert!(matches!(received, Received::Malformed(_)), "{received:?}");
    }
    assert_eq!(message(&mut runner), "still here");
    assert!(matches!(next(&mut runner), Received::Malformed(_)), "the line that was cut short");
    assert_eq!(next(&mut runner), Received::Closed);
    assert_eq!(next(&mut runner), Received::Closed);
}

#[test]
fn prompt_text_is_withheld_from_errors_and_last_words() {
    let dir = tempfile::tempdir().expect("a directory");
    let secret = "the meeting is moved to the boat house at nine";
    let script = format!(
        r#"read line; echo "failed at: {secret}" >&2; \
           echo '{{"event":"error","code":"x","message":"cannot do: {secret}"}}'"#
    );
    let mut runner = shell(dir.path(), &script);
    runner.send(&generate(&format!("Summarise: {secret}!"))).expect("it reads");
    assert_eq!(message(&mut runner), "(withheld: it repeats the prompt)");
    assert_eq!(next(&mut runner), Received::Closed);
    assert_eq!(runner.wait(LONG), Some(RuntimeEnd::Exited(0)));
    assert_eq!(runner.last_words(), "(withheld: it repeats the prompt)");
}

#[test]
fn words_about_an_earlier_prompt_are_withheld_too() {
    let dir = tempfile::tempdir().expect("a directory");
    let secret = "the meeting is moved to the boat house at nine";
    let mut runner = shell(dir.path(), &format!(r#"read line; echo "seen: {secret}" >&2; read line"#));
    runner.send(&generate(&format!("Summarise: {secret}!"))).expect("it reads");
    let started = Instant::now();
    while runner.last_words().is_empty() {
        assert!(started.elapsed() < LONG, "it speaks");
    }
    runner.send(&generate("Something else entirely, and nothing of the above.")).expect("it reads");
    assert_eq!(runner.wait(LONG), Some(RuntimeEnd::Exited(0)));
    assert_eq!(runner.last_words(), "(withheld: it repeats the prompt)");
}

#[test]
fn silence_is_a_timeout_and_a_hanging_runner_is_killed() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut runner = shell(dir.path(), "trap '' TERM; sleep 1000 & echo $! > child; wait; sleep 1000");
    assert_eq!(
        runner.recv_timeout(Duration::from_millis(1)).expect("receiving cannot fail"),
        Received::Timeout
    );
    let child = dir.path().join("child");
    let started = Instant::now();
    let pid = loop {
        match std::fs::read_to_string(&child).ok().and_then(|text| text.trim().parse().ok()) {
            Some(pid) => break pid,
            None => assert!(started.elapsed() < LONG, "the script starts"),
        }
    };
    assert!(lives(pid));
    assert_eq!(runner.wait(Duration::ZERO), Some(RuntimeEnd::Signalled(9)));
    assert!(wait_for_death(pid), "what the runner started dies with it");
    assert_eq!(runner.wait(LONG), Some(RuntimeEnd::Signalled(9)), "the end is remembered");
}

#[test]
fn what_a_runner_leaves_running_ends_with_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut runner = shell(dir.path(), "sleep 1000 & echo $! > child");
    assert_eq!(runner.wait(LONG), Some(RuntimeEnd::Exited(0)));
    let child = std::fs::read_to_string(dir.path().join("child")).expect("it was written");
    assert!(wait_for_death(child.trim().parse().expect("a process id")));
}

#[test]
fn a_runner_that_does_not_read_never_blocks_us() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut runner = shell(dir.path(), "sleep 1000");
    let big = generate(&"x".repeat(500_000));
    let refused = (0..10).find_map(|_| runner.send(&big).err()).expect("its pipe and our queue are bounded");
    assert!(matches!(refused, RuntimeError::QueueRequest), "{refused}");
    assert!(refused.retry());
    let huge = generate(&"x".repeat(MAX_LINE_BYTES));
    assert!(matches!(runner.send(&huge), Err(RuntimeError::EncodeRequest { .. })));
}

#[test]
fn a_flood_waits_in_the_runner_and_not_in_our_memory() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut runner =
        shell(dir.path(), r#"while :; do echo '{"event":"error","code":"a","message":"b"}'; done"#);
    for _ in 0..1000 {
        assert_eq!(message(&mut runner), "b");
    }
    runner.kill();
    assert_eq!(runner.wait(LONG), Some(RuntimeEnd::Signalled(9)));
}

#[test]
fn the_runner_dies_with_the_thread_that_started_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().to_owned();
    let runner = thread::spawn(move || shell(&path, "exec sleep 1000")).join().expect("it does not panic");
    assert!(wait_for_death(runner.pid()));
}

#[test]
fn dropping_kills_and_a_missing_program_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let runner = shell(dir.path(), "exec sleep 1000");
    let pid = runner.pid();
    assert!(lives(pid));
    drop(runner);
    assert!(!lives(pid));
    let spec = Spawn { program: Path::new("no-such-runner"), args: &[], dir: dir.path() };
    let error = RunnerProcess::spawn(&spec).expect_err("it does not exist");
    assert_eq!(error.to_string(), "cannot start the runner no-such-runner");
    assert!(std::error::Error::source(&error).is_some());
    assert!(!error.retry());
}
