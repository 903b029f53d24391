//! What a served device says of itself, and what it is made of.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use super::link::Link;
use super::message::{MAX_PAYLOAD, OLD_MAX_PAYLOAD, VERSION_WITH_SUMS, VERSION_WITHOUT_SUMS};

/// A device as the ADB server meets it. It has the file system and the programs of the process that serves it.
#[derive(Debug)]
pub struct Device {
    /// What `adb devices -l` shows.
    pub identity: Identity,
    /// How old its adbd is.
    pub features: Features,
    /// How commands are started.
    pub shell: Shell,
    /// Its cable: faults, permission and the switch to turn it off. Keep a clone to reach it while it is served.
    pub link: Link,
    /// What `adb reboot` does.
    pub on_reboot: OnReboot,
}

/// What `adb devices -l` shows of a device. The serial is what the host connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `ro.product.name`.
    pub product: String,
    /// `ro.product.model`.
    pub model: String,
    /// `ro.product.device`.
    pub device: String,
}

/// What the adbd of a device can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Features {
    /// Exit codes, separate error output, 64 bit sizes, messages up to 1 MiB without sums.
    Current,
    /// As before Android 7: none of that, sums under every message, 4 KiB in one, and a shell whose terminal turns
    /// every line end into two characters (`exec:` does not).
    Old,
}

/// How the commands of `shell:` and `exec:` are started: `program -c COMMAND`, in a session of their own.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The shell, such as `/system/bin/sh`.
    pub program: PathBuf,
    /// The program that knows the word [`SESSION_WORD`](super::SESSION_WORD): this one, under `/proc/self/exe`.
    pub leader: PathBuf,
    /// The whole environment of a command, apart from `TERM`.
    pub environment: Vec<(OsString, OsString)>,
    /// Where commands start.
    pub directory: PathBuf,
}

impl Shell {
    /// A shell at a place, with an empty environment, started in `/` by this very program.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            leader: "/proc/self/exe".into(),
            environment: Vec::new(),
            directory: "/".into(),
        }
    }
}

/// What happens at `adb reboot`; it is given the mode that was asked for (empty, `bootloader`, `recovery`).
pub struct OnReboot(Box<dyn Fn(&str) + Send + Sync>);

impl OnReboot {
    /// Calls `what` from a thread of the connection, after the host has its answer.
    pub fn new(what: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Box::new(what))
    }

    pub(super) fn call(&self, mode: &str) {
        (self.0)(mode);
    }
}

impl fmt::Debug for OnReboot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OnReboot")
    }
}

impl Features {
    /// What stands in the banner. Neither `delayed_ack` nor `sendrecv_v2`: nothing here speaks them.
    const fn names(self) -> &'static str {
        match self {
            Self::Current => "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,fixed_push_symlink_timestamp",
            Self::Old => "",
        }
    }

    pub(super) const fn version(self) -> u32 {
        match self {
            Self::Current => VERSION_WITHOUT_SUMS,
            Self::Old => VERSION_WITH_SUMS,
        }
    }

    pub(super) const fn max_payload(self) -> u32 {
        match self {
            Self::Current => MAX_PAYLOAD,
            Self::Old => OLD_MAX_PAYLOAD,
        }
    }
}

impl Device {
    /// What the device answers to a host that connects.
    pub(super) fn banner(&self) -> String {
        let Identity { product, model, device } = &self.identity;
        let [product, model, device] = [product, model, device].map(|text| plain(text));
        let known =
            format!("device::ro.product.name={product};ro.product.model={model};ro.product.device={device};");
        match self.features.names() {
            "" => known,
            names => format!("{known}features={names}"),
        }
    }
}

/// A property that cannot end the banner early.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() && !";=".contains(*letter)).take(64).collect()
}
