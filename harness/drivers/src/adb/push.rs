//! Putting a file on the device: whole, verified, and from where a lost link left it.
//!
//! The file grows under a name of its own, `NAME.part`. What a former attempt left of it is only built upon when its
//! digest is that of the file's beginning; and only a file with the size and the digest of the host's gets the name.
//!
//! A small file goes in one command, and is read back there. The digest of a larger one that came in one piece is that of
//! what arrived: it proves the way to the device. That all of it was written, its size proves; that its storage gives it
//! back, whoever reads it there, as the agent does with a model's bytes.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::call::{Call, Heard, Trouble};
use super::digest::{self, Digests};
use super::files::{STALL, free_bytes};
use super::frame::FilePart;
use super::link::Link;
use super::root::ROOT;
use super::run::{self, PAUSE, Ran, Running, TRIES};
use super::script::{Mark, Script, Stdin};
use super::spoken::Said;
use crate::error::DriverError;
use crate::local::files::{device_error, host_error};
use crate::remote_path::RemotePath;

/// How fast a device writes and hashes what it got, at the least, bytes/s.
const SLOWEST: u64 = 10 << 20;

/// Up to this size a file goes at once, bytes: asking what is there already would take longer than sending it.
const SMALL: u64 = 64 << 10;

/// A file on its way.
struct Push<'a> {
    link: &'a Arc<Link>,
    remote: &'a RemotePath,
    path: PathBuf,
    bytes: u64,
    mode: u32,
    digests: Digests,
    /// The script that sent before, which may still wait for more on the device.
    sender: Option<(Mark, u32)>,
}

/// What lies on the device before anything is sent.
#[derive(Debug, Default, PartialEq, Eq)]
struct Survey {
    free: Option<u64>,
    part: Option<(u64, String)>,
}

pub(super) async fn push(
    link: &Arc<Link>,
    local: &Path,
    remote: &RemotePath,
    mode: u32,
    deadline: Duration,
) -> Result<u64, DriverError> {
    let blame = |source| host_error("opening", local, source);
    let path = std::path::absolute(local).map_err(blame)?;
    let found = tokio::fs::metadata(&path).await.map_err(blame)?;
    if !found.is_file() {
        return Err(blame(io::Error::new(io::ErrorKind::InvalidInput, "it is not a plain file")));
    }
    let digests = Digests::of(&path, &found);
    let bytes = found.len();
    let mut push = Push { link, remote, path, bytes, mode, digests, sender: None };
    timeout(deadline, push.whole(Instant::now() + deadline)).await.map_err(|_| {
        link.distrust();
        DriverError::DeadlinePassed { doing: format!("pushing {remote}"), after: deadline }
    })?
}

