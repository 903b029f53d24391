//! The real ADB server, on a port and in a home of its own.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::bench::{Bench, until};

/// The longest any call of `adb` may take here.
const DEADLINE: Duration = Duration::from_mins(1);

/// A server; it goes with this.
#[derive(Debug)]
pub struct Server {
    port: u16,
    home: TempDir,
    child: Child,
}

/// What a call of `adb` said.
#[derive(Debug)]
pub struct Said {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it printed.
    pub out: Vec<u8>,
    /// What it complained of.
    pub err: String,
}

impl Said {
    /// What it printed, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }
}

impl Server {
    /// Starts a server; none where there is no `adb`, which is no reason to fail on a stranger's machine.
    pub fn start() -> Option<Self> {
        if Command::new("adb").arg("version").output().is_err() {
            assert!(
                std::env::var_os("CI").is_none(),
                "adb is not installed; scripts/prerequisites installs it"
            );
            println!("skipped: there is no adb");
            return None;
        }
        let home = tempfile::tempdir().expect("a home");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let child = Self::mortal(port, &home)
            .args(["nodaemon", "server"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("adb starts");
        let server = Self { port, home, child };
        until("the server listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(server)
    }

    /// A server that has the device, ready.
    pub fn with(bench: &Bench) -> Option<Self> {
        let server = Self::start()?;
        server.attach(bench);
        Some(server)
    }

    /// Connects a device, and waits until it is ready.
    pub fn attach(&self, bench: &Bench) {
        self.connect(bench);
        self.wait_for(bench, "device");
    }

    /// Connects a device.
    pub fn connect(&self, bench: &Bench) -> String {
        self.run(&["connect", &bench.serial()]).text()
    }

    /// Connects again after a loss, as often as needed.
    pub fn reattach(&self, bench: &Bench) {
        until("the device is back", || {
            if self.state(bench) == "device" && self.on(bench, &["shell", "true"]).code == Some(0) {
                return true;
            }
            self.run(&["disconnect", &bench.serial()]);
            self.connect(bench);
            false
        });
    }

    /// Waits until the server calls the device so.
    pub fn wait_for(&self, bench: &Bench, state: &str) {
        until(&format!("the device is {state}"), || self.state(bench) == state);
    }

    /// What the server calls the device.
    pub fn state(&self, bench: &Bench) -> String {
        let listed = self.run(&["devices"]).text();
        let line = listed.lines().find_map(|line| line.strip_prefix(&bench.serial()).map(str::trim));
        line.unwrap_or("none").to_owned()
    }

    /// Calls `adb` for the device.
    pub fn on(&self, bench: &Bench, arguments: &[&str]) -> Said {
        self.run(&[&["-s", &bench.serial()], arguments].concat())
    }

    /// Calls `adb` for the device, and expects that it succeeds.
    pub fn done(&self, bench: &Bench, arguments: &[&str]) -> Said {
        let said = self.on(bench, arguments);
        assert_eq!(said.code, Some(0), "adb {arguments:?}: {said:?}");
        said
    }

    /// Calls `adb`.
    pub fn run(&self, arguments: &[&str]) -> Said {
        let child = self.spawn(arguments, Stdio::null());
        let Output { status, stdout, stderr } = ended(child, arguments);
        Said { code: status.code(), out: stdout, err: String::from_utf8_lossy(&stderr).into_owned() }
    }

    /// Starts `adb`, and lets the caller talk to it.
    pub fn spawn(&self, arguments: &[&str], stdin: Stdio) -> Child {
        Self::adb(self.port, &self.home)
            .args(arguments)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("adb starts")
    }

    fn adb(port: u16, home: &TempDir) -> Command {
        Self::in_its_home(Command::new("adb"), port, home)
    }

    /// A server must not outlive tests that are killed, where the system can see to it.
    fn mortal(port: u16, home: &TempDir) -> Command {
        if Command::new("setpriv").arg("--version").output().is_err() {
            return Self::adb(port, home);
        }
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "adb"]);
        Self::in_its_home(command, port, home)
    }

    fn in_its_home(mut command: Command, port: u16, home: &TempDir) -> Command {
        command
            .arg("-P")
            .arg(port.to_string())
            .env("HOME", home.path())
            .env("ANDROID_USER_HOME", home.path())
            .env("ADB_VENDOR_KEYS", home.path())
            .env("TMPDIR", home.path())
            .env_remove("ANDROID_SERIAL")
            .env_remove("ANDROID_ADB_SERVER_PORT");
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for a call of `adb`; one that hangs is ended, and fails the test.
pub fn ended(mut child: Child, what: &[&str]) -> Output {
    let read = |from: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            from.map(|mut from| from.read_to_end(&mut bytes)).transpose().map(|_| bytes)
        })
    };
    let out = read(child.stdout.take().map(|out| Box::new(out) as Box<dyn Read + Send>));
    let err = read(child.stderr.take().map(|err| Box::new(err) as Box<dyn Read + Send>));
    let end = Instant::now() + DEADLINE;
    let status = loop {
        if let Some(status) = child.try_wait().expect("adb can be waited for") {
            break status;
        }
        if Instant::now() > end {
            let _ = child.kill();
            panic!("adb {what:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let bytes = |thread: std::thread::JoinHandle<std::io::Result<Vec<u8>>>| {
        thread.join().expect("no panic").expect("adb can be read")
    };
    Output { status, stdout: bytes(out), stderr: bytes(err) }
}
