//! A real adb server with a port and a home of its own, and virtual phones attached to it. Tests of other programs include
//! it by its path.

#![expect(dead_code, reason = "every test uses its own part of it")]

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Longer than anything here takes; reached only when something hangs.
const PATIENCE: Duration = Duration::from_mins(3);
/// For a phone that does not heed the end of its input.
const FAREWELL: Duration = Duration::from_secs(5);

/// An adb server on its own port; it goes with this.
pub struct Server {
    port: u16,
    home: TempDir,
    child: Option<Child>,
}

/// A virtual phone; it goes with this.
pub struct Phone {
    child: Child,
    dir: TempDir,
    pub serial: String,
}

impl Server {
    /// A server, where there is an adb; a stranger's machine may have none.
    pub fn start() -> Option<Self> {
        if Command::new("adb").arg("version").output().is_err() {
            return skipped("adb is missing; scripts/prerequisites --tests installs it");
        }
        let mut server = Self { port: free_port(), home: tempfile::tempdir().expect("a home"), child: None };
        server.begin();
        Some(server)
    }

    /// The server runs, or runs again.
    pub fn begin(&mut self) {
        // Where the system can see to it, a server does not outlive tests that are killed.
        let is_mortal = Command::new("setpriv").arg("--version").output().is_ok();
        let words = if is_mortal { ["setpriv", "--pdeathsig", "KILL", "adb"].as_slice() } else { &["adb"] };
        let mut command = self.command(words);
        let child = command.args(["nodaemon", "server"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.expect("adb starts"));
        until("the adb server listens", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
    }

    /// The server dies without a word; whoever needs one starts another.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it is ours");
            child.wait().expect("it ended");
        }
    }

    pub fn port(&self) -> String {
        self.port.to_string()
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What adb says.
    pub fn adb(&self, words: &[&str]) -> String {
        let output = self.command(&["adb"]).args(words).output().expect("adb starts");
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    }

    /// What a phone's shell says.
    pub fn shell(&self, phone: &Phone, words: &str) -> String {
        self.adb(&["-s", &phone.serial, "shell", words])
    }

    /// Connects a phone and waits for the state that it should get.
    pub fn connect(&self, phone: &Phone, state: &str) {
        self.adb(&["connect", &phone.serial]);
        self.wait_for(phone, state);
    }

    /// Waits until the server calls the state of a phone this.
    pub fn wait_for(&self, phone: &Phone, state: &str) {
        until(&format!("{} is {state}", phone.serial), || self.state(phone).as_deref() == Some(state));
    }

    /// What the server calls the state of a phone.
    pub fn state(&self, phone: &Phone) -> Option<String> {
        let listed = self.adb(&["devices"]);
        listed.lines().find_map(|line| Some(line.strip_prefix(&phone.serial)?.trim().to_owned()))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .args(["-P", &self.port()])
            .env("HOME", self.home.path())
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.is_none() {
            self.adb(&["kill-server"]);
        }
        self.kill();
    }
}

impl Phone {
    /// A phone that waits for an adb server; none where this machine forbids what it lives in.
    pub fn start(profile: &str, options: &[&str]) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(virtual_phone())
            .args(["adbd", "--port", "0", "--profile", profile, "--dir"])
            .arg(dir.path())
            .args(options)
            // It ends with its standard input.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the virtual phone starts");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        stdout.read_line(&mut line).expect("readable");
        let Some(serial) = serial_of(&line) else {
            let output = child.wait_with_output().expect("it ended");
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            return skipped(&format!("a virtual phone cannot live here: {why}"));
        };
        // Whoever stops reading would end it at its next boot.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        Some(Self { child, dir, serial })
    }

    /// Plants a fault of its link.
    pub fn plant(&self, words: &str) {
        let mut command = Command::new(virtual_phone());
        let output = command.arg("link").arg(self.dir.path()).args(words.split(' ')).output();
        let output = output.expect("the virtual phone starts");
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Where its files can be seen from outside.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let began = Instant::now();
        while began.elapsed() < FAREWELL {
            if let Ok(Some(_)) = self.child.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every line that a phone says of itself is a document: `{"serial":"127.0.0.1:41007",...}`.
fn serial_of(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("\"serial\":\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// The virtual phone of this build.
pub fn virtual_phone() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "-p", "edgesoak-virtual-phone"])
            .status();
        assert!(built.expect("cargo starts").success(), "the virtual phone builds");
        let test = std::env::current_exe().expect("this program");
        let deps = test.parent().expect("a folder of programs");
        deps.with_file_name("edgesoak-virtual-phone")
    })
}

/// Says why a test does nothing; where merges are tested, nothing may be left out.
fn skipped<T>(why: &str) -> Option<T> {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    println!("skipped: {why}");
    None
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has one").port()
}

pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "it never came true: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
