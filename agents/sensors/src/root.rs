//! Where the operating system's files and programs are looked for: on this device, or in a folder recorded on
//! another.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions, ReadDir};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use edgesoak_protocol::Reason;
use rustix::fs::OFlags;
use rustix::io::Errno;

use crate::command::{Answer, Limits, live, recorded};
use crate::refused::Refused;

/// The tree that holds `/proc`, `/sys` and `/etc`, and the place of the programs that print readings.
///
/// A recorded folder has the tree below it, the answers of programs as `commands/WORDS.txt` (words joined by `_`,
/// `/` replaced by `+`), and what the device refused as lines `ERRNO /path` in `refused.txt`. Everything above
/// this type is the same for both. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Root(Arc<Inner>, Option<Arc<Hung>>);

/// How often each program ran out of time.
#[derive(Debug, Default)]
struct Hung(Mutex<HashMap<String, u32>>);

impl Hung {
    /// A program that hung so often hangs whatever it is asked.
    const HOPELESS: u32 = 2;

    fn is_hopeless(&self, program: &str) -> bool {
        self.lock().get(program).is_some_and(|times| *times >= Self::HOPELESS)
    }

    fn note(&self, program: &str) {
        *self.lock().entry(program.to_owned()).or_default() += 1;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Inner {
    tree: PathBuf,
    programs: Programs,
    refused: Refused,
}

#[derive(Debug)]
enum Programs {
    /// Looked for in these folders, divided by colons.
    Live(OsString),
    Recorded,
}

impl Root {
    /// `/` is this device, anything else a recorded folder.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        if path == Path::new("/") { Self::live() } else { Self::recorded(path) }
    }

    /// This device.
    #[must_use]
    pub fn live() -> Self {
        let (tree, programs) = (PathBuf::from("/"), Programs::Live(live::search_path()));
        Self(Arc::new(Inner { tree, programs, refused: Refused::default() }), None)
    }

    /// A folder that was recorded on a device.
    pub fn recorded(folder: impl Into<PathBuf>) -> Self {
        Self::below(folder.into(), Programs::Recorded)
    }

    /// The files below `tree`, but programs that are run, from the folders of `search` (divided by colons): what
    /// stands in for a device where there is none.
    pub fn live_at(tree: impl Into<PathBuf>, search: impl Into<OsString>) -> Self {
        Self::below(tree.into(), Programs::Live(search.into()))
    }

    fn below(tree: PathBuf, programs: Programs) -> Self {
        let refused = Refused::read(&tree.join("refused.txt"));
        Self(Arc::new(Inner { tree, programs, refused }), None)
    }

    /// The same, but a program that ran out of time twice is not run again and gives [`Reason::Failed`] at once: for
    /// a look at a device, which has to end also where the device's services do not answer.
    #[must_use]
    pub fn hasty(&self) -> Self {
        Self(self.0.clone(), Some(Arc::default()))
    }

    /// Whether programs are run here, rather than their recorded answers read.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.0.programs, Programs::Live(_))
    }

    /// Where the absolute device path `path` lies under this root.
    pub fn at(&self, path: &str) -> PathBuf {
        self.0.tree.join(path.trim_start_matches('/'))
    }

    /// The root itself.
    pub fn path(&self) -> &Path {
        &self.0.tree
    }

    /// Runs a program, or reads what it answered when the folder was recorded.
    ///
    /// Ends within `limits.deadline` and a moment, whatever the program does.
    #[must_use]
    pub fn run(&self, argv: &[&str], limits: &Limits) -> Answer {
        let program = argv.first().copied().unwrap_or_default();
        if self.1.as_ref().is_some_and(|hung| hung.is_hopeless(program)) {
            return Answer::none(Reason::Failed, Duration::ZERO);
        }
        let answer = self.run_again(&mut live::Runner::default(), argv, limits);
        let late = answer.text == Err(Reason::Failed) && answer.took >= limits.deadline;
        self.1.iter().filter(|_| late).for_each(|hung| hung.note(program));
        answer
    }

    /// As [`Root::run`]; a program of this runner that cannot be killed is not started a second time.
    pub(crate) fn run_again(&self, runner: &mut live::Runner, argv: &[&str], limits: &Limits) -> Answer {
        match &self.0.programs {
            Programs::Live(search) => runner.run(search, argv, limits),
            Programs::Recorded => recorded::read(&self.0.tree, argv, limits),
        }
    }

    /// Whether a program of this name can be run, or ever answered.
    #[must_use]
    pub fn has_program(&self, name: &str) -> bool {
        match &self.0.programs {
            Programs::Live(search) => live::find(search, name).is_some(),
            Programs::Recorded => recorded::has(&self.0.tree, name),
        }
    }

