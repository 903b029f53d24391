//! `adbd:daemon`: what serves ADB inside, as the user that its commands get.

use std::fs;
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use super::arguments::Options;
use super::error::InsideError;
use super::root::CONTROL;
use super::variant::Variant;
use super::{daemon_environment, power};
use crate::adbd::{self, Access, Device, Features, Identity, Link, OnReboot, Shell};
use crate::face;
use crate::profile::Profile;

const SHELL: &str = "/system/bin/sh";
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// Serves ADB as long as this boot lasts.
pub(super) fn serve(options: &Options) -> Result<(), InsideError> {
    let port = options.port;
    let failed = |source| InsideError::Listening { port, source };
    let listener = TcpListener::from(io::stdin().as_fd().try_clone_to_owned().map_err(failed)?);
    // The listener must not be what commands read from.
    let nothing =
        fs::File::open("/dev/null").map_err(InsideError::file("opening", Path::new("/dev/null")))?;
    rustix::stdio::dup2_stdin(nothing).map_err(|errno| failed(errno.into()))?;
    let port = listener.local_addr().map_err(failed)?.port();
    let device = device(options).map_err(InsideError::file("serving", Path::new(SHELL)))?;
    // Of the boot before.
    let _ = fs::remove_file(CONTROL);
    let control =
        UnixListener::bind(CONTROL).map_err(InsideError::file("opening the socket", Path::new(CONTROL)))?;
    let link = device.link.clone();
    adbd::obey(control, move |words| link.hear(words))
        .map_err(InsideError::file("serving", Path::new(CONTROL)))?;
    // They were understood when the arguments were.
    for fault in options.link.iter().filter_map(|words| words.parse().ok()) {
        device.link.plant(fault);
    }
    tell(port);
    adbd::serve(listener, &device).map_err(failed)
}

/// Runs what is to be run instead; its exit code.
pub(super) fn run(words: &str) -> Result<u8, InsideError> {
    let status = Command::new(SHELL)
        .arg("-c")
        .arg(words)
        .status()
        .map_err(|source| InsideError::Starting { program: SHELL.to_owned(), source })?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

fn device(options: &Options) -> io::Result<Device> {
    let profile = Profile::built_in(&options.phone.profile).map_err(io::Error::other)?;
    let access = match options.variant {
        Variant::Unauthorised => Access::Unauthorised,
        _ => Access::Granted,
    };
    let mut shell = Shell::new(SHELL);
    shell.environment = daemon_environment::all().map(|(name, value)| (name.into(), value.into())).into();
    Ok(Device {
        identity: Identity {
            product: profile.name.clone(),
            model: face::model(&profile).replace(' ', "_"),
            device: profile.name,
        },
        features: if options.variant == Variant::Old { Features::Old } else { Features::Current },
        shell,
        link: Link::new(access)?,
        on_reboot: OnReboot::new(|_| power::reboot()),
    })
}

/// Says in one line of JSON that the phone is there.
fn tell(port: u16) {
    let boot_id = fs::read_to_string(BOOT_ID).unwrap_or_default();
    let line = serde_json::json!({ "serial": format!("127.0.0.1:{port}"), "boot_id": boot_id.trim() });
    let mut out = io::stdout();
    // Who does not read it does not want to know.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
