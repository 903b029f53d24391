//! A device in memory, and the driver that reaches it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use edgesoak_controller::{Clock, Disk};
use edgesoak_drivers::{
    Argv, ByteStream, Chunk, ChunkSource, Conversation, Driver, DriverError, Listed, Output, RemotePath,
};
use edgesoak_protocol::journal::Answer;

use edgesoak_protocol::journal::FinishReason;
use edgesoak_protocol::probe::Tenant;

use super::agent;
use super::clock::JumpingClock;
use super::disk::MemoryDisk;

/// How often a stream looks for what is new.
const LOOKS_EVERY: Duration = Duration::from_millis(800);

/// What happens to the next stream.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The link drops after this many bytes.
    Drop(usize),
    /// A bit of this byte is flipped.
    Flip(usize),
    /// The agent is killed: this many bytes of its journal stay.
    AgentDies(usize),
    /// The device restarts: as above, with another boot.
    Restart(usize),
}

/// Whether anything gets through to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    #[default]
    Up,
    /// Until a session has been started.
    GoesDown,
    /// Until the copy of a journal has been compared.
    GoesDownAtLast,
    Down,
}

/// What a device is and does.
#[derive(Debug, Default)]
pub struct Things {
    pub files: BTreeMap<String, (Vec<u8>, u32)>,
    pub pushed: Vec<String>,
    pub faults: VecDeque<Fault>,
    pub link: Link,
    /// Sessions go on until they are told to stop.
    pub endless: bool,
    pub busy: bool,
    /// What its supply says; `None`: it does not say.
    pub plugged: Option<bool>,
    /// The digest of its battery pack, where it tells one.
    pub pack: Option<&'static str>,
    /// The cable that charges it is its link: unplugged, it is out of reach.
    pub cabled: bool,
    /// How its sessions end that are left to themselves; completed where nothing is said.
    pub ends: Option<FinishReason>,
    /// Looks at the device after which a person has unplugged it.
    pub unplugged_after: Option<u32>,
    /// Temperature of its battery.
    pub battery: Option<f64>,
    /// How full its battery is, per cent.
    pub charge: Option<f64>,
    /// What a look at it adds to its charge while it is plugged, and takes away while it is not.
    pub charge_step: f64,
    /// Whose it is, and for how many milliseconds yet.
    pub tenancy: Option<(Tenant, u64)>,
    /// Times that its link fails before it works.
    pub link_fails: u32,
    /// Times that the agent gave its settings back.
    pub given_back: u32,
    pub running: BTreeSet<String>,
    pub restarts: u32,
    /// Notes of a kilobyte in every journal.
    pub notes: usize,
    /// Answers that the host has taken.
    pub taken: u32,
    /// From this answer on the agent forgets them before anybody asks.
    pub forgets_from: Option<u32>,
    /// Places of answers that it never gives: it stopped asking there.
    pub skips: Vec<u32>,
    /// The place of an answer that so often, when a stream looks for what is new, it leaves out although it is kept.
    pub withholds: Option<(u32, u32)>,
    /// What it does to every answer before it gives it away.
    pub twists: Option<fn(&mut Answer)>,
    /// The code under which its runtime refuses every prompt.
    pub refuses: Option<&'static str>,
}

#[derive(Debug, Default)]
pub struct Device(Mutex<Things>);

impl Device {
    pub fn things(&self) -> MutexGuard<'_, Things> {
        self.0.lock().expect("unpoisoned")
    }

    /// What is left of all sessions.
    pub fn leftovers(&self) -> Vec<String> {
        self.things().files.keys().filter(|path| path.starts_with("sessions/")).cloned().collect()
    }
}

#[derive(Clone)]
pub struct FakeDriver {
    device: Arc<Device>,
    disk: Arc<MemoryDisk>,
    clock: Arc<JumpingClock>,
    shares: bool,
}

impl FakeDriver {
    pub fn new(
        device: Arc<Device>,
        (disk, clock): (Arc<MemoryDisk>, Arc<JumpingClock>),
        shares: bool,
    ) -> Self {
        Self { device, disk, clock, shares }
    }