impl Push<'_> {
    async fn whole(&mut self, until: Instant) -> Result<u64, DriverError> {
        if self.bytes <= SMALL {
            self.link.mend(until).await?;
            // If not, the usual way finds out why.
            if self.at_once().await.is_ok_and(|is_there| is_there) {
                return Ok(self.bytes);
            }
        }
        let mut fruitless = 0;
        let mut reached = 0;
        let mut was_damaged = false;
        loop {
            self.link.mend(until).await?;
            let (from, error) = match self.attempt().await {
                Ok(()) => return Ok(self.bytes),
                Err(failed) => failed,
            };
            let damaged = matches!(&error, DriverError::DeviceFile { source, .. }
                if source.kind() == io::ErrorKind::InvalidData);
            // What came over a link that broke may be damaged once.
            let again = if damaged { !was_damaged } else { error.retry() };
            was_damaged |= damaged;
            fruitless = if from > reached { 0 } else { fruitless + 1 };
            reached = reached.max(from);
            if !again || fruitless >= TRIES {
                return Err(error);
            }
            sleep(PAUSE).await;
        }
    }

    /// One attempt; with an error comes how much of the file was there when it began.
    async fn attempt(&mut self) -> Result<(), (u64, DriverError)> {
        let survey = self.survey().await.map_err(|error| (0, error))?;
        let from = self.usable(&survey).await.map_err(|error| (0, error))?;
        let sent = async {
            self.check_room(&survey, from)?;
            let digest = self.send(from).await?;
            self.finish(&digest).await
        };
        sent.await.map_err(|error| (from, error))
    }

    /// The whole file in one command, whatever was there before.
    async fn at_once(&mut self) -> Result<bool, DriverError> {
        let ours = self.digests.whole().await;
        let ours = ours.map_err(|source| host_error("reading", &self.path, source))?;
        let (part, remote, mode, bytes) = (self.part(), self.remote, self.mode, self.bytes);
        let parent = self.parent();
        let body = format!(
            "umask 077\n\
            cd {ROOT} && mkdir -p {parent} || exit 1\n\
            rm -f {part}\n\
            head -c {bytes} >{part} || exit 1\n\
            d=$(sha256sum <{part}); [ \"${{d%% *}}\" = {ours} ] || exit 1\n\
            chmod {mode:o} {part} && mv -f {part} {remote} || exit 1\n\
            echo \"is $(stat -c '%s %a' {remote})\""
        );
        let ran = self.transmit(&body, 0).await?;
        Ok(ran.succeeded() && self.is_finished(&ran))
    }

    /// Whether a script that succeeded has seen the file as it should be. A phone may warn of something in other lines.
    fn is_finished(&self, ran: &Ran) -> bool {
        let is = format!("is {} {:o}", self.bytes, self.mode);
        String::from_utf8_lossy(&ran.output).lines().any(|line| line == is)
    }

    fn parent(&self) -> &str {
        self.remote.as_str().rsplit_once('/').map_or(".", |(parent, _)| parent)
    }

    fn part(&self) -> String {
        format!("{}.part", self.remote)
    }

    async fn survey(&mut self) -> Result<Survey, DriverError> {
        let before = self.sender.take().map_or_else(String::new, |(mark, pid)| Script::killing(&mark, pid));
        let (part, parent) = (self.part(), self.parent());
        let body = format!(
            "{before}\n\
            umask 077\n\
            cd {ROOT} && mkdir -p {parent} || exit 1\n\
            echo \"free $(stat -f -c '%a %S' {parent} 2>/dev/null)\"\n\
            [ -f {part} ] && echo \"part $(stat -c %s {part}) $(sha256sum <{part})\"\n\
            exit 0"
        );
        let ran = run::lines(self.link, "pushing", &body, digest::time_for(self.bytes, SLOWEST)).await?;
        if !ran.succeeded() {
            return Err(ran.blame("making the directory of", self.remote.as_str()));
        }
        Ok(Survey::read(&String::from_utf8_lossy(&ran.output)))
    }

    /// How much of what lies there can be built upon.
    async fn usable(&self, survey: &Survey) -> Result<u64, DriverError> {
        let Some((bytes, digest)) = survey.part.as_ref().filter(|(bytes, _)| *bytes <= self.bytes) else {
            return Ok(0);
        };
        let ours = digest::of_beginning(&self.path, *bytes).await;
        let ours = ours.map_err(|source| host_error("reading", &self.path, source))?;
        Ok(if ours == *digest { *bytes } else { 0 })
    }

    fn check_room(&self, survey: &Survey, from: u64) -> Result<(), DriverError> {
        // What will be thrown away makes room.
        let part = survey.part.as_ref().map_or(0, |(bytes, _)| *bytes);
        let needed = self.bytes.saturating_sub(part.max(from));
        match survey.free {
            Some(free) if free < needed => {
                let text = format!("{} MiB are free, {} MiB are needed", free >> 20, (needed >> 20) + 1);
                Err(self.blame("making room for", io::Error::new(io::ErrorKind::StorageFull, text)))
            }
            _ => Ok(()),
        }
    }

    fn blame(&self, doing: &'static str, source: io::Error) -> DriverError {
        device_error(doing, Path::new(self.remote.as_str()), source)
    }

    /// Sends the rest, and gives the digest of the whole as the device has it.
    async fn send(&mut self, from: u64) -> Result<String, DriverError> {
        let (part, left) = (self.part(), self.bytes - from);
        let body = if from == 0 {
            // The digest is made while the file comes. What was written is compared by its size afterwards.
            format!("rm -f {part}\nd=$(head -c {left} | tee {part} | sha256sum)")
        } else {
            format!("head -c {left} >>{part} || exit 1\nd=$(sha256sum <{part})")
        };
        let body = format!(
            "umask 077\ncd {ROOT} || exit 1\n{body}\n\
            n=$(stat -c %s {part})\n\
            [ \"$n\" = {} ] || {{ echo \"kept $n\"; echo \"free $(stat -f -c '%a %S' .)\"; exit 1; }}\n\
            echo \"digest $d\"",
            self.bytes
        );
        let ran = self.transmit(&body, from).await?;
        let text = String::from_utf8_lossy(&ran.output).into_owned();
        let digest = text.lines().find_map(|line| line.strip_prefix("digest ")?.split_whitespace().next());
        match digest {
            Some(digest) if ran.succeeded() => Ok(digest.to_owned()),
            _ => Err(cut_short(&text, self.bytes).map_or_else(
                || ran.blame("writing", self.remote.as_str()),
                |source| self.blame("writing", source),
            )),
        }
    }

    /// Runs lines whose standard input is the file from there on.
    async fn transmit(&mut self, body: &str, from: u64) -> Result<Ran, DriverError> {
        let left = self.bytes - from;
        let starting = |source| DriverError::StartingWorker { source };
        let mark = Mark::random().map_err(starting)?;
        let script = Script::lines(&mark, body, Stdin::Host).map_err(starting)?;
        let path = self.path.to_str().map(str::to_owned).ok_or_else(|| {
            host_error(
                "opening",
                &self.path,
                io::Error::new(io::ErrorKind::InvalidInput, "its name is not text"),
            )
        })?;
        let file = (left > 0).then_some(FilePart { path, from, bytes: left });
        self.digests.start();
        let call = self.link.call(&mark, script, file).await;
        let call = call.map_err(|trouble| self.link.blame(trouble))?;
        let mut sending = Running { link: self.link.clone(), mark: mark.clone(), call, unfinished: true };
        let ran = self.watch(&mut sending.call, left).await;
        // The next attempt ends it before it looks; only where there is none, because this was given up, it ends now.
        sending.unfinished = false;
        self.sender = sending.call.pid.map(|pid| (mark, pid));
        ran
    }

    /// Listens while the file goes; a transfer that stands still is given up.
    async fn watch(&self, call: &mut Call, left: u64) -> Result<Ran, DriverError> {
        let (mut output, mut sent) = (Vec::new(), 0);
        loop {
            let patience = if sent < left { STALL } else { STALL + digest::time_for(self.bytes, SLOWEST) };
            let heard = timeout_at(Instant::now() + patience, call.next()).await;
            let heard = heard.map_err(|_| {
                self.link.distrust();
                DriverError::LinkLost(format!("nothing went for {} s", patience.as_secs()))
            })?;
            match heard {
                Ok(Heard::Sent(bytes)) => sent = bytes,
                Ok(Heard::Said(Said::Output(bytes))) if output.len() < 64 << 10 => output.extend(bytes),
                Ok(Heard::Said(Said::Ended(end))) => return Ok(Ran { output, truncated: false, end }),
                Ok(Heard::Said(Said::Began(_) | Said::Output(_))) => {}
                Err(trouble @ (Trouble::Refused(_) | Trouble::Lost(_) | Trouble::Worker(_))) => {
                    return Err(self.link.blame(trouble));
                }
            }
        }
    }

    /// Compares, and gives the file its rights and its name.
    async fn finish(&mut self, digest: &str) -> Result<(), DriverError> {
        let ours = self.digests.whole().await;
        let ours = ours.map_err(|source| host_error("reading", &self.path, source))?;
        let part = self.part();
        if ours != digest {
            run::lines(self.link, "removing", &format!("rm -f {ROOT}/{part}"), STALL).await?;
            let text = format!("its digest is {}, {ours} was sent", super::server::in_words(digest));
            return Err(self.blame("verifying", io::Error::new(io::ErrorKind::InvalidData, text)));
        }
        let (remote, mode) = (self.remote, self.mode);
        // Run twice, the second finds that the first has done it, unless that is a former file.
        let body = format!(
            "cd {ROOT} || exit 1\n\
            if [ -f {part} ]; then chmod {mode:o} {part} && mv -f {part} {remote} || exit 1\n\
            else d=$(sha256sum <{remote}); [ \"${{d%% *}}\" = {ours} ] || {{ echo \"{part} has vanished\"; exit 1; }}; fi\n\
            echo \"is $(stat -c '%s %a' {remote})\""
        );
        let ran = run::lines(self.link, "pushing", &body, digest::time_for(self.bytes, SLOWEST)).await?;
        if ran.succeeded() && self.is_finished(&ran) {
            return Ok(());
        }
        Err(ran.blame("finishing", remote.as_str()))
    }
}

