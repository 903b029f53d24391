//! A device that is served by this process, in a folder of its own.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use edgesoak_virtual_phone::adbd::{self, Access, Device, Features, Identity, Link, OnReboot, Shell};
use tempfile::TempDir;

/// A served device; it goes with this.
#[derive(Debug)]
pub struct Bench {
    /// Its cable.
    pub link: Link,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it was asked to reboot into.
    pub reboots: Arc<Mutex<Vec<String>>>,
    folder: TempDir,
    served: Option<JoinHandle<io::Result<()>>>,
}

impl Bench {
    /// A device as people buy it today.
    pub fn current() -> Self {
        Self::new(Features::Current, Access::Granted)
    }

    /// A device of that kind.
    pub fn new(features: Features, access: Access) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the port has a number");
        let link = Link::new(access).expect("a cable");
        let reboots = Arc::new(Mutex::new(Vec::new()));
        let asked = Arc::clone(&reboots);
        let mut shell = Shell::new("/bin/sh");
        shell.leader = env!("CARGO_BIN_EXE_edgesoak-virtual-phone").into();
        shell.environment =
            vec![("PATH".into(), "/bin:/usr/bin".into()), ("TMPDIR".into(), "/data/local/tmp".into())];
        let device = Device {
            identity: Identity {
                product: "bench".to_owned(),
                model: "Bench Phone".to_owned(),
                device: "bench;=".to_owned(),
            },
            features,
            shell,
            link: link.clone(),
            on_reboot: OnReboot::new(move |mode| asked.lock().expect("nobody panics").push(mode.to_owned())),
        };
        let served = std::thread::spawn(move || adbd::serve(listener, &device));
        Self { link, address, reboots, folder: tempfile::tempdir().expect("a folder"), served: Some(served) }
    }

    /// How a host names it.
    pub fn serial(&self) -> String {
        self.address.to_string()
    }

    /// A path on the device.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder of the device.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends the service, and says how it ended.
    pub fn end(&mut self) -> io::Result<()> {
        self.link.stop();
        self.served.take().map_or(Ok(()), |served| served.join().expect("the service does not panic"))
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.link.stop();
        // A second panic while one is under way would hide the first.
        let _ = self.served.take().map(JoinHandle::join);
    }
}

/// Waits for `what` to be true.
pub fn until(what: &str, mut is: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !is() {
        assert!(std::time::Instant::now() < end, "waiting in vain: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
