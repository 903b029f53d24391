//! A real adb server with a home of its own, and virtual phones at it.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use edgesoak_drivers::{Adb, DeviceAddress, WorkerProgram};
use tempfile::TempDir;

pub const SOON: Duration = Duration::from_mins(1);

/// An adb server on its own port; it goes with this.
pub struct Server {
    port: u16,
    pub home: TempDir,
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
            assert!(
                std::env::var_os("CI").is_none(),
                "adb is missing; scripts/prerequisites --tests installs it"
            );
            println!("skipped: there is no adb");
            return None;
        }
        let home = tempfile::tempdir().expect("a home");
        let mut server = Self { port: free_port(), home, child: None };
        server.begin();
        Some(server)
    }

    /// The server runs again.
    pub fn begin(&mut self) {
        let child = self.command(&["nodaemon", "server"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.expect("adb starts"));
        until("the adb server listens", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
    }

    /// The server dies without a word.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it is ours");
            child.wait().expect("it ended");
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("adb");
        command.args(["-P", &self.port.to_string()]).args(arguments).env("HOME", self.home.path());
        command
    }

    /// What the server calls the state of a phone.
    pub fn state(&self, serial: &str) -> Option<String> {
        let output = self.command(&["devices"]).output().expect("adb starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().find_map(|line| Some(line.strip_prefix(serial)?.trim().to_owned()))
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The driver for a phone.
    pub fn driver(&self, serial: &str) -> Adb {
        let parts = vec![("serial".to_owned(), serial.to_owned()), ("server".to_owned(), self.address())];
        let address = DeviceAddress { device: "phone".to_owned(), state_dir: PathBuf::new(), parts };
        let path = PathBuf::from(env!("CARGO_BIN_EXE_edgesoak-adb-worker"));
        Adb::new(&address, WorkerProgram { path, args: vec![serial.to_owned()] }).expect("a good address")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Phone {
    /// A phone that waits for an adb server; none where this machine forbids what it lives in.
    pub fn start(arguments: &[&str]) -> Option<Self> {
        let (port, dir) = (free_port(), tempfile::tempdir().expect("a directory"));
        let mut child = Command::new(virtual_phone())
            .args(["adbd", "--port", &port.to_string(), "--profile", "tensor-phone", "--dir"])
            .arg(dir.path())
            .args(arguments)
            // It ends with its standard input.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the virtual phone starts");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        stdout.read_line(&mut line).expect("readable");
        if line.is_empty() {
            let output = child.wait_with_output().expect("it ended");
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(std::env::var_os("CI").is_none(), "a virtual phone cannot live here: {why}");
            println!("skipped: a virtual phone cannot live here: {why}");
            return None;
        }
        Some(Self { child, dir, serial: format!("127.0.0.1:{port}") })
    }

    /// Plants a fault of its link.
    pub fn plant(&self, words: &str) {
        let mut command = Command::new(virtual_phone());
        command.arg("link").arg(self.dir.path()).args(words.split(' '));
        let output = command.output().expect("the virtual phone starts");
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let ended = Instant::now();
        while ended.elapsed() < Duration::from_secs(5) {
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

/// The virtual phone of this build.
fn virtual_phone() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "-p", "edgesoak-virtual-phone"])
            .status();
        assert!(built.expect("cargo starts").success(), "the virtual phone builds");
        let worker = Path::new(env!("CARGO_BIN_EXE_edgesoak-adb-worker"));
        worker.with_file_name("edgesoak-virtual-phone")
    })
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has one").port()
}

pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < SOON, "it never came true: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
