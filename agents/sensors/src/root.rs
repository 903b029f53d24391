//! Where the operating system's files are looked for.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The tree that holds `/proc`, `/sys` and `/etc`: `/` on a device, a made-up tree in tests.
#[derive(Debug, Clone)]
pub struct Root(PathBuf);

impl Root {
    /// A root at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where the absolute device path `path` lies under this root.
    pub fn at(&self, path: &str) -> PathBuf {
        self.0.join(path.trim_start_matches('/'))
    }

    /// The root itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The first `most` bytes of a file, for texts that are read once.
    pub(crate) fn read(&self, path: &str, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(self.at(path))?.take(most).read_to_end(&mut bytes)?;
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
        Self::new("/")
    }
}
