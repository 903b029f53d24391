//! Starting this program again in namespaces of its own, and saying what to change where the system forbids it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::arguments::Options;
use super::error::InsideError;
use super::toolbox;

const UNSHARE: &str = "unshare";
/// A place of which this user is the administrator; what lives there dies with whoever made it.
const HARDWARE: [&str; 6] = ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child"];
/// The same for one boot, cut off from every network.
const BOOT: [&str; 5] = ["--mount", "--net", "--pid", "--fork", "--kill-child"];
/// The user that ADB gives its commands.
const DAEMON: [&str; 3] = ["--user", "--map-user=2000", "--map-group=2000"];

/// A level below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Below the supervisor.
    Hardware,
    /// Below the hardware.
    Boot,
    /// Below a boot.
    Daemon,
}

impl Level {
    /// Its word on the command line.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Hardware => "adbd:hardware",
            Self::Boot => "adbd:boot",
            Self::Daemon => "adbd:daemon",
        }
    }

    const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Hardware => &HARDWARE,
            Self::Boot => &BOOT,
            Self::Daemon => &DAEMON,
        }
    }
}

/// The command that begins a level; `program` is this one, as it is called there.
pub(super) fn level(level: Level, program: &OsStr, options: &Options) -> Command {
    let mut command = Command::new(unshare());
    command.args(level.flags()).arg("--").arg(program).arg(level.word()).args(options.words());
    command
}

/// Where it is: the programs of a phone are looked for elsewhere.
fn unshare() -> PathBuf {
    let places = toolbox::HOST.map(|dir| Path::new(dir).join(UNSHARE));
    places.into_iter().find(|path| path.exists()).unwrap_or_else(|| UNSHARE.into())
}

/// Tries whether a phone can be made here at all.
pub(crate) fn try_out() -> Result<(), InsideError> {
    // A `/proc` of its own is what containers forbid even where they allow the rest.
    let unshare = unshare();
    let tried = Command::new(&unshare)
        .args(HARDWARE)
        .args(["--mount-proc", "--"])
        .arg(&unshare)
        .args(BOOT)
        .arg("--")
        .arg(&unshare)
        .args(DAEMON)
        .args(["--", "true"])
        .stdin(Stdio::null())
        .output()
        .map_err(|source| InsideError::Starting {
            program: format!("{UNSHARE}, which util-linux brings"),
            source,
        })?;
    judged(&tried, &|setting| fs::read_to_string(setting).ok())
}

fn judged(tried: &Output, setting: &dyn Fn(&str) -> Option<String>) -> Result<(), InsideError> {
    if tried.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&tried.stderr);
    let said = said.lines().next().unwrap_or("it says nothing").chars().take(200).collect();
    Err(InsideError::Forbidden { said, remedy: remedy(setting) })
}

/// Settings of kernels that forbid it, with the value that does.
const SETTINGS: [(&str, &str, &str); 3] = [
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("user.max_user_namespaces", "0", "10000"),
];

fn remedy(setting: &dyn Fn(&str) -> Option<String>) -> String {
    let forbids = |(name, value, _): &&(&str, &str, &str)| {
        let path = format!("/proc/sys/{}", name.replace('.', "/"));
        setting(&path).is_some_and(|text| text.trim() == *value)
    };
    match SETTINGS.iter().find(forbids) {
        Some((name, _, allows)) => format!("an administrator allows it with: sysctl -w {name}={allows}"),
        None => "in a container, it takes unconfined seccomp, AppArmor and system paths".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    use super::*;

    #[test]
    fn the_setting_to_change_is_named() {
        let tried = Output {
            status: ExitStatus::from_raw(256),
            stdout: Vec::new(),
            stderr: b"unshare: unshare failed: Operation not permitted\nmore\n".to_vec(),
        };
        let said = |forbidding: &'static str| {
            let setting = move |path: &str| path.ends_with(forbidding).then(|| "0\n".to_owned());
            judged(&tried, &setting).expect_err("it failed").to_string()
        };
        assert_eq!(
            said("unprivileged_userns_clone"),
            "making a place for the phone: this system forbids it (unshare: unshare failed: Operation not permitted); \
             an administrator allows it with: sysctl -w kernel.unprivileged_userns_clone=1"
        );
        assert!(
            said("nothing")
                .ends_with("in a container, it takes unconfined seccomp, AppArmor and system paths")
        );
        let restricted = judged(&tried, &|path| path.contains("apparmor").then(|| "1\n".to_owned()));
        assert!(
            restricted
                .expect_err("it failed")
                .to_string()
                .ends_with("kernel.apparmor_restrict_unprivileged_userns=0")
        );
        let done = Output { status: ExitStatus::from_raw(0), ..tried };
        assert!(judged(&done, &|_| None).is_ok());
    }
}
