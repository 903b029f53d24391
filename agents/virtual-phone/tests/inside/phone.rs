//! A phone in which a command runs, or which serves ADB.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

pub const PHONE: &str = env!("CARGO_BIN_EXE_edgesoak-virtual-phone");
/// Longer than anything here takes; reached only when something hangs.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A folder for the data of a phone.
pub struct Place(TempDir);

impl Place {
    /// None, with a word, where this system forbids it or has no `unshare`; a merge must not be tested without that.
    pub fn new() -> Option<Self> {
        static FORBIDDEN: OnceLock<Option<String>> = OnceLock::new();
        let forbidden = FORBIDDEN.get_or_init(|| {
            let tried = Command::new(PHONE)
                .args(["adbd", "--profile", "tensor-phone", "--run", "true"])
                .stdin(Stdio::null())
                .output()
                .expect("the phone can be executed");
            let said = String::from_utf8_lossy(&tried.stderr).into_owned();
            let lacks = said.contains("which util-linux brings") && std::env::var_os("CI").is_none();
            (lacks || said.contains("this system forbids it")).then_some(said)
        });
        if let Some(said) = forbidden {
            println!("skipped: {said}");
            return None;
        }
        Some(Self(tempfile::tempdir().expect("a folder")))
    }

    pub fn dir(&self) -> &Path {
        self.0.path()
    }

    /// What the phone has under `/data/local/tmp`.
    pub fn pushed(&self) -> PathBuf {
        self.dir().join("data/local/tmp")
    }

    pub fn command(&self, options: &[&str]) -> Command {
        let mut command = Command::new(PHONE);
        command.arg("adbd").args(options).arg("--dir").arg(self.dir()).stdin(Stdio::null());
        if !options.contains(&"--profile") {
            command.args(["--profile", "tensor-phone"]);
        }
        command
    }

    /// Runs a command inside.
    pub fn run(&self, options: &[&str], command: &str) -> Output {
        self.command(options).args(["--run", command]).output().expect("the phone can be executed")
    }

    /// What a command prints that succeeds.
    pub fn says(&self, options: &[&str], command: &str) -> String {
        let output = self.run(options, command);
        let [said, complaint] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        assert!(output.status.success(), "{}: {said}{complaint}", output.status);
        said.trim().to_owned()
    }

    /// Starts a phone that serves ADB; it is up when this returns.
    pub fn serve(&self, options: &[&str]) -> Served {
        let child =
            self.command(options).args(["--port", "0"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut served = Served {
            child: child.expect("the phone can be executed"),
            serial: String::new(),
            boots: Vec::new(),
        };
        served.wait_for_boot();
        served
    }
}

/// A phone that serves ADB.
pub struct Served {
    pub child: Child,
    pub serial: String,
    pub boots: Vec<String>,
}

impl Served {
    /// Waits until its system says that it has booted.
    pub fn wait_for_boot(&mut self) {
        let mut line = Vec::new();
        let out = self.child.stdout.as_mut().expect("piped");
        // Byte by byte: what follows is for the next one who waits.
        BufReader::with_capacity(1, out).read_until(b'\n', &mut line).expect("a line");
        let said: Value = serde_json::from_slice(&line).expect("one line of JSON says that it is up");
        said["serial"].as_str().expect("a serial").clone_into(&mut self.serial);
        self.boots.push(said["boot_id"].as_str().expect("a boot").to_owned());
    }

    /// Waits for its end; its exit code.
    pub fn end(&mut self) -> Option<i32> {
        let mut code = None;
        until(|| {
            code = self.child.try_wait().expect("it can be waited for");
            code.is_some()
        });
        code.and_then(|status| status.code())
    }
}

impl Drop for Served {
    /// A failed test must leave nothing behind.
    fn drop(&mut self) {
        self.child.stdin = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something is so.
pub fn until(mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Everything below a folder, folders left out.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A program of this workspace, built now, since an older one may lie there.
pub fn built(name: &str) -> PathBuf {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "-p", name])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo can be executed");
    assert!(built.success(), "{name} builds");
    Path::new(PHONE).with_file_name(name)
}