    /// The error with which the device refused this path when it was recorded.
    pub(crate) fn refusal(&self, path: &str) -> Option<Errno> {
        self.0.refused.of(path)
    }

    /// Opens a file for reading.
    pub(crate) fn open(&self, path: &str) -> io::Result<File> {
        if let Some(errno) = self.refusal(path) {
            return Err(errno.into());
        }
        self.open_at(&self.at(path))
    }

    /// Opens a file for reading that lies at this path of the machine that runs this.
    pub(crate) fn open_at(&self, at: &Path) -> io::Result<File> {
        if self.0.tree == Path::new("/") {
            return File::open(at);
        }
        // A folder from elsewhere may hold pipes and devices, which would block or answer for ever.
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let file = OpenOptions::new().read(true).custom_flags(flags).open(at)?;
        let kind = file.metadata()?;
        if kind.is_dir() {
            return Err(Errno::ISDIR.into());
        }
        if kind.is_file() { Ok(file) } else { Err(Errno::INVAL.into()) }
    }

    /// The entries of a directory.
    pub(crate) fn entries(&self, dir: &str) -> io::Result<ReadDir> {
        match self.refusal(dir) {
            Some(errno) => Err(errno.into()),
            None => std::fs::read_dir(self.at(dir)),
        }
    }

    /// Whether there is anything at this path, be it refused.
    pub(crate) fn exists(&self, path: &str) -> bool {
        match self.refusal(path) {
            Some(errno) => errno != Errno::NOENT,
            None => self.at(path).exists(),
        }
    }

    /// The first `most` bytes of a file, for texts that are read once. Never waits for a pipe of a recorded folder.
    ///
    /// # Errors
    /// If the file cannot be opened or read, or if the device refused it when the folder was recorded.
    pub fn read(&self, path: &str, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// A short text such as a sensor's name, trimmed; `None` where it cannot be read.
    pub(crate) fn word(&self, path: &str) -> Option<String> {
        let bytes = self.read(path, 256).ok()?;
        // Device-tree texts end with a zero byte.
        let text = String::from_utf8_lossy(&bytes).trim_matches(['\0', ' ', '\n', '\t']).to_owned();
        (!text.is_empty()).then_some(text)
    }
}

impl Default for Root {
    fn default() -> Self {
        Self::live()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errno;

    #[test]
    fn what_the_device_refused_is_refused_again() {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir_all(dir.path().join("sys/class")).expect("a directory");
        std::fs::write(dir.path().join("sys/class/temp"), "41000\n").expect("a small file");
        std::fs::write(dir.path().join("sys/class/other"), "1\n").expect("a small file");
        std::fs::write(dir.path().join("refused.txt"), "EACCES /sys/class/temp\nEACCES /sys/class\n")
            .expect("a small file");
        let root = Root::recorded(dir.path());
        let error = root.open("/sys/class/temp").expect_err("it was refused");
        assert_eq!(errno::reason(&error), Reason::Denied);
        assert!(root.entries("/sys/class").is_err());
        assert!(root.exists("/sys/class/temp"));
        assert_eq!(root.word("/sys/class/other").as_deref(), Some("1"));
        assert!(root.word("/sys/class/temp").is_none());
    }

    #[test]
    fn a_program_that_hangs_is_not_waited_for_again_and_again() {
        let root = Root::live_at("/nowhere", live::search_path()).hasty();
        let limits = Limits { deadline: Duration::from_millis(50), ..Limits::default() };
        let answers = [(); 3].map(|()| root.clone().run(&["sleep", "600"], &limits));
        assert!(answers.iter().all(|answer| answer.text == Err(Reason::Failed)));
        assert_eq!(answers.map(|answer| answer.took.is_zero()), [false, false, true]);
        let patient = Limits::default();
        assert_eq!(root.run(&["echo", "well"], &patient).text.as_deref(), Ok("well\n"));
        let again = Root::live_at("/nowhere", live::search_path()).run(&["sleep", "600"], &limits);
        assert!(!again.took.is_zero(), "a session goes on asking");
    }

    #[test]
    fn only_files_of_a_recorded_folder_are_read() {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir_all(dir.path().join("sys/temp")).expect("a directory");
        let fifo = dir.path().join("sys/fifo");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &fifo,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .expect("a pipe");
        let root = Root::recorded(dir.path());
        for path in ["/sys/temp", "/sys/fifo"] {
            let error = root.open(path).expect_err("it is no file");
            assert_eq!(errno::reason(&error), Reason::Failed, "{path}");
        }
    }
}
