//! Starting a way of this program as a runtime, and what came of it.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::{Attempt, RuntimeEnd};
use edgesoak_runtimes::{Account, RunnerProcess, Spawn, Tell, Watch};

/// Reached only by what hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// What was told of one runtime.
pub struct Told {
    /// It ended by itself and found everything as it should be.
    pub is_well: bool,
    pub account: Account,
    pub attempts: Vec<Attempt>,
}

/// A runtime that runs.
pub struct Running {
    process: RunnerProcess,
    watch: Watch,
    attempts: Arc<Mutex<Vec<Attempt>>>,
    _dir: tempfile::TempDir,
}

impl Running {
    /// Starts one of the ways.
    pub fn way(name: &str) -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let way = format!("ways::{name}");
        Self::program(&program, &["--ignored", "--exact", &way, "--test-threads", "1"])
    }

    /// Starts any program.
    pub fn program(program: &Path, args: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let attempts = Arc::<Mutex<Vec<Attempt>>>::default();
        let theirs = attempts.clone();
        let tell: Tell = Arc::new(move |attempt| theirs.lock().expect("nobody panics").push(attempt));
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        let spec = Spawn { program, args: &args, dir: dir.path() };
        let (process, watch) = RunnerProcess::spawn_cut_off(&spec, &tell).expect("it starts");
        Self { process, watch, attempts, _dir: dir }
    }

    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Waits until an attempt was told.
    pub fn wait_for_attempt(&self) {
        let began = Instant::now();
        while self.attempts.lock().expect("nobody panics").is_empty() {
            assert!(began.elapsed() < PATIENCE, "nothing was tried");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for its end.
    pub fn end(mut self) -> Told {
        let end = self.process.wait(PATIENCE);
        assert!(end.is_some(), "it ends: {}", self.process.last_words());
        let account = self.watch.end();
        let attempts = self.attempts.lock().expect("nobody panics").clone();
        Told { is_well: end == Some(RuntimeEnd::Exited(0)), account, attempts }
    }
}

/// Lets a way run to its end. `None` where this system cannot cut anything off, which is said.
pub fn told(way: &str) -> Option<Told> {
    let told = Running::way(way).end();
    match (&told.account.network, &told.account.listed) {
        (Ok(()), Ok(())) => {
            assert!(told.is_well, "{way} found something else than it should");
            Some(told)
        }
        (network, listed) => {
            println!("skipped: this system does not cut off: network {network:?}, calls {listed:?}");
            None
        }
    }
}
