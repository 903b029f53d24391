//! A real adb server with a port and a home of its own, and virtual phones at it.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::world::agents_with;

/// Longer than anything here takes; reached only when something hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// An adb server; it goes with this.
pub struct Server {
    pub port: u16,
    home: tempfile::TempDir,
    child: Child,
}

/// A virtual phone; it goes with this.
pub struct Phone {
    child: Child,
    dir: tempfile::TempDir,
    pub serial: String,
}

impl Server {
    /// A server, where there is an adb; a stranger's machine may have none.
    pub fn start() -> Option<Self> {
        if Command::new("adb").arg("version").output().is_err() {
            assert!(
                std::env::var_os("CI").is_none(),
                "adb is missing; scripts/prerequisites --tests installs it"
            );
            println!("skipped: there is no adb");
            return None;
        }
        let (port, home) = (free_port(), tempfile::tempdir().expect("a home"));
        let is_mortal = Command::new("setpriv").arg("--version").output().is_ok();
        // Where the system can see to it, the server does not outlive tests that are killed.
        let words = if is_mortal { ["setpriv", "--pdeathsig", "KILL", "adb"].as_slice() } else { &["adb"] };
        let child = Command::new(words[0])
            .args(&words[1..])
            .args(["-P", &port.to_string(), "nodaemon", "server"])
            .env("HOME", home.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("adb starts");
        let server = Self { port, home, child };
        until("the adb server listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(server)
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What adb says.
    pub fn adb(&self, words: &[&str]) -> String {
        let mut command = Command::new("adb");
        command.args(["-P", &self.port.to_string()]).args(words).env("HOME", self.home.path());
        let output = command.output().expect("adb starts");
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    }

    /// Connects a phone and waits for the state that it should get.
    pub fn connect(&self, phone: &Phone, state: &str) {
        self.adb(&["connect", &phone.serial]);
        self.wait_for(phone, state);
    }

    /// Waits until the server calls a phone this.
    pub fn wait_for(&self, phone: &Phone, state: &str) {
        until(&format!("{} is {state}", phone.serial), || {
            self.adb(&["devices"]).lines().any(|line| line == format!("{}\t{state}", phone.serial))
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Phone {
    /// A phone that waits for an adb server; none where this machine forbids what it lives in.
    pub fn start(profile: &str, options: &[&str]) -> Option<Self> {
        let program = agents_with(&["edgesoak-virtual-phone"]).join("edgesoak-virtual-phone");
        let dir = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(program)
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
        let Ok(said) = serde_json::from_str::<serde_json::Value>(&line) else {
            let output = child.wait_with_output().expect("it ended");
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(std::env::var_os("CI").is_none(), "a virtual phone cannot live here: {why}");
            println!("skipped: a virtual phone cannot live here: {why}");
            return None;
        };
        Some(Self { child, dir, serial: said["serial"].as_str().expect("a serial").to_owned() })
    }

    /// Plants a fault of its link.
    pub fn plant(&self, words: &str) {
        let program = agents_with(&["edgesoak-virtual-phone"]).join("edgesoak-virtual-phone");
        let planted = Command::new(program).arg("link").arg(self.dir.path()).args(words.split(' ')).output();
        let planted = planted.expect("the virtual phone starts");
        assert!(planted.status.success(), "{words}: {}", String::from_utf8_lossy(&planted.stderr));
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(5) {
            if let Ok(Some(_)) = self.child.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        // It did not heed the end of its input.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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

/// A device on a USB port, as the kernel shows it.
pub fn plug(list: &Path, port: &str, files: &[(&str, &str)], interfaces: &[(&str, &str)]) {
    let put = |path: &Path, text: &str| {
        std::fs::create_dir_all(path.parent().expect("below the list")).expect("room");
        std::fs::write(path, format!("{text}\n")).expect("room");
    };
    for (name, text) in files {
        put(&list.join(port).join(name), text);
    }
    for (index, (class, name)) in interfaces.iter().enumerate() {
        let place = list.join(format!("{port}:1.{index}"));
        for (file, digits) in [("Class", 0..2), ("SubClass", 2..4), ("Protocol", 4..6)] {
            put(&place.join(format!("bInterface{file}")), &class[digits]);
        }
        put(&place.join("interface"), name);
    }
}

/// The lines that say how a device is, without those that hold this machine's readings, and without numbers of processes.
pub fn states(text: &str) -> String {
    let kept = |line: &&str| {
        !line.starts_with(' ')
            || ["  what to do:", "  also:", "  not known:"].iter().any(|head| line.starts_with(head))
    };
    let told = text.lines().filter(kept).fold(String::new(), |told, line| told + line + "\n");
    let mut parts = told.split(PROOF);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| told + PROOF + "N" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// Name of the file by which a driver proves that programs run; a number follows.
const PROOF: &str = ".proof-";
