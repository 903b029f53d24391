//! Programs that are run: no shell, a deadline, a bound, and nothing left behind.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use edgesoak_protocol::Reason;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process_group};

use super::answer::{Answer, Limits};
use crate::errno;

/// Where programs are where nobody says: Android's folders, then those of Linux.
const USUAL: &str = "/system/bin:/vendor/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
/// Complaints that are kept.
const MAX_COMPLAINT: usize = 4096;
/// How long a killed program may take to be gone.
const GRACE: Duration = Duration::from_millis(200);
/// Longest pause between two looks at a program that has closed its output.
const PAUSE: Duration = Duration::from_millis(5);

/// Where this process looks for programs.
pub(crate) fn search_path() -> OsString {
    std::env::var_os("PATH").filter(|path| !path.is_empty()).unwrap_or_else(|| USUAL.into())
}

/// The program's file, in the order of the folders.
pub(crate) fn find(search: &OsStr, program: &str) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| {
        path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    // A single folder may have colons in its name; that of a simulated device has.
    let whole = Path::new(search);
    if whole.is_absolute() && whole.is_dir() {
        return Some(whole.join(program)).filter(is_program);
    }
    // An empty entry would mean the current folder, whatever that is.
    let folders = std::env::split_paths(search).filter(|dir| dir.is_absolute());
    folders.map(|dir| dir.join(program)).find(is_program)
}

/// Runs one program again and again; remembers one that could not be killed.
#[derive(Debug, Default)]
pub(crate) struct Runner {
    left: Option<Child>,
}

/// Why reading ended.
#[derive(PartialEq)]
enum End {
    /// Everything was printed.
    Closed,
    /// As much as was wanted.
    Enough,
    /// More than allowed.
    Flood,
    OutOfTime,
}

impl Runner {
    /// Runs the program. Never takes longer than the deadline and [`GRACE`].
    pub fn run(&mut self, search: &OsStr, argv: &[&str], limits: &Limits) -> Answer {
        let started = Instant::now();
        // One that sits in a driver ignores every signal: starting it again and again would pile them up.
        if self.left.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(Some(_)))) {
            return Answer::none(Reason::Failed, started.elapsed());
        }
        self.left = None;
        let Some((program, rest)) = argv.split_first() else {
            return Answer::none(Reason::CommandMissing, started.elapsed());
        };
        let Some(path) = find(search, program) else {
            return Answer::none(Reason::CommandMissing, started.elapsed());
        };
        let mut child = match spawn(&path, rest) {
            Ok(child) => child,
            Err(error) => return Answer::none(unstarted(&error), started.elapsed()),
        };
        let mut printed = Printed::default();
        let end = printed.gather(&mut child, started, limits);
        let took = started.elapsed();
        let status = self.finish(child, started, limits.deadline, end != End::Closed);
        printed.answer(&end, status, took)
    }

    /// Waits for the program to end, and kills it and its children where it does not.
    fn finish(
        &mut self,
        mut child: Child,
        started: Instant,
        deadline: Duration,
        kill: bool,
    ) -> Option<ExitStatus> {
        if !kill && let Some(status) = wait(&mut child, deadline.saturating_sub(started.elapsed())) {
            return Some(status);
        }
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            // A group that is gone already is what was wanted.
            let _ = kill_process_group(group, Signal::KILL);
        }
        if wait(&mut child, GRACE).is_none() {
            self.left = Some(child);
        }
        None
    }
}

fn spawn(path: &PathBuf, arguments: &[&str]) -> io::Result<Child> {
    Command::new(path)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

fn unstarted(error: &io::Error) -> Reason {
    match errno::reason(error) {
        Reason::Absent => Reason::CommandMissing,
        reason => reason,
    }
}

fn wait(child: &mut Child, most: Duration) -> Option<ExitStatus> {
    let started = Instant::now();
    let mut pause = Duration::from_micros(100);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if started.elapsed() < most => std::thread::sleep(pause),
            _ => return None,
        }
        pause = (pause * 2).min(PAUSE);
    }
}

/// What came out so far.
#[derive(Default)]
struct Printed {
    output: Vec<u8>,
    complaint: Vec<u8>,
    bytes: u64,
}

impl Printed {
    fn gather(&mut self, child: &mut Child, started: Instant, limits: &Limits) -> End {
        let (mut output, mut complaint) = (child.stdout.take(), child.stderr.take());
        let mut buffer = vec![0; 32 * 1024];
        while output.is_some() || complaint.is_some() {
            let left = limits.deadline.saturating_sub(started.elapsed());
            if left.is_zero() {
                return End::OutOfTime;
            }
            let [output_ready, complaint_ready] = ready(output.as_ref(), complaint.as_ref(), left);
            if output_ready {
                let length = read(&mut output, &mut buffer);
                self.bytes += length as u64;
                let room = limits.most - self.output.len();
                self.output.extend_from_slice(&buffer[..length.min(room)]);
                if limits.first_line
                    && let Some(end) = self.output.iter().position(|byte| *byte == b'\n')
                {
                    self.output.truncate(end + 1);
                    return End::Enough;
                }
                if length > room {
                    return End::Flood;
                }
            }
            if complaint_ready {
                let length = read(&mut complaint, &mut buffer);
                let room = MAX_COMPLAINT - self.complaint.len();
                self.complaint.extend_from_slice(&buffer[..length.min(room)]);
            }
        }
        End::Closed
    }

