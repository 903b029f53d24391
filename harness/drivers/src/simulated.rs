//! A simulated device: a sandbox on this machine, where a program that simulates a phone plays the agent.
//!
//! It is reached as any device is, through files and programs. Three things are its own: the sheet `phone.toml` says
//! which phone it is; large files are links to one copy instead of a copy each; and the bench that it stands on has a
//! clock of its own, because ten simulated minutes pass in an instant.

mod bench;
mod pool;
mod sheet;

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;

use crate::argv::Argv;
use crate::byte_stream::ByteStream;
use crate::driver::{Conversation, Driver, Listed, Output};
use crate::error::DriverError;
use crate::kinds::DeviceAddress;
use crate::local::limits::blocking;
use crate::local::{Local, files};
use crate::remote_path::RemotePath;
use bench::Bench;
use pool::Pool;
use sheet::Sheet;

/// Files from this size on are shared between devices, bytes.
const SHARED_FROM: u64 = 1 << 20;

/// The driver `virtual`. The device's root is `<state dir>/devices/<device id>`, closed to other users; what devices
/// share lies in `<state dir>/virtual`.
#[derive(Debug)]
pub struct Simulated {
    sandbox: Local,
    sheet: Sheet,
    pool: Pool,
    bench: Bench,
}

impl Simulated {
    /// A device with the profile, seed, surroundings and faults of its address; nothing is made until
    /// [`Driver::attach`].
    ///
    /// # Errors
    /// [`DriverError::NamingDevice`] for an id that is not one plain name, [`DriverError::ReadingAddress`] for an
    /// address without a profile or with a key that is not its own.
    pub fn new(address: &DeviceAddress) -> Result<Self, DriverError> {
        let sandbox = Local::new(&address.state_dir, &address.device)?;
        let shared = std::path::absolute(address.state_dir.join("virtual")).map_err(|source| {
            DriverError::HostFile {
                doing: "resolving",
                path: address.state_dir.display().to_string(),
                source,
            }
        })?;
        let root = PathBuf::from(sandbox.root());
        Ok(Self {
            sheet: Sheet::of(address, &shared.join("digests"))?,
            pool: Pool::at(shared.join("files")),
            bench: Bench::of(&root),
            sandbox,
        })
    }
}

#[async_trait]
impl Driver for Simulated {
    fn describe(&self) -> String {
        format!("{} (virtual: {}, in {})", self.sandbox.name(), self.sheet.phone(), self.sandbox.root())
    }

    fn root(&self) -> &str {
        self.sandbox.root()
    }

    /// It does, but its figures do not depend on how fast it is simulated.
    fn shares_host_processor(&self) -> bool {
        false
    }

    fn ahead(&self) -> Duration {
        self.bench.ahead()
    }

    async fn skip(&self, time: Duration) -> Result<bool, DriverError> {
        self.bench.skip(time).map(|()| true)
    }

    fn is_simulated(&self) -> bool {
        true
    }

    async fn attach(&self, deadline: Duration) -> Result<(), DriverError> {
        self.sandbox.attach(deadline).await?;
        let (sheet, pool) = (self.sheet.clone(), self.pool.clone());
        let root = PathBuf::from(self.sandbox.root());
        blocking("attaching", deadline, move |_| {
            pool.prepare()?;
            sheet.prepare()?;
            sheet.put_into(&root)
        })
        .await?;
        self.bench.look()
    }

    async fn list(&self, directory: &RemotePath, deadline: Duration) -> Result<Vec<Listed>, DriverError> {
        self.sandbox.list(directory, deadline).await
    }

    async fn free_space(&self, deadline: Duration) -> Result<Option<u64>, DriverError> {
        self.sandbox.free_space(deadline).await
    }

    async fn push(
        &self,
        local: &Path,
        remote: &RemotePath,
        mode: u32,
        deadline: Duration,
    ) -> Result<u64, DriverError> {
        let (from, to, pool) = (local.to_owned(), self.sandbox.at(remote), self.pool.clone());
        blocking("pushing", deadline, move |given_up| {
            let large = std::fs::metadata(&from).is_ok_and(|found| found.len() >= SHARED_FROM);
            if large {
                pool.link(&from, &to, mode, given_up)
            } else {
                files::push(&from, &to, mode, given_up)
            }
        })
        .await
    }

    async fn pull(&self, remote: &RemotePath, local: &Path, deadline: Duration) -> Result<u64, DriverError> {
        self.sandbox.pull(remote, local, deadline).await
    }

    async fn remove(&self, remote: &RemotePath, deadline: Duration) -> Result<(), DriverError> {
        self.sandbox.remove(remote, deadline).await
    }

    async fn exec(&self, argv: &Argv, deadline: Duration) -> Result<Output, DriverError> {
        let output = self.sandbox.exec(argv, deadline).await;
        // A session that just ran moved the clock of the bench, even if its answer was lost.
        self.bench.look()?;
        output
    }

    async fn stream(&self, argv: &Argv, idle: Duration) -> Result<ByteStream, DriverError> {
        self.bench.look()?;
        self.sandbox.stream(argv, idle).await
    }

    async fn converse(&self, argv: &Argv, deadline: Duration) -> Result<Box<dyn Conversation>, DriverError> {
        self.bench.look()?;
        self.sandbox.converse(argv, deadline).await
    }
}
