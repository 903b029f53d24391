//! A real adb server with a port and a home of its own, one virtual phone at it, and a world whose matrix knows it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_record::hex;
use sha2::{Digest, Sha256};

use crate::world::{Spoken, World, agents_with};

/// Longer than anything here takes; reached only when something hangs.
const PATIENCE: Duration = Duration::from_mins(3);
const MODEL: &str = include_str!("../../../../agents/virtual-phone/models/dense-350m-q4.toml");
const PHONES: &str = r#"
[family.phones]
title = "Phones that are not there"
hardware_heat = false

[policy.tier.rack]
blocking = ["artifact", "placement", "journal", "runtime_alive", "data_coverage"]

[[device]]
id = "virtual:phone"
family = "phones"
driver = "adb"
address = { serial = "SERIAL", server = "SERVER" }
stop_at = { temperature = "110 C" }

[candidate.described]
families = ["phones"]
routes = ["policy_qa"]
runtime = "scripted-runner"
artifact = { path = "model.toml", sha256 = "DIGEST" }
placement = "cpu"
options = { threads = 4, args = ["--phone", "/dev/virtual-phone"] }

[profile.rack]
tier = "rack"
devices = ["virtual:phone"]
override.soak = { duration = "6 s" }
"#;

/// All of it; it goes with this.
pub struct Lab {
    pub world: World,
    port: u16,
    home: tempfile::TempDir,
    server: Child,
    phone: Child,
    serial: String,
}

