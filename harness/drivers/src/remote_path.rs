//! Paths on a device.

use std::fmt;

use crate::error::DriverError;

const MAX_BYTES: usize = 512;

/// A path below a device's root: plain names joined by `/`, so that no name from a matrix or a device can leave
/// the root or mean something to a shell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RemotePath(String);

impl RemotePath {
    /// Checks a path: at most 512 bytes of `A-Z a-z 0-9 . _ : -` and `/`; no part is empty, starts with `-` or is
    /// `.` or `..`.
    ///
    /// # Errors
    /// [`DriverError::NamingRemotePath`] with the text.
    pub fn new(text: impl Into<String>) -> Result<Self, DriverError> {
        let text = text.into();
        let plain = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
        let good = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && !part.starts_with('-')
                && part.chars().all(plain)
        };
        if text.len() <= MAX_BYTES && text.split('/').all(good) {
            return Ok(Self(text));
        }
        let shown = text.chars().take(80).collect();
        Err(DriverError::NamingRemotePath(shown))
    }

    /// A path below this one.
    ///
    /// # Errors
    /// As for [`RemotePath::new`].
    pub fn join(&self, below: &str) -> Result<Self, DriverError> {
        Self::new(format!("{}/{below}", self.0))
    }

    /// The text, relative to the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_paths_are_taken_and_others_refused() {
        for good in
            ["bin/edgesoak-agent", "store/0a", "sessions/20260101-000000-quick-00ff/s01/job.json", "a..b"]
        {
            assert_eq!(RemotePath::new(good).expect("plain").as_str(), good);
        }
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "a/../b",
            "..",
            "./a",
            "a//b",
            "a/",
            "-rf",
            "a/-x",
            "a b",
            "a;b",
            "ä",
            "a\0",
        ] {
            assert!(RemotePath::new(bad).is_err(), "{bad:?} must be refused");
        }
        assert!(RemotePath::new("a".repeat(513)).is_err());
    }

    proptest! {
        #[test]
        fn no_accepted_path_leaves_the_root(text in "[a./\\-]{0,16}") {
            if let Ok(path) = RemotePath::new(text) {
                prop_assert!(Path::new(path.as_str()).components().all(|part| matches!(part, Component::Normal(_))));
            }
        }
    }
}
