//! The switches of a device: programs that ask and turn, and files of the kernel.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

use edgesoak_protocol::{Reading, Reason};
use edgesoak_sensors::{Limits, Root};

use crate::claims::bounded;

/// Longest content of a node, bytes.
const MAX_NODE_BYTES: u64 = 256;
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
    /// Gives the device time to follow.
    fn pause(&self, length: Duration) {
        thread::sleep(length);
    }
}

impl Panel for Root {
    fn ask(&self, argv: &[&str]) -> Reading<String> {
        let answer = self.run(argv, &Limits::default());
        let text = answer.text?;
        match answer.exit {
            _ if text.contains("Permission den") || text.contains("SecurityException") => Err(Reason::Denied),
            Some(0) if text.contains("find service: ") => Err(Reason::CommandMissing),
            Some(0) => Ok(text),
            _ => Err(Reason::Failed),
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
        let mut text = String::new();
        let read =
            File::open(self.at(path)).and_then(|file| file.take(MAX_NODE_BYTES).read_to_string(&mut text));
        match read.map_err(|error| error.kind()) {
            Ok(_) => Ok(text),
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
