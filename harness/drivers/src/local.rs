//! This machine as a device: the agent is pushed, started and followed exactly as on a phone.

pub(crate) mod files;
pub(crate) mod limits;
mod process;
mod talk;

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;

use crate::argv::Argv;
use crate::byte_stream::ByteStream;
use crate::driver::{Conversation, Driver, Listed, Output};
use crate::error::DriverError;
use crate::remote_path::RemotePath;
use limits::blocking;

/// The driver `local`. The device's root is `<state dir>/devices/<device id>`, closed to other users.
#[derive(Debug, Clone)]
pub struct Local {
    device: String,
    root: PathBuf,
    root_text: String,
}

impl Local {
    /// A device of this machine; nothing is made until [`Driver::attach`].
    ///
    /// # Errors
    /// [`DriverError::NamingDevice`] for an id that is not one plain name.
    pub fn new(state_dir: &Path, device: &str) -> Result<Self, DriverError> {
        // A number behind `#` tells the replicas of a simulated device apart.
        let plain = !device.contains('/') && RemotePath::new(device.replace('#', ".")).is_ok();
        let named = || DriverError::NamingDevice(device.chars().take(80).collect());
        if !plain {
            return Err(named());
        }
        let root = std::path::absolute(state_dir.join("devices").join(device)).map_err(|source| {
            DriverError::HostFile { doing: "resolving", path: state_dir.display().to_string(), source }
        })?;
        // Arguments of programs are text, so the root must be text too.
        let root_text = root.to_str().ok_or_else(named)?.to_owned();
        Ok(Self { device: device.to_owned(), root, root_text })
    }

    /// Id of the device.
    pub(crate) fn name(&self) -> &str {
        &self.device
    }

    /// A path of the device as a path of the host.
    pub(crate) fn at(&self, remote: &RemotePath) -> PathBuf {
        self.root.join(remote.as_str())
    }
}

#[async_trait]
impl Driver for Local {
    fn describe(&self) -> String {
        format!("{} (this machine, in {})", self.device, self.root_text)
    }

    fn root(&self) -> &str {
        &self.root_text
    }

    fn shares_host_processor(&self) -> bool {
        true
    }

    async fn attach(&self, deadline: Duration) -> Result<(), DriverError> {
        let root = self.root.clone();
        blocking("attaching", deadline, move |_| {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&root)
                .and_then(|()| fs::set_permissions(&root, fs::Permissions::from_mode(0o700)))
                .map_err(|source| files::device_error("preparing", &root, source))
        })
        .await
    }

    async fn list(&self, directory: &RemotePath, deadline: Duration) -> Result<Vec<Listed>, DriverError> {
        let path = self.at(directory);
        blocking("listing", deadline, move |_| files::list(&path)).await
    }

    async fn free_space(&self, deadline: Duration) -> Result<Option<u64>, DriverError> {
        let root = self.root.clone();
        blocking("reading free space", deadline, move |_| {
            let stat = rustix::fs::statvfs(&root)
                .map_err(|errno| files::device_error("reading the free space of", &root, errno.into()))?;
            Ok(Some(stat.f_bavail.saturating_mul(stat.f_frsize)))
        })
        .await
    }

    async fn push(
        &self,
        local: &Path,
        remote: &RemotePath,
        mode: u32,
        deadline: Duration,
    ) -> Result<u64, DriverError> {
        let (from, to) = (local.to_owned(), self.at(remote));
        blocking("pushing", deadline, move |given_up| files::push(&from, &to, mode, given_up)).await
    }

    async fn pull(&self, remote: &RemotePath, local: &Path, deadline: Duration) -> Result<u64, DriverError> {
        let (from, to) = (self.at(remote), local.to_owned());
        blocking("pulling", deadline, move |given_up| files::pull(&from, &to, given_up)).await
    }

    async fn remove(&self, remote: &RemotePath, deadline: Duration) -> Result<(), DriverError> {
        let path = self.at(remote);
        blocking("removing", deadline, move |_| files::remove(&path)).await
    }

    async fn exec(&self, argv: &Argv, deadline: Duration) -> Result<Output, DriverError> {
        process::exec(&self.root, argv, deadline).await
    }

    async fn stream(&self, argv: &Argv, idle: Duration) -> Result<ByteStream, DriverError> {
        Ok(ByteStream::new(talk::Source::start(&self.root, argv).await?, idle))
    }

    async fn converse(&self, argv: &Argv, deadline: Duration) -> Result<Box<dyn Conversation>, DriverError> {
        Ok(Box::new(talk::Dialogue::start(&self.root, argv, deadline).await?))
    }
}
