//! Files of the device.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::call::{Call, Heard};
use super::link::Link;
use super::root::ROOT;
use super::run::{self, Ran};
use super::script::{Mark, Script, Stdin};
use super::spoken::{End, Said};
use crate::driver::Listed;
use crate::error::DriverError;
use crate::local::files::{Part, device_error, host_error, make_parent};
use crate::remote_path::RemotePath;

const MAX_LISTED: usize = 10_000;
const MAX_NAME: usize = 255;
/// What may come before a pulled file's size, bytes: longer than any complaint.
const MAX_HEAD: usize = 4096;
/// A transfer that stands still for so long has lost its link.
pub(super) const STALL: Duration = Duration::from_secs(20);
/// The part of a mode that says what a file is.
const TYPES: u32 = 0o170_000;
/// What it says of a directory.
const DIRECTORY: u32 = 0o040_000;

pub(super) async fn list(
    link: &Link,
    directory: &RemotePath,
    deadline: Duration,
) -> Result<Vec<Listed>, DriverError> {
    let body = format!(
        "[ -d {ROOT}/{directory} ] || exit 0\n\
        cd {ROOT}/{directory} || exit 1\n\
        set -- * .[!.]* ..?*\n\
        stat -c '%f %s %n' -- \"$@\" 2>/dev/null\n\
        [ $? -lt 126 ] || {{ echo \"$# names are too many\"; exit 1; }}"
    );
    let ran = run::lines(link, "listing", &body, deadline).await?;
    if !ran.succeeded() {
        return Err(ran.blame("listing", directory.as_str()));
    }
    let text = String::from_utf8_lossy(&ran.output);
    let mut listed: Vec<Listed> = text.lines().filter_map(entry).take(MAX_LISTED + 1).collect();
    if ran.truncated || listed.len() > MAX_LISTED {
        let source = io::Error::other(format!("it has more than {MAX_LISTED} entries"));
        return Err(device_error("listing", Path::new(directory.as_str()), source));
    }
    listed.sort();
    Ok(listed)
}

/// Reads `MODE SIZE NAME`. What is no such line, such as the second half of a name with a line end, is passed over.
fn entry(line: &str) -> Option<Listed> {
    let mut words = line.splitn(3, ' ');
    let mode = u32::from_str_radix(words.next()?, 16).ok()?;
    let bytes = words.next()?.parse().ok()?;
    let name = words.next()?;
    let good = !matches!(name, "" | "." | "..")
        && name.len() <= MAX_NAME
        && !name.contains('/')
        && !name.chars().any(char::is_control);
    let is_dir = mode & TYPES == DIRECTORY;
    good.then(|| Listed { name: name.to_owned(), bytes: if is_dir { 0 } else { bytes }, is_dir })
}

pub(super) async fn free_space(link: &Link, deadline: Duration) -> Result<Option<u64>, DriverError> {
    let body = format!("stat -f -c '%a %S' {ROOT} 2>/dev/null");
    let ran = run::lines(link, "reading free space", &body, deadline).await?;
    Ok(free_bytes(&String::from_utf8_lossy(&ran.output)))
}

/// Reads `BLOCKS SIZE`.
pub(super) fn free_bytes(text: &str) -> Option<u64> {
    let mut words = text.split_whitespace().map(str::parse::<u64>);
    let (Some(Ok(blocks)), Some(Ok(size)), None) = (words.next(), words.next(), words.next()) else {
        return None;
    };
    Some(blocks.saturating_mul(size))
}

pub(super) async fn remove(link: &Link, remote: &RemotePath, deadline: Duration) -> Result<(), DriverError> {
    let body = format!("rm -rf -- {ROOT}/{remote}");
    let ran = run::lines(link, "removing", &body, deadline).await?;
    if ran.succeeded() { Ok(()) } else { Err(ran.blame("removing", remote.as_str())) }
}

pub(super) async fn pull(
    link: &Link,
    remote: &RemotePath,
    local: &Path,
    deadline: Duration,
) -> Result<u64, DriverError> {
    let until = Instant::now() + deadline;
    let mut tries = 0;
    loop {
        link.mend(until).await?;
        let pulled = timeout_at(until, pull_once(link, remote, local)).await;
        let pulled = pulled.map_err(|_| {
            link.distrust();
            DriverError::DeadlinePassed { doing: format!("pulling {remote}"), after: deadline }
        })?;
        tries += 1;
        match pulled {
            Err(DriverError::LinkLost(_)) if tries < run::TRIES => sleep(run::PAUSE).await,
            other => return other,
        }
    }
}

