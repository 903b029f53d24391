//! What a device refused while its folder was recorded: lines `EACCES /sys/class/x`.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use rustix::io::Errno;

/// Most of the list that is read; a device has some thousand paths.
const MAX_BYTES: u64 = 4 * 1024 * 1024;
const MAX_PATHS: usize = 50_000;
/// Names as they stand in `errno.h`. One that is not here was a failure of some kind.
const NAMES: [(&str, Errno); 16] = [
    ("EACCES", Errno::ACCESS),
    ("EPERM", Errno::PERM),
    ("ENOENT", Errno::NOENT),
    ("ENODEV", Errno::NODEV),
    ("ENXIO", Errno::NXIO),
    ("ENOTDIR", Errno::NOTDIR),
    ("ESRCH", Errno::SRCH),
    ("EINVAL", Errno::INVAL),
    ("ENODATA", Errno::NODATA),
    ("EIO", Errno::IO),
    ("EBUSY", Errno::BUSY),
    ("EAGAIN", Errno::AGAIN),
    ("EISDIR", Errno::ISDIR),
    ("ETIMEDOUT", Errno::TIMEDOUT),
    ("EOPNOTSUPP", Errno::OPNOTSUPP),
    ("ENOTSUP", Errno::NOTSUP),
];

/// Paths with the error that opening or reading them gave.
#[derive(Debug, Default)]
pub(crate) struct Refused(HashMap<String, Errno>);

impl Refused {
    /// Reads the list; a folder without one refuses nothing.
    pub fn read(path: &Path) -> Self {
        // The list of a folder from elsewhere may be a pipe: only a file is opened.
        if !path.is_file() {
            return Self::default();
        }
        let mut bytes = Vec::new();
        match File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes)) {
            Ok(_) => Self::parse(&String::from_utf8_lossy(&bytes)),
            Err(_) => Self::default(),
        }
    }

    fn parse(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| line.trim().split_once(' '));
        let named = |name: &str| NAMES.iter().find(|(known, _)| *known == name).map(|(_, errno)| *errno);
        let paths = lines
            .filter(|(name, path)| name.starts_with('E') && path.trim_start().starts_with('/'))
            .map(|(name, path)| (path.trim_start().to_owned(), named(name).unwrap_or(Errno::IO)));
        Self(paths.take(MAX_PATHS).collect())
    }

    /// The error of this path, if it was refused.
    pub fn of(&self, path: &str) -> Option<Errno> {
        self.0.get(path).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_name_an_error_and_a_path() {
        let refused = Refused::parse(
            "EACCES /sys/class/a b/temp\nENOENT  /sys/x\n# a remark\nEWHATEVER /sys/y\nEACCES relative\n\nE\n",
        );
        assert_eq!(refused.of("/sys/class/a b/temp"), Some(Errno::ACCESS));
        assert_eq!(refused.of("/sys/x"), Some(Errno::NOENT));
        assert_eq!(refused.of("/sys/y"), Some(Errno::IO));
        assert_eq!(refused.of("relative"), None);
        assert_eq!(refused.0.len(), 3);
    }

    #[test]
    fn a_folder_without_a_list_refuses_nothing() {
        let dir = tempfile::tempdir().expect("a directory");
        assert!(Refused::read(&dir.path().join("refused.txt")).0.is_empty());
        assert!(Refused::read(dir.path()).0.is_empty());
    }
}
