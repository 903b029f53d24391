//! What can go wrong between host and device.

use std::io;
use std::time::Duration;

use thiserror::Error;

/// Why a driver could not do what it was asked to.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DriverError {
    /// The matrix names a driver that is known but not part of this build.
    #[error("opening the driver `{0}`: it is not built in yet; built in are: local, virtual, adb")]
    NotBuiltIn(String),
    /// The matrix names a driver that nobody knows.
    #[error("opening the driver `{0}`: no driver has this name")]
    UnknownDriver(String),
    /// The matrix' address of a device lacks something, or has what its driver does not know.
    #[error("reading the address of {device}: {problem}")]
    ReadingAddress {
        /// Id of the device.
        device: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A path that could leave the device's root.
    #[error("naming the path {0:?} on the device: it is not plain and relative")]
    NamingRemotePath(String),
    /// A device id that cannot be a directory name.
    #[error("naming the directory of device {0:?}: it is not a plain name")]
    NamingDevice(String),
    /// A file of the host could not be read or written.
    #[error("{doing} {path} on the host")]
    HostFile {
        /// What we were doing.
        doing: &'static str,
        /// To which file.
        path: String,
        /// Why it failed.
        source: io::Error,
    },
    /// A file of the device could not be read or written.
    #[error("{doing} {path} on the device")]
    DeviceFile {
        /// What we were doing.
        doing: &'static str,
        /// To which file, relative to the device's root.
        path: String,
        /// Why it failed.
        source: io::Error,
    },
    /// A program on the device could not be run or talked to.
    #[error("{doing} {program} on the device")]
    Program {
        /// What we were doing.
        doing: &'static str,
        /// Which program.
        program: String,
        /// Why it failed.
        source: io::Error,
    },
    /// The deadline of a call passed.
    #[error("{doing}: no end within {} s", after.as_secs_f64())]
    DeadlinePassed {
        /// What we were doing.
        doing: String,
        /// The deadline.
        after: Duration,
    },
    /// A stream was silent for longer than its idle deadline.
    #[error("listening to the device: silent for {} s", after.as_secs_f64())]
    Silent {
        /// The idle deadline.
        after: Duration,
    },
    /// The device does not answer.
    #[error("reaching the device: {0}")]
    LinkLost(String),
    /// No adb server answers at the device's address for it.
    #[error("asking the adb server at {server}")]
    NoAdbServer {
        /// Its address.
        server: String,
        /// Why it does not answer.
        source: io::Error,
    },
    /// The adb server does not know the device.
    #[error("reaching {serial}: the adb server at {server} does not know it")]
    NotAttached {
        /// The device.
        serial: String,
        /// The server's address.
        server: String,
    },
    /// Several devices have the same serial number.
    #[error("reaching {serial}: {count} devices at the adb server at {server} have this serial number")]
    SeveralAttached {
        /// The device.
        serial: String,
        /// The server's address.
        server: String,
        /// How many there are.
        count: usize,
    },
    /// The device has not allowed this host to use it.
    #[error("reaching {serial}: it has not authorised this host")]
    Unauthorised {
        /// The device.
        serial: String,
    },
    /// The host's user may not open the device's USB port.
    #[error("reaching {serial}: the adb server has no permission to use it")]
    NoPermission {
        /// The device.
        serial: String,
    },
    /// The device is known, but cannot be used now.
    #[error("reaching {serial}: it is {state}")]
    NotReady {
        /// The device.
        serial: String,
        /// What the adb server calls its state, such as `offline`.
        state: String,
    },
    /// The device has no place where programs can be put and run.
    #[error("preparing {path} on the device: {problem}")]
    PreparingRoot {
        /// The place.
        path: String,
        /// What does not work there.
        problem: String,
    },
    /// The device's shell lacks what files are put there with.
    #[error("preparing the device: {problem}")]
    TooOld {
        /// What it lacks.
        problem: String,
    },
    /// The worker process that speaks to a device could not be started.
    #[error("starting a worker process")]
    StartingWorker {
        /// Why it failed.
        source: io::Error,
    },
    /// A program printed a line longer than anybody should.
    #[error("listening to {program}: a line of more than {limit} bytes")]
    LineTooLong {
        /// Which program.
        program: String,
        /// The bound.
        limit: usize,
    },
}