    fn answer(self, end: &End, status: Option<ExitStatus>, took: Duration) -> Answer {
        let exit = status.and_then(|status| status.code());
        let died = status.is_some_and(|status| status.signal().is_some());
        let late = *end == End::OutOfTime || *end == End::Closed && status.is_none();
        if died || late {
            return Answer { exit, bytes: self.bytes, ..Answer::none(Reason::Failed, took) };
        }
        let blank = self.output.iter().all(u8::is_ascii_whitespace);
        let (bytes, length) = if blank {
            let length = self.complaint.len() as u64;
            (self.complaint, length)
        } else {
            (self.output, self.bytes)
        };
        if blank && bytes.is_empty() && exit.is_some_and(|code| code != 0) {
            return Answer { exit, bytes: self.bytes, ..Answer::none(Reason::Failed, took) };
        }
        let text = Ok(String::from_utf8_lossy(&bytes).into_owned());
        Answer { text, whole: *end != End::Flood, bytes: length, exit, took }
    }
}

/// Which of the two can be read without waiting, after at most `left`.
fn ready(output: Option<&ChildStdout>, complaint: Option<&ChildStderr>, left: Duration) -> [bool; 2] {
    let mut polled = Vec::with_capacity(2);
    polled.extend(output.map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)));
    polled.extend(complaint.map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)));
    let timeout = Timespec::try_from(left).ok();
    // An interrupted poll reports nothing; the caller looks at the time and comes again.
    if poll(&mut polled, timeout.as_ref()).is_err() {
        return [false; 2];
    }
    let mut events = polled.iter().map(|polled| !polled.revents().is_empty());
    [output.is_some() && events.next() == Some(true), complaint.is_some() && events.next() == Some(true)]
}

/// Reads what is there; closes the pipe at its end.
fn read(pipe: &mut Option<impl Read>, buffer: &mut [u8]) -> usize {
    let length = pipe.as_mut().map_or(Ok(0), |pipe| pipe.read(buffer));
    match length {
        Ok(0) => {
            *pipe = None;
            0
        }
        Ok(length) => length,
        Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
        Err(_) => {
            *pipe = None;
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limits: &Limits) -> Answer {
        Runner::default().run(&search_path(), &["sh", "-c", script], limits)
    }

    #[test]
    fn output_counts_and_complaints_where_there_is_none() {
        let limits = Limits::default();
        let answer = sh("echo out; echo err >&2", &limits);
        assert_eq!((answer.text.as_deref(), answer.exit, answer.bytes), (Ok("out\n"), Some(0), 4));
        let answer = sh("echo 'cat: x: Permission denied' >&2; exit 1", &limits);
        assert_eq!((answer.text.as_deref(), answer.exit), (Ok("cat: x: Permission denied\n"), Some(1)));
        assert_eq!(answer.bytes, 26);
        assert_eq!(sh("exit 3", &limits).text, Err(Reason::Failed));
        assert_eq!(sh("exit 0", &limits).text.as_deref(), Ok(""));
        assert_eq!(sh("echo half; kill -9 $$", &limits).text, Err(Reason::Failed));
        assert_eq!(sh("cat", &limits).text.as_deref(), Ok(""), "nobody types");
    }

    #[test]
    fn a_program_that_hangs_is_killed_with_its_children() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("pids");
        let script = format!("sleep 600 & echo $! > {0}; echo $$ >> {0}; echo some; wait", file.display());
        // A busy machine may take its time to start them; then they get more.
        let pids = [300, 1500, 6000].into_iter().find_map(|deadline| {
            let limits = Limits { deadline: Duration::from_millis(deadline), ..Limits::default() };
            assert_eq!(sh(&script, &limits).text, Err(Reason::Failed));
            std::fs::read_to_string(&file).ok().filter(|pids| pids.lines().count() == 2)
        });
        let pids = pids.expect("both told their number");
        for pid in pids.lines() {
            let state = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let gone = |stat: &str| stat.is_empty() || stat.contains(") Z ") || stat.contains(") X ");
            let mut looks = 0;
            while !gone(&state()) && looks < 400 {
                looks += 1;
                std::thread::sleep(Duration::from_millis(5));
            }
            assert!(gone(&state()), "{pid} is left");
        }
    }

    #[test]
    fn a_child_that_keeps_the_pipe_does_not_hold_the_caller() {
        let limits = Limits { deadline: Duration::from_millis(300), ..Limits::default() };
        assert_eq!(sh("sleep 600 & echo done", &limits).text, Err(Reason::Failed));
    }

    #[test]
    fn floods_and_endless_lines_are_cut() {
        let limits = Limits { most: 10_000, ..Limits::default() };
        let answer = sh("while :; do echo 0123456789012345678901234567890123456789; done", &limits);
        assert_eq!((answer.text.map(|text| text.len()), answer.whole), (Ok(10_000), false));
        let answer = sh(
            "while :; do echo one; echo two; sleep 1; done",
            &Limits { first_line: true, ..Limits::default() },
        );
        assert_eq!((answer.text.as_deref(), answer.whole), (Ok("one\n"), true));
        let answer =
            sh("echo whine >&2; yes >&2", &Limits { deadline: Duration::from_millis(300), ..limits });
        assert_eq!(answer.text, Err(Reason::Failed));
    }

    #[test]
    fn programs_are_looked_for_in_order_and_never_in_a_shell() {
        let limits = Limits::default();
        let answer = Runner::default().run(&search_path(), &["no-such-program-here"], &limits);
        assert_eq!(answer.text, Err(Reason::CommandMissing));
        assert_eq!(Runner::default().run(OsStr::new(""), &["sh"], &limits).text, Err(Reason::CommandMissing));
        assert_eq!(Runner::default().run(&search_path(), &[], &limits).text, Err(Reason::CommandMissing));
        let answer = Runner::default().run(&search_path(), &["echo", "$HOME; *"], &limits);
        assert_eq!(answer.text.as_deref(), Ok("$HOME; *\n"));
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(dir.path().join("sh"), "not to be run").expect("a small file");
        assert!(find(dir.path().as_os_str(), "sh").is_none());
    }
}
