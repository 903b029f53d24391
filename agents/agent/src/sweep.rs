//! `sweep`: streams what a session may have left behind. Nothing is searched here, and nothing that is searched for
//! is told here.

mod begun;
mod place;
mod walk;

use std::io::{self, Write};
use std::time::Duration;

use edgesoak_protocol::Reason;
use edgesoak_protocol::sweep::{MOST_BYTES, Piece};
use edgesoak_sensors::{Limits, Root, identity};

use crate::device::Device;
use crate::error::AgentError;
use crate::layout::{Home, SessionName};
use begun::{Moment, Now};
use place::{Asked, JOURNALS, PLACES, Place};
use walk::{Bounds, Walk};

/// A buffer of logs is a few MiB.
const PRINTED: Limits = Limits { deadline: Duration::from_mins(1), most: 32 << 20, first_line: false };

/// Programs of Android; one of them is enough, so that a place is not forgotten where its program is gone.
const OF_ANDROID: [&str; 3] = ["getprop", "dumpsys", "logcat"];

/// Streams every place to `out`.
///
/// # Errors
/// If `out` takes no more; what cannot be read on the device is part of the stream.
pub(crate) fn sweep(
    device: &dyn Device,
    home: &Home,
    name: &SessionName,
    root: &Root,
    out: &mut dyn Write,
) -> Result<(), AgentError> {
    let mut sweeper = Sweeper { device, home, name, root, out, written: Vec::new() };
    sweeper.all().map_err(AgentError::io("writing", "stdout"))
}

struct Sweeper<'a> {
    device: &'a dyn Device,
    home: &'a Home,
    name: &'a SessionName,
    root: &'a Root,
    out: &'a mut dyn Write,
    written: Vec<u8>,
}

impl Sweeper<'_> {
    fn all(&mut self) -> io::Result<()> {
        let is_android = OF_ANDROID.iter().any(|program| self.root.has_program(program));
        self.session()?;
        self.home()?;
        for Place { name, is_there, asked } in PLACES {
            if is_there.is_none_or(|android| android == is_android) {
                self.tell(&Piece::place(name))?;
                match asked {
                    Asked::Folders(folders, whose) => self.folders(folders, *whose)?,
                    Asked::Program(argv) => self.printed(argv)?,
                    Asked::Journal => self.journal()?,
                }
            }
        }
        self.tell(&Piece::End {})?;
        self.out.flush()
    }

    /// The session's own folder: what its runtime wrote, its log, its journal.
    fn session(&mut self) -> io::Result<()> {
        self.tell(&Piece::place("session"))?;
        let dir = self.home.session(self.name);
        self.walk(Walk::of(dir.path(), Bounds::default()))
    }

    /// Everything else of the agent's, but files that are what their names say: they were there before.
    fn home(&mut self) -> io::Result<()> {
        self.tell(&Piece::place("home"))?;
        let (device, home) = (self.device, self.home);
        let store = home.path().join("store");
        let session = home.session(self.name);
        let mut walk = Walk::of(home.path(), Bounds::default());
        walk.leave_out(session.path());
        walk.leave_out(self.root.path());
        walk.leave_out_files(Box::new(move |path| {
            let planned = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            path.parent() == Some(store.as_path())
                && device.fingerprint(home, path, &mut || true).is_ok_and(|found| found.sha256 == planned)
        }));
        self.walk(walk)
    }

    /// Folders that others use too: what changed in them since the session came to the device.
    fn folders(&mut self, folders: &[&str], whose: place::Whose) -> io::Result<()> {
        let since = match self.since() {
            Ok(since) => since,
            Err(why) => return self.tell(&Piece::unread(&why)),
        };
        for folder in folders {
            // The folder itself may be a link to where it really lies.
            let path = match self.root.at(folder).canonicalize() {
                Ok(path) => path,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    self.tell(&Piece::unread(&format!("{folder}: {error}")))?;
                    continue;
                }
            };
            let bounds = Bounds { since, owner: whose.owner(self.home.path()), ..Bounds::default() };
            let mut walk = Walk::of(&path, bounds);
            walk.leave_out(self.home.path());
            self.walk(walk)?;
        }
        Ok(())
    }

    /// What the system's journal took since the session came.
    fn journal(&mut self) -> io::Result<()> {
        let has_journal = JOURNALS.iter().any(|folder| self.root.at(folder).exists());
        if !has_journal && !self.root.has_program("journalctl") {
            return Ok(());
        }
        match self.since() {
            Ok(since) => {
                let since = format!("--since=@{}", since.map_or(0, |(seconds, _)| seconds));
                self.printed(&["journalctl", "--no-pager", "--output=export", &since])
            }
            Err(why) => self.tell(&Piece::unread(&why)),
        }
    }

    /// Since when places of others may hold something of the session.
    fn since(&self) -> Result<Option<Moment>, String> {
        let failed = |error: &dyn std::fmt::Display| format!("when the session began: {error}");
        let clocks = self.device.clocks(Some(self.home)).map_err(|error| failed(&error))?;
        let now = Now { clocks, boot_id: identity::boot_id(self.root) };
        let run = self.home.path().join("sessions").join(&self.name.run);
        begun::since(&run, &self.home.session(self.name).journal(), &now).map_err(|error| failed(&error))
    }

    fn walk(&mut self, walk: Walk<'_>) -> io::Result<()> {
        walk.each(&mut |piece| self.tell(&piece))
    }

    fn printed(&mut self, argv: &[&str]) -> io::Result<()> {
        let answer = self.root.run(argv, &PRINTED);
        let words = argv.join(" ");
        match (&answer.text, answer.exit) {
            (Ok(text), Some(0)) if answer.whole => {
                self.tell(&Piece::file(&words))?;
                self.bytes(text.as_bytes())
            }
            (Ok(text), _) => {
                // What there is of it is searched all the same.
                self.tell(&Piece::file(&words))?;
                self.bytes(text.as_bytes())?;
                let why = if answer.whole { "ended with an error" } else { "printed more than was read" };
                self.tell(&Piece::unread(&format!("{words}: {why}")))
            }
            (Err(reason), _) => self.tell(&Piece::unread(&format!("{words}: {}", why(*reason)))),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        bytes.chunks(MOST_BYTES).try_for_each(|part| self.tell(&Piece::Bytes { bytes: part.to_vec() }))
    }

    fn tell(&mut self, piece: &Piece) -> io::Result<()> {
        self.written.clear();
        piece.write(&mut self.written);
        self.out.write_all(&self.written)
    }
}

fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::CommandMissing => "there is no such program",
        Reason::Denied => "permission denied",
        _ => "it failed",
    }
}
