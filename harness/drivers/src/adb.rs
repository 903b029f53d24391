//! A device behind an adb server, on this host or on another one of the lab.
//!
//! Every call is carried out by a worker process that is killed at the call's deadline, because the library that
//! speaks to the server waits for ever. A device is identified by its serial, never by the server's number for a
//! connection, which changes with each reconnection.
//!
//! One primitive carries everything: a script for the device's shell over the service `exec:`, which every phone since
//! Android 5 has and which changes no byte. The library's own `shell` loses exit codes, its `push` can neither resume
//! nor set a mode, its `pull` takes a lost link for the end of the file, and its `stat` wraps at 4 GiB. A script that
//! reads a file of the host goes past the library altogether, because that would be the slowest part of the way.

mod address;
mod attached;
mod call;
mod crew;
mod digest;
mod files;
mod frame;
mod link;
mod listen;
mod push;
mod root;
mod run;
mod script;
mod server;
mod spoken;
mod stream;
mod worker;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

pub use address::usual_server;
pub use attached::{Attached, attached, is_on_this_host, protocol_version, start_server};
pub use crew::{WORKER_WORD, WorkerProgram};
pub(crate) use server::ends_a_tunnel;
pub use worker::adb_worker;

use crate::argv::Argv;
use crate::byte_stream::ByteStream;
use crate::driver::{Conversation, Driver, Listed, Output};
use crate::error::DriverError;
use crate::kinds::DeviceAddress;
use crate::remote_path::RemotePath;
use address::Address;
use link::Link;

/// The driver `adb`. The device's root is `/data/local/tmp/edgesoak`, closed to other users.
#[derive(Debug)]
pub struct Adb {
    device: String,
    link: Arc<Link>,
    link_is_charger: bool,
}

impl Adb {
    /// A device by its address: the key `serial`, and `server` for an adb server that is not the usual one of this host
    /// ([`usual_server`]), and `link` (`cable` or `network`) where the serial does not tell whether the link goes with
    /// the cable that charges the device.
    /// Nothing is started until the first call.
    ///
    /// # Errors
    /// [`DriverError::ReadingAddress`] for an address without a serial, or with a key that is not its own.
    pub fn new(address: &DeviceAddress, worker: WorkerProgram) -> Result<Self, DriverError> {
        let Address { serial, server, is_charger } = Address::of(address)?;
        let link = Arc::new(Link::new(serial, server, worker));
        Ok(Self { device: address.device.clone(), link, link_is_charger: is_charger })
    }

    /// Runs lines of the device's own shell. They may run twice, when the link is lost before their end is heard of.
    /// Nothing is prepared on the device, and nothing is left there. Standard error is lost where the lines do not
    /// redirect it.
    ///
    /// # Errors
    /// As those of [`Driver::exec`]; a device that is not there is looked for until the deadline.
    pub async fn shell(&self, lines: &str, deadline: Duration) -> Result<Output, DriverError> {
        let ran = run::lines(&self.link, "asking its shell", lines, deadline).await?;
        Ok(Output {
            code: ran.end.exit_code(),
            signal: ran.end.signal(),
            stdout: ran.output,
            truncated: ran.truncated || ran.end.truncated,
            stderr: ran.end.stderr,
        })
    }
}

#[async_trait]
impl Driver for Adb {
    fn describe(&self) -> String {
        format!("{} ({})", self.device, self.link.describe())
    }

    fn root(&self) -> &str {
        root::ROOT
    }

    fn shares_host_processor(&self) -> bool {
        false
    }

    fn abi(&self) -> Option<&'static str> {
        self.link.abi()
    }

    fn hub(&self) -> Option<String> {
        self.link.hub()
    }

    fn link_is_charger(&self) -> bool {
        self.link_is_charger
    }

    async fn attach(&self, deadline: Duration) -> Result<(), DriverError> {
        root::attach(&self.link, deadline).await
    }

    async fn list(&self, directory: &RemotePath, deadline: Duration) -> Result<Vec<Listed>, DriverError> {
        files::list(&self.link, directory, deadline).await
    }

    async fn free_space(&self, deadline: Duration) -> Result<Option<u64>, DriverError> {
        files::free_space(&self.link, deadline).await
    }

    async fn push(
        &self,
        local: &Path,
        remote: &RemotePath,
        mode: u32,
        deadline: Duration,
    ) -> Result<u64, DriverError> {
        push::push(&self.link, local, remote, mode, deadline).await
    }

    async fn pull(&self, remote: &RemotePath, local: &Path, deadline: Duration) -> Result<u64, DriverError> {
        files::pull(&self.link, remote, local, deadline).await
    }

    async fn remove(&self, remote: &RemotePath, deadline: Duration) -> Result<(), DriverError> {
        files::remove(&self.link, remote, deadline).await
    }

    async fn exec(&self, argv: &Argv, deadline: Duration) -> Result<Output, DriverError> {
        run::exec(&self.link, argv, deadline).await
    }

    async fn stream(&self, argv: &Argv, idle: Duration) -> Result<ByteStream, DriverError> {
        Ok(ByteStream::new(listen::Source::start(&self.link, argv, idle).await?, idle))
    }

    async fn converse(&self, argv: &Argv, deadline: Duration) -> Result<Box<dyn Conversation>, DriverError> {
        Ok(Box::new(listen::Dialogue::start(&self.link, argv, deadline).await?))
    }
}
