//! Where a runtime, or a system that looks after it, may leave a text: one line each.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A place beside the agent's own folder.
pub(super) struct Place {
    pub(super) name: &'static str,
    /// Only on Android, only elsewhere, or everywhere.
    pub(super) is_there: Option<bool>,
    pub(super) asked: Asked,
}

/// How it is read.
pub(super) enum Asked {
    /// Folders with all that is in them.
    Folders(&'static [&'static str], Whose),
    /// What a program prints.
    Program(&'static [&'static str]),
    /// What the system's journal holds since the session came, if the system has one.
    Journal,
}

/// Whose files count.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose {
    /// Those of the user that the runtime runs as.
    Ours,
    /// Everybody's: another program writes them, or the file system names another owner.
    Anybodys,
}

impl Whose {
    /// The owner whose files count; `None` for all.
    pub(super) fn owner(self, home: &Path) -> Option<u32> {
        match self {
            Self::Ours => fs::metadata(home).ok().map(|home| home.uid()),
            Self::Anybodys => None,
        }
    }
}

/// Where the system's journal lies, if it has one.
pub(super) const JOURNALS: [&str; 2] = ["/var/log/journal", "/run/log/journal"];

const ANDROID: Option<bool> = Some(true);
const ELSEWHERE: Option<bool> = Some(false);

pub(super) const PLACES: &[Place] = &[
    folders("temp", None, &["/tmp", "/var/tmp", "/dev/shm", "/data/local/tmp"], Whose::Ours),
    folders("logs", None, &["/data/log", "/var/log", "/run/log"], Whose::Anybodys),
    // Its files may be compressed: its own program reads them.
    Place { name: "system-journal", is_there: ELSEWHERE, asked: Asked::Journal },
    folders("crashes", ELSEWHERE, &["/var/crash", "/var/lib/systemd/coredump"], Whose::Anybodys),
    folders("app-files", ANDROID, &["/sdcard", "/data/local/traces"], Whose::Anybodys),
    folders("tombstones", ANDROID, &["/data/tombstones", "/data/anr"], Whose::Anybodys),
    program("dropbox", ANDROID, &["dumpsys", "dropbox", "--print"]),
    program("logcat", ANDROID, &["logcat", "-b", "all", "-d"]),
    program("crash-buffer", ANDROID, &["logcat", "-b", "crash", "-d"]),
];

const fn folders(
    name: &'static str,
    is_there: Option<bool>,
    folders: &'static [&'static str],
    whose: Whose,
) -> Place {
    Place { name, is_there, asked: Asked::Folders(folders, whose) }
}

const fn program(name: &'static str, is_there: Option<bool>, argv: &'static [&'static str]) -> Place {
    Place { name, is_there, asked: Asked::Program(argv) }
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::sweep::owed;

    use super::*;

    #[test]
    fn a_host_waits_for_every_place() {
        for is_android in [true, false] {
            let here = PLACES.iter().filter(|place| place.is_there.is_none_or(|there| there == is_android));
            let told: Vec<&str> =
                ["session", "home"].into_iter().chain(here.map(|place| place.name)).collect();
            assert_eq!(told, owed(is_android).collect::<Vec<_>>());
        }
    }
}
