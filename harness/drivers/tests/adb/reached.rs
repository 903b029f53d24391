//! A phone that the driver has reached.

use std::fs;

use edgesoak_drivers::{Adb, Argv, Driver, RemotePath};

use crate::bench::{Phone, SOON, Server};

pub struct Reached {
    pub driver: Adb,
    pub dir: tempfile::TempDir,
    pub phone: Phone,
    pub server: Server,
}

impl Reached {
    pub async fn with(arguments: &[&str]) -> Option<Self> {
        let (server, phone) = (Server::start()?, Phone::start(arguments)?);
        let driver = server.driver(&phone.serial);
        driver.attach(SOON).await.expect("attaches");
        Some(Self { driver, dir: tempfile::tempdir().expect("a directory"), phone, server })
    }

    /// Worker processes for this phone, by number. Each has the phone's serial as its argument.
    pub fn workers(&self) -> Vec<i32> {
        let listed = fs::read_dir("/proc").expect("readable").flatten();
        let pids = listed.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        let ours = |pid: &i32| {
            let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let mut words = words.split(|byte| *byte == 0);
            words.next().is_some_and(|program| program.ends_with(b"edgesoak-adb-worker"))
                && words.next() == Some(self.phone.serial.as_bytes())
        };
        pids.filter(ours).collect()
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

pub fn path(text: &str) -> RemotePath {
    RemotePath::new(text).expect("plain")
}

pub fn bytes(count: u32) -> Vec<u8> {
    (0..count).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).expect("small")).collect()
}
