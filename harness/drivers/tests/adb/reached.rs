//! A phone that the driver has reached.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use edgesoak_drivers::{Adb, Argv, DeviceAddress, Driver, RemotePath, WorkerProgram};

use crate::attached::{Phone, Server};

/// Longer than any call takes; reached only when something hangs.
pub const SOON: Duration = Duration::from_mins(1);

pub struct Reached {
    pub driver: Adb,
    pub dir: tempfile::TempDir,
    pub phone: Phone,
    pub server: Server,
}

impl Reached {
    pub async fn with(arguments: &[&str]) -> Option<Self> {
        let (server, phone) = (Server::start()?, Phone::start("tensor-phone", arguments)?);
        let driver = driver(&server, &phone.serial);
        driver.attach(SOON).await.expect("attaches");
        Some(Self { driver, dir: tempfile::tempdir().expect("a directory"), phone, server })
    }

    pub fn workers(&self) -> Vec<i32> {
        workers_of(&self.phone)
    }

    /// Kills them all, as an administrator in despair would.
    pub fn kill_workers(&self) {
        for pid in self.workers().into_iter().filter_map(rustix::process::Pid::from_raw) {
            // One that ended by itself meanwhile is as dead.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> std::path::PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, bytes).expect("room");
        path
    }

    pub async fn script(&self, name: &str, text: &str) -> Argv {
        let local = self.file(name, format!("#!/system/bin/sh\n{text}\n").as_bytes());
        let remote = path(&format!("bin/{name}"));
        self.driver.push(&local, &remote, 0o700, SOON).await.expect("pushes");
        Argv::of(&remote)
    }
}

/// Worker processes for a phone, by number. Each has the phone's serial as its argument.
pub fn workers_of(phone: &Phone) -> Vec<i32> {
    let listed = fs::read_dir("/proc").expect("readable").flatten();
    let pids = listed.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let ours = |pid: &i32| {
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let mut words = words.split(|byte| *byte == 0);
        words.next().is_some_and(|program| program.ends_with(b"edgesoak-adb-worker"))
            && words.next() == Some(phone.serial.as_bytes())
    };
    pids.filter(ours).collect()
}

/// The driver for a phone.
pub fn driver(server: &Server, serial: &str) -> Adb {
    let parts = vec![("serial".to_owned(), serial.to_owned()), ("server".to_owned(), server.address())];
    let address = DeviceAddress { device: "phone".to_owned(), state_dir: PathBuf::new(), parts };
    let path = PathBuf::from(env!("CARGO_BIN_EXE_edgesoak-adb-worker"));
    Adb::new(&address, WorkerProgram { path, args: vec![serial.to_owned()] }).expect("a good address")
}

pub fn path(text: &str) -> RemotePath {
    RemotePath::new(text).expect("plain")
}

pub fn bytes(count: u32) -> Vec<u8> {
    (0..count).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).expect("small")).collect()
}