async fn pull_once(link: &Link, remote: &RemotePath, local: &Path) -> Result<u64, DriverError> {
    let starting = |source| DriverError::StartingWorker { source };
    let mark = Mark::random().map_err(starting)?;
    // What is appended meanwhile is for the next pull.
    let body = format!(
        "cd {ROOT} && s=$(stat -L -c %s {remote}) && [ -f {remote} ] && [ -r {remote} ] || {{ cat {remote}; exit 1; }}\n\
        echo \"bytes $s\"\n\
        exec head -c \"$s\" {remote}"
    );
    let script = Script::lines(&mark, &body, Stdin::Empty).map_err(starting)?;
    let mut call = link.call(&mark, script, None).await.map_err(|trouble| link.blame(trouble))?;
    make_parent(local).map_err(|error| host_error("making the directory of", local, error))?;
    let part = Part::beside(local);
    let file = part.create().map_err(|error| host_error("creating", local, error))?;
    let room = rustix::fs::fstatvfs(&file).map(|found| found.f_bavail.saturating_mul(found.f_frsize));
    let room = room.map_err(|error| host_error("looking for room for", local, error.into()))?;
    let mut copy = Copy { file: File::from_std(file), room, head: Vec::new(), expected: None, copied: 0 };
    let end = copy.fill(link, &mut call, (remote, local)).await?;
    if end.exit_code() != Some(0) || copy.expected != Some(copy.copied) {
        let ran = Ran { output: copy.head, truncated: false, end };
        return Err(ran.blame("reading", remote.as_str()));
    }
    let finished = copy.file.sync_all().await.and_then(|()| part.finish(local));
    finished.map_err(|error| host_error("finishing", local, error))?;
    Ok(copy.copied)
}

/// A file on its way from the device: one line with its size, then its bytes.
struct Copy {
    file: File,
    /// What the host has room for, bytes.
    room: u64,
    head: Vec<u8>,
    expected: Option<u64>,
    copied: u64,
}

impl Copy {
    async fn fill(
        &mut self,
        link: &Link,
        call: &mut Call,
        (remote, local): (&RemotePath, &Path),
    ) -> Result<End, DriverError> {
        loop {
            let heard = timeout(STALL, call.next()).await.map_err(|_| {
                link.distrust();
                DriverError::LinkLost(format!("nothing came for {} s", STALL.as_secs()))
            })?;
            match heard.map_err(|trouble| link.blame(trouble))? {
                Heard::Said(Said::Output(bytes)) => {
                    self.take(bytes).await.map_err(|error| match error.kind() {
                        // It does not send what it said.
                        io::ErrorKind::InvalidData => {
                            device_error("reading", Path::new(remote.as_str()), error)
                        }
                        _ => host_error("writing", local, error),
                    })?;
                }
                Heard::Said(Said::Ended(end)) => {
                    self.file.flush().await.map_err(|error| host_error("writing", local, error))?;
                    return Ok(end);
                }
                Heard::Said(Said::Began(_)) | Heard::Sent(_) => {}
            }
        }
    }

    async fn take(&mut self, mut bytes: Vec<u8>) -> io::Result<()> {
        if self.expected.is_none() {
            self.head.extend(bytes);
            let Some((start, size)) = size_in(&self.head) else {
                if self.head.len() <= MAX_HEAD {
                    return Ok(());
                }
                let text = "it sends no size";
                return Err(io::Error::new(io::ErrorKind::InvalidData, text));
            };
            if size > self.room {
                let text = format!("the file has {size} bytes, {} are free", self.room);
                return Err(io::Error::new(io::ErrorKind::StorageFull, text));
            }
            self.expected = Some(size);
            bytes = self.head.split_off(start);
        }
        self.copied += bytes.len() as u64;
        if Some(self.copied) > self.expected {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the device sends more than the file has",
            ));
        }
        self.file.write_all(&bytes).await
    }
}

/// Where the file begins, and what its size is: behind the first whole line `bytes SIZE`. What a linker warns of is
/// before it.
fn size_in(head: &[u8]) -> Option<(usize, u64)> {
    let mut start = 0;
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        start += line.len();
        let size = line.strip_suffix(b"\n").and_then(|line| line.strip_prefix(b"bytes "));
        if let Some(size) = size.and_then(|size| std::str::from_utf8(size).ok()?.parse().ok()) {
            return Some((start, size));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn entries_are_read_and_odd_ones_passed_over() {
        assert_eq!(
            entry("81a4 4294967297 model.gguf"),
            Some(Listed { name: "model.gguf".to_owned(), bytes: 4_294_967_297, is_dir: false })
        );
        assert!(entry("41c0 4096 store").is_some_and(|found| found.is_dir && found.bytes == 0));
        for odd in ["", "x", "81a4 5", "81a4 5 ..", "81a4 5 a/b", "81a4 -1 a", "zz 1 a", "81a4 1 a\u{1b}[2J"]
        {
            assert_eq!(entry(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn free_space_is_blocks_times_size() {
        assert_eq!(free_bytes("1048576 4096\n"), Some(4 << 30));
        for odd in ["", "1", "a b", "1 2 3", "-1 4096"] {
            assert_eq!(free_bytes(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn a_size_is_found_behind_warnings_and_only_when_its_line_is_whole() {
        assert_eq!(size_in(b"bytes 3\nabc"), Some((8, 3)));
        assert_eq!(size_in(b"WARNING: linker: x\nbytes 12\nbytes 1\n"), Some((28, 12)));
        for none in ["", "bytes 3", "abytes 3\n", "bytes -3\n", "bytes 99999999999999999999\n"] {
            assert_eq!(size_in(none.as_bytes()), None, "{none:?}");
        }
    }

    proptest! {
        #[test]
        fn no_line_gives_a_name_that_is_a_path(line in "[0-9a-f]{0,5} [0-9]{0,3} .{0,30}") {
            if let Some(found) = entry(&line) {
                prop_assert!(!found.name.contains('/') && found.name != "..");
            }
        }
    }
}