impl Lab {
    /// None, with a word, where this machine has no adb or forbids what a phone lives in.
    pub fn with(options: &[&str]) -> Option<Self> {
        if Command::new("adb").arg("version").output().is_err() {
            return skipped("adb is missing; scripts/prerequisites --tests installs it");
        }
        let home = tempfile::tempdir().expect("a home");
        let (phone, serial) = phone(home.path(), options)?;
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let server = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "adb", "-P", &port.to_string(), "nodaemon", "server"])
            .env("HOME", home.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("adb starts");
        let world = World::new();
        let lab = Self { world, port, home, server, phone, serial };
        until("the adb server listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        lab.write_matrix();
        Some(lab)
    }

    fn write_matrix(&self) {
        self.world.write("model.toml", MODEL);
        let phones = PHONES
            .replace("SERIAL", &self.serial)
            .replace("SERVER", &format!("127.0.0.1:{}", self.port))
            .replace("DIGEST", &hex(&Sha256::digest(MODEL)));
        let path = self.world.path().join("device_matrix.toml");
        let matrix = fs::read_to_string(path).expect("the world's matrix");
        let matrix =
            matrix.replace("[candidate.scripted]", "[candidate.scripted]\nfamilies = [\"host\"]") + &phones;
        self.world.write("device_matrix.toml", &matrix);
    }

    /// `edgesoak`, with the programs of this build for the phone.
    fn edgesoak(&self, arguments: &str) -> Command {
        let mut command = self.world.edgesoak();
        command.env("EDGESOAK_AGENTS", agents_with(&["edgesoak-virtual-phone"]));
        // A server that died is only started again where this host's own belongs.
        command.env("ANDROID_ADB_SERVER_PORT", self.port.to_string());
        command.args(arguments.split_whitespace()).stdin(Stdio::null());
        command
    }

    pub fn call(&self, arguments: &str) -> Spoken {
        spoken(&self.edgesoak(arguments).output().expect("edgesoak starts"))
    }

    /// A run during whose soak something happens; the journals that the phone wrote until its end come with it.
    pub fn run_while(&self, happens: impl FnOnce(&Self)) -> (Spoken, Vec<Vec<u8>>) {
        let said = self.world.path().join("said");
        let child = self
            .edgesoak("run --profile rack --format json")
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&said).expect("room"))
            .spawn()
            .expect("edgesoak starts");
        let soaks = || fs::read_to_string(&said).unwrap_or_default().contains(": soaking");
        until("the soak has begun", soaks);
        let held = self.hold_journals();
        happens(self);
        let mut output = child.wait_with_output().expect("it ends");
        output.stderr = fs::read(&said).expect("what it said");
        (spoken(&output), held.iter().map(|path| fs::read(path).expect("held")).collect())
    }

    /// A run whose host is killed in the soak.
    pub fn run_killed(&self) {
        let said = self.world.path().join("said");
        let mut child = self
            .edgesoak("run --profile rack")
            .stdout(Stdio::null())
            .stderr(fs::File::create(&said).expect("room"))
            .spawn()
            .expect("edgesoak starts");
        until("the soak has begun", || fs::read_to_string(&said).unwrap_or_default().contains(": soaking"));
        child.kill().expect("it is ours");
        child.wait().expect("it ended");
    }

    /// Links to what the phone writes: the host removes what it has collected.
    pub fn hold_journals(&self) -> Vec<PathBuf> {
        let sessions = self.home.path().join("phone/data/local/tmp/edgesoak/sessions");
        let mut found = Vec::new();
        until("the phone writes", || {
            found = fs::read_dir(&sessions)
                .into_iter()
                .flatten()
                .flatten()
                .flat_map(|run| fs::read_dir(run.path()).into_iter().flatten().flatten())
                .map(|session| session.path().join("journal"))
                .filter(|journal| journal.exists())
                .collect();
            !found.is_empty()
        });
        let hold = |(index, journal): (usize, &PathBuf)| {
            let link = self.home.path().join(format!("held-{index}"));
            fs::hard_link(journal, &link).expect("on the same disk");
            link
        };
        found.iter().enumerate().map(hold).collect()
    }

    /// Plants a fault of the phone's link.
    pub fn plant(&self, words: &str) {
        let mut command = Command::new(program());
        command.arg("link").arg(self.home.path().join("phone")).args(words.split(' '));
        let output = command.output().expect("the virtual phone starts");
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn adb(&self, words: &[&str]) -> String {
        let mut command = Command::new("adb");
        command.args(["-P", &self.port.to_string(), "-s", &self.serial]).args(words);
        let output = command.env("HOME", self.home.path()).output().expect("adb starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The server dies without a word; whoever needs one starts another.
    pub fn kill_server(&self) {
        let killed = Command::new("kill").args(["-9", &self.server.id().to_string()]).status();
        assert!(killed.expect("kill starts").success());
    }

    /// Text without what differs from run to run: addresses, names of runs, numbers, and how often a line comes.
    pub fn steady(&self, spoken: &Spoken) -> String {
        let text = spoken.transcript().replace(&self.serial, "SERIAL");
        let text = text.replace(&format!("127.0.0.1:{}", self.port), "SERVER");
        let mut lines: Vec<String> = text.lines().filter(|line| !line.contains(" left")).map(plain).collect();
        // How many prompts there are in some seconds depends on how fast this machine is.
        lines.retain(|line| !line.contains("background_cpu") && !line.contains("ttft_p"));
        lines.dedup();
        lines.join("\n")
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // Phone and server may have ended; the phone ends with its standard input.
        drop(self.phone.stdin.take());
        self.adb(&["kill-server"]);
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = self.phone.wait();
    }
}

/// A line with N for every number, and without the name of the run.
fn plain(line: &str) -> String {
    if line.starts_with("exit: ") || line.starts_with("verdict=") {
        return line.to_owned();
    }
    if line.starts_with("Report: ") {
        return "Report: REPORT".to_owned();
    }
    if line.starts_with("run ") {
        return "run RUN".to_owned();
    }
    let mut plain = String::new();
    for letter in line.chars() {
        match letter {
            '0'..='9' if plain.ends_with('N') => {}
            '0'..='9' => plain.push('N'),
            other => plain.push(other),
        }
    }
    plain.trim_end().replace("N.N", "N")
}

fn spoken(output: &Output) -> Spoken {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Spoken { exit: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

fn phone(home: &Path, options: &[&str]) -> Option<(Child, String)> {
    let mut child = Command::new(program())
        .args(["adbd", "--port", "0", "--profile", "tensor-phone", "--dir"])
        .arg(home.join("phone"))
        .args(options)
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
        return skipped(&format!(
            "a virtual phone cannot live here: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    };
    // Whoever stops reading would end it at its next boot.
    thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
    Some((child, said["serial"].as_str().expect("a serial").to_owned()))
}

fn skipped<T>(why: &str) -> Option<T> {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    println!("skipped: {why}");
    None
}

fn program() -> PathBuf {
    agents_with(&["edgesoak-virtual-phone"]).join("edgesoak-virtual-phone")
}

pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "it never came true: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