/// Who can mend an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The device: full, slow, silent, a program missing.
    Device,
    /// The lab: cables, links, the host's own disk.
    Lab,
    /// The matrix or the arguments.
    Config,
    /// EdgeSoak.
    Harness,
}

impl Whose {
    /// The word used in the host's journal and in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Whose::Device => "device",
            Whose::Lab => "lab",
            Whose::Config => "config",
            Whose::Harness => "harness",
        }
    }
}

impl DriverError {
    /// Who can mend it.
    #[must_use]
    pub fn whose(&self) -> Whose {
        match self {
            Self::NotBuiltIn(_)
            | Self::UnknownDriver(_)
            | Self::ReadingAddress { .. }
            | Self::NamingDevice(_) => Whose::Config,
            Self::NamingRemotePath(_) | Self::StartingWorker { .. } => Whose::Harness,
            Self::HostFile { source, .. } if source.kind() == io::ErrorKind::NotFound => Whose::Config,
            Self::HostFile { .. }
            | Self::LinkLost(_)
            | Self::Silent { .. }
            | Self::NoAdbServer { .. }
            | Self::NotAttached { .. }
            | Self::SeveralAttached { .. }
            | Self::Unauthorised { .. }
            | Self::NoPermission { .. }
            | Self::NotReady { .. } => Whose::Lab,
            Self::DeviceFile { .. }
            | Self::PreparingRoot { .. }
            | Self::TooOld { .. }
            | Self::Program { .. }
            | Self::DeadlinePassed { .. }
            | Self::LineTooLong { .. } => Whose::Device,
        }
    }

    /// Whether the same call may succeed later without anybody mending anything.
    #[must_use]
    pub fn retry(&self) -> bool {
        matches!(
            self,
            Self::DeadlinePassed { .. }
                | Self::Silent { .. }
                | Self::LinkLost(_)
                | Self::NoAdbServer { .. }
                | Self::NotAttached { .. }
                | Self::NotReady { .. }
        )
    }

    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoAdbServer { server, .. } if crate::adb::ends_a_tunnel(server) => {
                "open the tunnel to the adb server's host again; a server is only started at this host's usual address, \
                 which `ANDROID_ADB_SERVER_PORT` names"
            }
            Self::NoAdbServer { .. } => {
                "start it where the device is plugged in: adb start-server; `server = \"host:port\"` in the matrix says where"
            }
            Self::NotAttached { .. } => {
                "plug it in and turn on USB debugging; if `adb devices` shows it on another host, name that host's adb server \
                 with `server = \"host:port\"`; two adb servers on one host take devices from each other: keep one"
            }
            Self::SeveralAttached { .. } => {
                "unplug all but one: a serial number that several devices share identifies none of them"
            }
            Self::Unauthorised { .. } => {
                "unlock its screen and allow USB debugging for this host, always; if it does not ask, revoke its USB debugging \
                 authorisations in the developer options and plug it in again"
            }
            Self::NoPermission { .. } => {
                "give the adb server's user the device: the udev rule of the lab handbook and the group plugdev; then: adb \
                 kill-server"
            }
            Self::NotReady { .. } => {
                "wait for it to start; if it stays so, plug it in again, or: adb reconnect offline; an adb of another version on \
                 this host restarts the server each time: keep one"
            }
            Self::TooOld { .. } => "its Android is too old: 8.1 or later is needed",
            Self::PreparingRoot { .. } => {
                "make room in its storage; if its owner's policy forbids programs there, no program can be measured on it"
            }
            _ => return None,
        })
    }

    /// Whether a disk was full, on either side.
    #[must_use]
    pub fn disk_full(&self) -> bool {
        let (Self::HostFile { source, .. } | Self::DeviceFile { source, .. }) = self else { return false };
        matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    }
}
