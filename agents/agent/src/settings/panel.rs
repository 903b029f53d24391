//! The switches of a device: programs that ask and turn, and files of the kernel.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::thread;
use std::time::Duration;

use edgesoak_protocol::{Reading, Reason};
use edgesoak_sensors::{Limits, Root};

use crate::claims::bounded;

/// Longest content of a node, bytes.
const MAX_NODE_BYTES: u64 = 4 << 10;
const MAX_WORDS_BYTES: usize = 200;

/// What a setting works through. A seam for tests: a device that does as it likes.
pub(crate) trait Panel {
    /// What a program prints that changes nothing.
    fn ask(&self, argv: &[&str]) -> Reading<String>;
    /// Runs a program that changes something; its own words where it refuses.
    fn turn(&self, argv: &[&str]) -> Result<(), String>;
    /// The content of a file of the kernel.
    fn look(&self, path: &str) -> Reading<String>;
    /// Writes a file of the kernel.
    fn store(&self, path: &str, text: &str) -> Result<(), String>;
    /// Identity of this boot; empty where the device does not tell.
    fn boot(&self) -> String {
        self.look("/proc/sys/kernel/random/boot_id").map_or(String::new(), |text| text.trim().to_owned())
    }
    /// Gives the device time to follow.
    fn pause(&self, length: Duration) {
        thread::sleep(length);
    }
}

impl Panel for Root {
    fn ask(&self, argv: &[&str]) -> Reading<String> {
        let answer = self.run(argv, &Limits::default());
        let text = answer.text?;
        match (complaint(&text), answer.exit) {
            (Some(reason), _) => Err(reason),
            (None, Some(0)) => Ok(text),
            (None, _) => Err(Reason::Failed),
        }
    }

    fn turn(&self, argv: &[&str]) -> Result<(), String> {
        let answer = self.run(argv, &Limits::default());
        let text = answer.text.map_err(Reason::word)?;
        if answer.exit == Some(0) {
            return Ok(());
        }
        let words = text.lines().map(str::trim).find(|line| !line.is_empty());
        Err(bounded(words.unwrap_or("it failed without a word"), MAX_WORDS_BYTES))
    }

    fn look(&self, path: &str) -> Reading<String> {
        match self.read(path, MAX_NODE_BYTES).map_err(|error| error.kind()) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| Reason::Parse),
            Err(ErrorKind::NotFound) => Err(Reason::Absent),
            Err(ErrorKind::PermissionDenied) => Err(Reason::Denied),
            Err(_) => Err(Reason::Failed),
        }
    }

    fn store(&self, path: &str, text: &str) -> Result<(), String> {
        // Nodes are never created, only written.
        let written = OpenOptions::new()
            .write(true)
            .truncate(true)
            .open(self.at(path))
            .and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| [path, ": ", &error.to_string()].concat())
    }
}

/// What a service answers instead of what it was asked, whatever the exit code says; it is all that it then prints.
fn complaint(text: &str) -> Option<Reason> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let says = |words: &str| first.contains(words);
    if says("Permission denied") || says("Permission Denial") || says("SecurityException") {
        Some(Reason::Denied)
    } else if says("Can't find service") {
        Some(Reason::CommandMissing)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_no_answers() {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(dir.path().join("commands")).expect("made");
        let root = Root::recorded(dir.path());
        for (text, answer) in [
            ("\nPermission Denial: can't dump power from pid=7, uid=2000\n", Err(Reason::Denied)),
            ("Exception occurred while executing: java.lang.SecurityException: no\n", Err(Reason::Denied)),
            ("Can't find service: power\n", Err(Reason::CommandMissing)),
            ("state\n  last: Permission denied\n", Ok("state\n  last: Permission denied\n".to_owned())),
        ] {
            std::fs::write(dir.path().join("commands/dumpsys_power.txt"), text).expect("written");
            assert_eq!(root.ask(&["dumpsys", "power"]), answer);
        }
        assert_eq!(root.ask(&["svc"]), Err(Reason::CommandMissing));
    }

    #[test]
    fn nodes_are_written_and_never_made() {
        let dir = tempfile::tempdir().expect("a directory");
        let root = Root::recorded(dir.path());
        assert!(root.store("/node", "1").expect_err("it is not there").starts_with("/node: "));
        assert_eq!(root.look("/node"), Err(Reason::Absent));
        std::fs::write(dir.path().join("node"), "10\n").expect("written");
        root.store("/node", "0").expect("it is there");
        assert_eq!(root.look("/node").as_deref(), Ok("0"));
    }

    #[test]
    fn a_recorded_node_is_looked_at_as_its_device_showed_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let pipe = dir.path().join("pipe");
        let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600));
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, kind, mode, 0).expect("a pipe");
        std::fs::write(dir.path().join("refused.txt"), "EACCES /node\n").expect("written");
        let root = Root::recorded(dir.path());
        assert_eq!(root.look("/pipe"), Err(Reason::Failed), "nobody waits for a pipe");
        assert_eq!(root.look("/node"), Err(Reason::Denied));
    }
}