    /// A dead host sends nothing any more, and a lost link lets nothing through.
    async fn reach(&self) -> Result<MutexGuard<'_, Things>, DriverError> {
        if self.disk.is_dead() {
            std::future::pending::<()>().await;
        }
        let mut things = self.device.things();
        if things.link_fails > 0 {
            things.link_fails -= 1;
            return Err(DriverError::LinkLost("the cable is loose".to_owned()));
        }
        let is_pulled = things.cabled && things.plugged == Some(false);
        if is_pulled && !things.endless {
            // What waited for that goes on by itself, and ends.
            things.running.clear();
        }
        if is_pulled || things.link == Link::Down {
            return Err(DriverError::LinkLost("the cable is out".to_owned()));
        }
        Ok(things)
    }
}

fn missing(path: &RemotePath) -> DriverError {
    let source = std::io::ErrorKind::NotFound.into();
    DriverError::DeviceFile { doing: "opening", path: path.to_string(), source }
}

#[async_trait]
impl Driver for FakeDriver {
    fn describe(&self) -> String {
        "made up".to_owned()
    }

    fn root(&self) -> &'static str {
        "/device"
    }

    fn shares_host_processor(&self) -> bool {
        self.shares
    }

    fn link_is_charger(&self) -> bool {
        self.device.things().cabled
    }

    async fn attach(&self, _: Duration) -> Result<(), DriverError> {
        self.reach().await.map(drop)
    }

    async fn list(&self, directory: &RemotePath, _: Duration) -> Result<Vec<Listed>, DriverError> {
        let things = self.reach().await?;
        let prefix = format!("{directory}/");
        let below = things.files.keys().filter_map(|path| path.strip_prefix(&prefix));
        let names: BTreeSet<&str> = below.map(|path| path.split('/').next().unwrap_or(path)).collect();
        Ok(names.into_iter().map(|name| Listed { name: name.to_owned(), bytes: 0, is_dir: true }).collect())
    }

    async fn free_space(&self, _: Duration) -> Result<Option<u64>, DriverError> {
        self.reach().await.map(|_| Some(1 << 40))
    }

    async fn push(&self, local: &Path, to: &RemotePath, mode: u32, _: Duration) -> Result<u64, DriverError> {
        let mut things = self.reach().await?;
        let bytes = self.disk.read(local, u64::MAX).map_err(|source| DriverError::HostFile {
            doing: "opening",
            path: local.display().to_string(),
            source,
        })?;
        let length = bytes.len() as u64;
        things.pushed.push(to.to_string());
        things.files.insert(to.to_string(), (bytes, mode));
        Ok(length)
    }

    async fn pull(&self, remote: &RemotePath, _: &Path, _: Duration) -> Result<u64, DriverError> {
        Err(missing(remote))
    }

    async fn remove(&self, remote: &RemotePath, _: Duration) -> Result<(), DriverError> {
        let below = format!("{remote}/");
        let gone = |path: &String| path == remote.as_str() || path.starts_with(&below);
        self.reach().await?.files.retain(|path, _| !gone(path));
        Ok(())
    }

    async fn exec(&self, argv: &Argv, _: Duration) -> Result<Output, DriverError> {
        let mut things = self.reach().await?;
        if !things.files.contains_key(argv.program().as_str()) {
            return Err(missing(argv.program()));
        }
        let (code, stdout) = agent::exec(&mut things, argv.args());
        Ok(Output { code: Some(code), signal: None, stdout, stderr: b"words".to_vec(), truncated: false })
    }

    async fn stream(&self, argv: &Argv, idle: Duration) -> Result<ByteStream, DriverError> {
        let mut things = self.reach().await?;
        let (waiting, growing) = agent::follow(&mut things, argv.args());
        Ok(ByteStream::new(Chunks { waiting, growing, driver: self.clone() }, idle))
    }

    async fn converse(&self, _: &Argv, _: Duration) -> Result<Box<dyn Conversation>, DriverError> {
        drop(self.reach().await?);
        Ok(Box::new(agent::Clocks))
    }
}

struct Chunks {
    waiting: VecDeque<Result<Chunk, DriverError>>,
    growing: Option<agent::Growing>,
    driver: FakeDriver,
}

#[async_trait]
impl ChunkSource for Chunks {
    async fn next(&mut self) -> Result<Chunk, DriverError> {
        tokio::task::yield_now().await;
        if let Some(growing) = self.growing.as_mut().filter(|_| self.waiting.is_empty()) {
            self.driver.clock.sleep(LOOKS_EVERY).await;
            self.waiting = growing.grown(&mut *self.driver.reach().await?);
        }
        match self.waiting.pop_front() {
            Some(chunk) if !self.driver.disk.is_dead() => chunk,
            // A session that goes on for ever has nothing to say at the moment.
            _ => std::future::pending().await,
        }
    }
}
