//! The real ADB server meets the whole phone.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::phone::{Place, until};

/// A server on a port and in a home of its own; it goes with this.
struct Server {
    port: u16,
    home: TempDir,
    child: Option<Child>,
}

impl Server {
    /// None, with a word, where there is no adb.
    fn start() -> Option<Self> {
        if Command::new("adb").arg("version").output().is_err() {
            assert!(
                std::env::var_os("CI").is_none(),
                "adb is not installed; scripts/prerequisites installs it"
            );
            println!("skipped: there is no adb");
            return None;
        }
        let free =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let home = tempfile::tempdir().expect("a home");
        let mut server = Self { port: free.port(), home, child: None };
        let mut command = server.adb(&["nodaemon", "server"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        server.child = Some(child.expect("adb starts"));
        until(|| TcpStream::connect(("127.0.0.1", free.port())).is_ok());
        Some(server)
    }

    fn adb(&self, words: &[&str]) -> Command {
        let mut command = Command::new("adb");
        command
            .args(words)
            .env("HOME", self.home.path())
            .env("ANDROID_ADB_SERVER_PORT", self.port.to_string());
        command
    }

    fn says(&self, words: &[&str]) -> String {
        let output = self.adb(words).stdin(Stdio::null()).output().expect("adb runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Connects, again where it must, until a command is answered.
    fn reach(&self, serial: &str) {
        until(|| {
            let answered = self.says(&["-s", serial, "shell", "echo here"]) == "here";
            if !answered {
                self.says(&["disconnect", serial]);
                self.says(&["connect", serial]);
            }
            answered
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn the_server_lists_pushes_runs_and_reboots() {
    let (Some(place), Some(server)) = (Place::new(), Server::start()) else { return };
    let mut phone = place.serve(&["--profile", "sm6115-scanner"]);
    let serial = phone.serial.clone();
    server.reach(&serial);
    let listed = server.says(&["devices", "-l"]);
    assert!(listed.contains("device product:sm6115-scanner"), "{listed}");
    let file = place.dir().join("pushed");
    std::fs::write(&file, "#!/system/bin/sh\nid -u; exit 7\n").expect("written");
    server.says(&["-s", &serial, "push", &file.display().to_string(), "/data/local/tmp/p"]);
    let ran =
        server.adb(&["-s", &serial, "shell", "chmod 755 /data/local/tmp/p; /data/local/tmp/p"]).output();
    let ran = ran.expect("adb runs");
    assert_eq!((ran.status.code(), String::from_utf8_lossy(&ran.stdout).trim()), (Some(7), "2000"));
    let boot =
        |server: &Server| server.says(&["-s", &serial, "shell", "cat /proc/sys/kernel/random/boot_id"]);
    assert_eq!(boot(&server), phone.boots[0]);
    server.says(&["-s", &serial, "reboot"]);
    phone.wait_for_boot();
    assert_eq!(phone.serial, serial, "the same port");
    server.reach(&serial);
    assert_eq!(boot(&server), phone.boots[1]);
    assert_ne!(phone.boots[0], phone.boots[1]);
    assert!(
        server.says(&["-s", &serial, "shell", "cat /data/local/tmp/p"]).contains("id -u"),
        "data is kept"
    );
    phone.child.stdin = None;
    assert_eq!(phone.end(), Some(0));
}
