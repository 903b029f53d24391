//! Where each page lies, and how one leads to another: relative, so that a site can be read from any share.

use std::fmt::Write as _;

use edgesoak_record::hex;
use sha2::{Digest as _, Sha256};

use super::Site;

/// Most characters of an id that its file's name shows.
const SHOWN: usize = 40;
/// Hex digits that tell apart what looks the same: ids that differ by case, or behind what is shown.
const DIGITS: usize = 12;

/// A page of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place<'a> {
    /// Runs, the newest on page 0.
    Runs(usize),
    /// The report of a run.
    Run(&'a str),
    Devices,
    Device(&'a str),
    Candidates,
    Candidate(&'a str),
    Releases,
    Release(&'a str),
    /// Sessions that run now; only a server has it.
    Running,
}

impl Place<'_> {
    /// Its file, from the root of the site.
    pub fn path(self) -> String {
        match self {
            Place::Runs(0) => "index.html".to_owned(),
            Place::Runs(page) => format!("runs-{}.html", page + 1),
            Place::Run(id) => in_folder("runs", id),
            Place::Devices => "devices.html".to_owned(),
            Place::Device(id) => in_folder("devices", id),
            Place::Candidates => "candidates.html".to_owned(),
            Place::Candidate(id) => in_folder("candidates", id),
            Place::Releases => "releases.html".to_owned(),
            Place::Release(id) => in_folder("releases", id),
            Place::Running => Site::RUNNING.to_owned(),
        }
    }

    /// The way from this page to another.
    pub fn to(self, other: Place<'_>) -> String {
        let up = if self.path().contains('/') { "../" } else { "" };
        format!("{up}{}", other.path())
    }
}

/// Lower-case letters, digits and hyphens, whatever the id holds; no two ids have one name, on no file system.
fn in_folder(folder: &str, id: &str) -> String {
    let mut path = format!("{folder}/");
    for character in id.chars().take(SHOWN) {
        path.push(if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' });
    }
    // Writing to a text cannot fail.
    let _ = write!(path, "-{}.html", &hex(&Sha256::digest(id))[..DIGITS]);
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pages_find_each_other() {
        let (device, run) = (Place::Device("pixel-8a"), Place::Run("20261121-1402-soak-1f"));
        assert_eq!(device.to(run), "../runs/20261121-1402-soak-1f-1b5f14312f4d.html");
        assert_eq!(Place::Runs(0).to(Place::Runs(2)), "runs-3.html");
        assert_eq!(run.to(Place::Runs(0)), "../index.html");
        assert_ne!(Place::Device("Pixel").path(), Place::Device("pixel").path());
        assert_ne!(Place::Device("a/b").path(), Place::Device("a-b").path());
    }

    proptest! {
        #[test]
        fn no_id_leaves_its_folder(id in any::<String>()) {
            let path = Place::Device(&id).path();
            let name = path.strip_prefix("devices/").expect("in its folder");
            prop_assert!(name.len() <= 64, "{}", name);
            let stem = name.strip_suffix(".html").expect("a page");
            prop_assert!(stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        }
    }
}