/// What a script means that kept less than the `bytes` of the file. Not every program says why it could not write.
fn cut_short(text: &str, bytes: u64) -> Option<io::Error> {
    let told = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    let kept: u64 = told("kept ")?.parse().ok()?;
    let text = format!("{kept} of {bytes} bytes were kept");
    Some(match told("free ").and_then(free_bytes) {
        Some(free) if free < bytes.saturating_sub(kept) => {
            let text = format!("No space left on device: {text}, {free} are free");
            io::Error::new(io::ErrorKind::StorageFull, text)
        }
        _ => io::Error::other(text),
    })
}

impl Survey {
    fn read(text: &str) -> Self {
        let mut survey = Self::default();
        for line in text.lines() {
            if let Some(free) = line.strip_prefix("free ") {
                survey.free = free_bytes(free);
            } else if let Some(part) = line.strip_prefix("part ") {
                let mut words = part.split_whitespace();
                survey.part =
                    words.next().and_then(|bytes| Some((bytes.parse().ok()?, words.next()?.to_owned())));
            }
        }
        survey
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survey_is_read_and_nonsense_is_nothing() {
        let read = Survey::read("free 10 4096\npart 5000000000 ab12  -\n");
        assert_eq!(read.free, Some(40960));
        assert_eq!(read.part, Some((5_000_000_000, "ab12".to_owned())));
        assert_eq!(Survey::read("free \npart  x\nbah"), Survey::default());
    }

    #[test]
    fn what_was_not_kept_is_told_with_its_reason() {
        let full = cut_short("kept 4096\nfree 2 4096\n", 1 << 20).expect("it was cut short");
        assert_eq!(full.kind(), io::ErrorKind::StorageFull);
        assert!(
            full.to_string().contains("4096 of 1048576 bytes") && full.to_string().contains("8192 are free")
        );
        for text in ["kept 4096\nfree 1000000 4096\n", "kept 4096\nfree \n"] {
            let other = cut_short(text, 1 << 20).expect("it was cut short");
            assert_eq!(other.kind(), io::ErrorKind::Other, "{other}");
        }
        assert!(cut_short("kept \nfree 2 4096\n", 9).is_none());
    }
}
