//! `adbd:hardware`: what stays when a phone reboots: its body, its files, its port.

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use super::arguments::Options;
use super::error::InsideError;
use super::mounts;
use super::namespaces::{self, Level};
use super::power::Power;
use super::root::{OUTLET, Parts};
use super::variant::Variant;
use crate::adbd;
use crate::serve::{Button, Ending, Outlet, Phone};

/// Lives until somebody wants an end, or the phone is off; the exit code of what was run instead of a system.
pub(super) fn live(options: &Options, dir: &Path) -> Result<u8, InsideError> {
    let parts = Parts::of(dir);
    take(options, dir, &parts)?;
    let mut phone_options = options.phone.clone();
    phone_options.dir = parts.phone();
    dir.clone_into(&mut phone_options.files);
    phone_options.abi = Some(abi().to_owned());
    let phone = Phone::open(&phone_options)?;
    mounts::directory(&parts.phone().join("data/log"))?;
    let socket = parts.control().join(OUTLET);
    offer(phone.outlet(), &socket).map_err(InsideError::file("opening the socket", &socket))?;
    let boots = Boots { options: options.clone(), button: phone.button(), ending: phone.ending() };
    let mut boots = Some(boots);
    let (ended, last) = channel();
    phone.live(&mut |_| {
        if let Some(boots) = boots.take() {
            let ended = ended.clone();
            thread::spawn(move || boots.all(&ended));
        }
    })?;
    // A boot that was cut off ends with this process, and its thread never says anything.
    last.try_recv().unwrap_or(Ok(0))
}

/// Lets the charger be plugged in and taken off from outside.
fn offer(outlet: Outlet, socket: &Path) -> io::Result<()> {
    // Of a phone that was here before.
    let _ = fs::remove_file(socket);
    adbd::obey(UnixListener::bind(socket)?, move |words| outlet.hear(words))
}

/// Takes the folder: what is in it besides data and the ways in is in memory, and seen by this phone alone.
fn take(options: &Options, dir: &Path, parts: &Parts) -> Result<(), InsideError> {
    let places = [parts.data(), parts.control()];
    let open = |place: &PathBuf| File::open(place).map_err(InsideError::file("opening", place));
    let kept = [open(&places[0])?, open(&places[1])?];
    mounts::memory(dir, c"mode=0700,size=64m")?;
    for (kept, place) in kept.iter().zip(&places) {
        mounts::bind(Path::new(&format!("/proc/self/fd/{}", kept.as_raw_fd())), place)?;
    }
    if options.variant == Variant::TinyStorage {
        mounts::memory(&parts.temporary(), c"mode=0771,size=16m")?;
    }
    Ok(())
}

/// One boot after another.
struct Boots {
    options: Options,
    button: Button,
    ending: Ending,
}

impl Boots {
    fn all(mut self, ended: &Sender<Result<u8, InsideError>>) {
        // Before an end is wanted, since nobody waits for this afterwards.
        let _ = ended.send(self.until_off());
        self.ending.want();
    }

    fn until_off(&mut self) -> Result<u8, InsideError> {
        loop {
            match self.once()? {
                Power::Reboot if self.button.press() => {}
                Power::Reboot | Power::Off => return Ok(0),
                Power::Ended(code) => return Ok(code),
            }
        }
    }

    fn once(&mut self) -> Result<Power, InsideError> {
        let program =
            std::env::current_exe().map_err(InsideError::file("finding", Path::new("this program")))?;
        let stdin = match self.options.run {
            Some(_) => Stdio::null(),
            None => Stdio::from(OwnedFd::from(self.listen()?)),
        };
        let mut command = namespaces::level(Level::Boot, program.as_os_str(), &self.options);
        let status = command
            .stdin(stdin)
            .status()
            .map_err(|source| InsideError::Starting { program: "unshare".to_owned(), source })?;
        Ok(Power::of(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
    }

    /// Each boot has a new listener: between two, nobody answers. The port stays the same.
    fn listen(&mut self) -> Result<TcpListener, InsideError> {
        let port = self.options.port;
        let failed = |source| InsideError::Listening { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
        self.options.port = listener.local_addr().map_err(failed)?.port();
        Ok(listener)
    }
}

/// What Android calls the processor of this machine.
fn abi() -> &'static str {
    match std::env::consts::ARCH {
        "aarch64" => "arm64-v8a",
        "arm" => "armeabi-v7a",
        other => other,
    }
}
