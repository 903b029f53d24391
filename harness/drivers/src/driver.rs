//! What every driver can do.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;

use crate::argv::Argv;
use crate::byte_stream::ByteStream;
use crate::error::DriverError;
use crate::remote_path::RemotePath;

/// What a finished program left behind. Its streams are read to their ends, but only their beginnings are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The number of the signal that ended it.
    pub signal: Option<i32>,
    /// Beginning of its standard output, at most 8 MiB.
    pub stdout: Vec<u8>,
    /// Beginning of its standard error, at most 64 KiB.
    pub stderr: Vec<u8>,
    /// One of the two was longer than what is kept.
    pub truncated: bool,
}

/// One entry of a directory on a device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Name within the directory.
    pub name: String,
    /// Size, bytes; 0 for directories.
    pub bytes: u64,
    /// It is a directory.
    pub is_dir: bool,
}

/// A program on the device that answers each line with one line.
#[async_trait]
pub trait Conversation: Send {
    /// Writes `question` and a line end, and waits for the next line (without its end, at most 64 KiB).
    async fn ask(&mut self, question: &str) -> Result<String, DriverError>;
}

/// One device, reached over one transport.
///
/// Every call ends by its deadline, with [`DriverError::DeadlinePassed`] if need be, and leaves no process of its
/// own behind; what a program on the device detached goes on.
#[async_trait]
pub trait Driver: Send + Sync {
    /// The device and the way to it, in words for people.
    fn describe(&self) -> String;

    /// The device's private directory as an absolute path on the device.
    fn root(&self) -> &str;

    /// Whether programs on the device compete with the host, and with other such devices, for processors.
    fn shares_host_processor(&self) -> bool;

    /// How far the clock of the bench that the device stands on is ahead of this host's. Hardware shares the host's
    /// time; what is simulated lives through a session at once, and is that much further on afterwards.
    fn ahead(&self) -> Duration {
        Duration::ZERO
    }

    /// Lets time pass at once on the bench of a simulated device; `false` where it has to be waited for.
    async fn skip(&self, _time: Duration) -> Result<bool, DriverError> {
        Ok(false)
    }

    /// Whether the device lives in simulated time, see [`Driver::ahead`].
    fn is_simulated(&self) -> bool {
        false
    }

    /// Which programs run on the device, as Android names its ABI (`arm64-v8a`, `armeabi-v7a`, `x86_64`); known from
    /// [`Driver::attach`] on. `None` where the host's own programs run, and where the device does not tell.
    fn abi(&self) -> Option<&'static str> {
        None
    }

    /// The USB hub that the device is plugged into, in a word that devices behind the same hub share; known from
    /// [`Driver::attach`] on. `None` where it has none, and where the transport does not tell.
    fn hub(&self) -> Option<String> {
        None
    }

    /// Whether the cable that charges the device is also the way to it, so that nobody reaches it unplugged.
    fn link_is_charger(&self) -> bool {
        false
    }

    /// Checks that the device is there and can be used, and prepares its root.
    async fn attach(&self, deadline: Duration) -> Result<(), DriverError>;

    /// Entries of a directory, sorted by name, at most 10 000; empty where there is no such directory.
    async fn list(&self, directory: &RemotePath, deadline: Duration) -> Result<Vec<Listed>, DriverError>;

    /// Free space at the root, bytes; `None` where the transport cannot tell.
    async fn free_space(&self, deadline: Duration) -> Result<Option<u64>, DriverError>;

    /// Puts a file on the device, whole or not at all, and gives its size. Missing directories are made, private
    /// to the owner.
    async fn push(
        &self,
        local: &Path,
        remote: &RemotePath,
        mode: u32,
        deadline: Duration,
    ) -> Result<u64, DriverError>;

    /// Copies a file from the device, whole or not at all, and gives its size.
    async fn pull(&self, remote: &RemotePath, local: &Path, deadline: Duration) -> Result<u64, DriverError>;

    /// Removes a file, or a directory with all that is in it; that it is not there is no error.
    async fn remove(&self, remote: &RemotePath, deadline: Duration) -> Result<(), DriverError>;

    /// Runs a program to its end; at the deadline it is killed with its whole process group.
    async fn exec(&self, argv: &Argv, deadline: Duration) -> Result<Output, DriverError>;

    /// Runs a program and hands over its standard output as it comes. `idle` counts from the last byte. Dropping
    /// the stream ends this end's process only.
    async fn stream(&self, argv: &Argv, idle: Duration) -> Result<ByteStream, DriverError>;

    /// Starts a program that answers line by line; each answer is due by `deadline` after its question.
    async fn converse(&self, argv: &Argv, deadline: Duration) -> Result<Box<dyn Conversation>, DriverError>;
}
