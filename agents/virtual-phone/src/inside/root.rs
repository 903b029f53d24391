//! The root of a phone, as its programs find it.
//!
//! ```text
//! /system/bin             the phone's programs: stand-ins, and those of this machine under toybox's names
//! /system/answers         what the stand-ins print
//! /data/local/tmp         kept, and executable but on a `noexec` phone
//! /sdcard                 kept, never executable
//! /proc /sys              the body
//! /dev/virtual-phone      where a runner finds the engine of the phone
//! /usr /bin /lib ...      this machine's, unwritable, for what the programs need
//! ```

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::mount::MountFlags;

use super::arguments::Options;
use super::error::InsideError;
use super::variant::Variant;
use super::{mounts, shown, toolbox};
use crate::profile::Profile;

/// Where a runner finds the phone's engine.
pub(super) const ENGINE: &str = "/dev/virtual-phone";
/// Where faults of its link are planted.
pub(super) const CONTROL: &str = "/dev/virtual-phone/control/link";
/// Where its charger is plugged in, below what reaches into the phone from outside.
pub(super) const OUTLET: &str = "charger";
/// This program, as it is called inside.
pub(super) const PROGRAM: &str = "/system/bin/adbd";
/// Folders of this machine without which its programs do not start, and no other: sockets of its daemons would lead out.
const HOST: [&str; 8] = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "nix/store"];
/// Its files that programs look for.
const HOST_FILES: [&str; 2] = ["etc/ld.so.cache", "etc/localtime"];
const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];
const PASSWD: &str = "root:x:0:0::/:/system/bin/sh\nshell:x:2000:2000::/:/system/bin/sh\n";
const GROUP: &str = "root:x:0:\nshell:x:2000:\n";

/// Folders of the hardware that a root is made of.
#[derive(Debug)]
pub(super) struct Parts {
    dir: PathBuf,
}

impl Parts {
    pub(super) fn of(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// What stays when the phone is gone.
    pub(super) fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Where files are pushed to.
    pub(super) fn temporary(&self) -> PathBuf {
        self.data().join("local/tmp")
    }

    /// What reaches into the phone from outside.
    pub(super) fn control(&self) -> PathBuf {
        self.dir.join("control")
    }

    fn media(&self) -> PathBuf {
        self.data().join("media/0")
    }

    /// Files of the body.
    pub(super) fn phone(&self) -> PathBuf {
        self.dir.join("phone")
    }

    fn root(&self) -> PathBuf {
        self.dir.join("root")
    }

    /// Makes what is not in memory.
    pub(super) fn make(&self) -> Result<(), InsideError> {
        for part in [self.temporary(), self.media(), self.control()] {
            mounts::directory(&part)?;
        }
        Ok(())
    }
}

/// Builds the root and enters it.
pub(super) fn enter(options: &Options, dir: &Path) -> Result<(), InsideError> {
    let profile = Profile::built_in(&options.phone.profile)?;
    let parts = Parts::of(dir);
    let (root, phone) = (parts.root(), parts.phone());
    mounts::memory(&root, c"mode=0755,size=16m")?;
    host(&root)?;
    devices(&root)?;
    mounts::kernel("proc", &root.join("proc"), c"")?;
    shown::system(&root.join("proc"), &phone.join("proc"))?;
    if options.variant == Variant::SelinuxDenied {
        shown::deny(&phone.join("sys"))?;
    }
    mounts::bind_unwritable(&phone.join("sys"), &root.join("sys"))?;
    storage(options, &parts, &root)?;
    let system = root.join("system");
    mounts::directory(&system.join("bin"))?;
    toolbox::fill(&profile, &system.join("bin"))?;
    let program = std::env::current_exe().map_err(InsideError::file("finding", Path::new("this program")))?;
    mounts::bind_unwritable(&program, &root.join(&PROGRAM[1..]))?;
    mounts::bind(&phone.join("answers"), &system.join("answers"))?;
    mounts::restrict(&root, MountFlags::RDONLY)?;
    mounts::enter(&root)
}

/// What programs of this machine need.
fn host(root: &Path) -> Result<(), InsideError> {
    for name in HOST {
        let (from, place) = (Path::new("/").join(name), root.join(name));
        if let Ok(target) = fs::read_link(&from) {
            symlink(target, &place).map_err(InsideError::file("linking", &place))?;
        } else if from.is_dir() {
            mounts::bind_all_unwritable(&from, &place)?;
        }
    }
    let etc = root.join("etc");
    mounts::directory(&etc)?;
    for (name, text) in [("passwd", PASSWD), ("group", GROUP)] {
        let path = etc.join(name);
        fs::write(&path, text).map_err(InsideError::file("writing", &path))?;
    }
    for name in HOST_FILES {
        // What this machine does not have, its programs do not need.
        let _ = fs::copy(Path::new("/").join(name), root.join(name));
    }
    let alternatives = Path::new("/etc/alternatives");
    if alternatives.is_dir() {
        mounts::bind_unwritable(alternatives, &etc.join("alternatives"))?;
    }
    Ok(())
}

fn devices(root: &Path) -> Result<(), InsideError> {
    let dev = root.join("dev");
    mounts::directory(&dev)?;
    for name in DEVICES {
        mounts::bind(&Path::new("/dev").join(name), &dev.join(name))?;
    }
    mounts::kernel("devpts", &dev.join("pts"), c"newinstance,ptmxmode=0666,mode=0620")?;
    for (target, name) in [
        ("pts/ptmx", "ptmx"),
        ("/proc/self/fd", "fd"),
        ("/proc/self/fd/0", "stdin"),
        ("/proc/self/fd/1", "stdout"),
        ("/proc/self/fd/2", "stderr"),
    ] {
        symlink(target, dev.join(name)).map_err(InsideError::file("linking", &dev.join(name)))?;
    }
    Ok(())
}

/// What can be written, the engine, and the marks of a phone that is none.
fn storage(options: &Options, parts: &Parts, root: &Path) -> Result<(), InsideError> {
    let phone = parts.phone();
    let temporary = root.join("data/local/tmp");
    mounts::bind(&parts.temporary(), &temporary)?;
    if options.variant == Variant::NoExec {
        mounts::restrict(&temporary, MountFlags::NOEXEC)?;
    }
    let media = root.join("storage/emulated/0");
    mounts::bind(&parts.media(), &media)?;
    mounts::restrict(&media, MountFlags::NOEXEC)?;
    symlink("/storage/emulated/0", root.join("sdcard"))
        .map_err(InsideError::file("linking", &root.join("sdcard")))?;
    mounts::bind(&phone.join("data/log"), &root.join("data/log"))?;
    let engine = root.join(&ENGINE[1..]);
    mounts::bind(&phone.join("run"), &engine.join("run"))?;
    mounts::bind_unwritable(&phone.join("proc"), &engine.join("proc"))?;
    mounts::bind(&parts.control(), &engine.join("control"))?;
    for entry in fs::read_dir(phone.join("etc")).map_err(InsideError::file("listing", &phone.join("etc")))? {
        let entry = entry.map_err(InsideError::file("listing", &phone.join("etc")))?;
        let place = root.join("etc").join(entry.file_name());
        fs::copy(entry.path(), &place).map_err(InsideError::file("writing", &place))?;
    }
    Ok(())
}
