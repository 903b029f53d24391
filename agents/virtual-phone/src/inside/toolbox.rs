//! Which programs a phone has: those of Android's toybox that this machine has too, under the same names.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::error::InsideError;
use super::power;
use crate::face;
use crate::profile::Profile;

/// Where programs of this machine are, in order.
pub(super) const HOST: [&str; 4] = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];
/// Programs of toybox and of Android's shell. Not those which a phone answers in its own words.
const TOYBOX: &str = "awk base64 basename blkid cat chgrp chmod chown cksum clear cmp comm cp cut date dd df diff dirname \
    du echo env expand expr fallocate false file find flock fmt fold free getconf grep egrep fgrep groups gunzip gzip head \
    hostname iconv ionice join kill killall ln ls lsof md5sum mkdir mkfifo mktemp more mount mountpoint mv nice nl nohup \
    nproc od paste patch pgrep pidof ping pkill printenv printf ps pwd readlink realpath renice rm rmdir sed seq setsid \
    sha1sum sha224sum sha256sum sha384sum sha512sum sh sleep sort split stat strings stty sync tac tail tar taskset tee \
    test time timeout top touch tr true truncate tty umount uname uniq unlink uptime vmstat watch wc which whoami xargs \
    xxd yes zcat [";

/// Calls one of them by its name.
const APPLET: &str = "#!/bin/sh\nexec \"$@\"\n";

/// Fills the folder of programs.
pub(super) fn fill(profile: &Profile, place: &Path) -> Result<(), InsideError> {
    for name in TOYBOX.split_whitespace() {
        if let Some(program) = HOST.iter().map(|dir| Path::new(dir).join(name)).find(|path| path.exists()) {
            let link = place.join(name);
            symlink(program, &link).map_err(InsideError::file("linking", &link))?;
        }
    }
    for name in face::programs(profile) {
        put(&place.join(name), face::PROGRAM)?;
    }
    put(&place.join("reboot"), power::PROGRAM)?;
    put(&place.join("toybox"), APPLET)
}

fn put(path: &Path, text: &str) -> Result<(), InsideError> {
    fs::write(path, text)
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o755)))
        .map_err(InsideError::file("writing", path))
}
