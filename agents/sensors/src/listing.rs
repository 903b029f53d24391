//! Which entries a directory of sensors has.

use edgesoak_protocol::Reason;

use crate::errno;
use crate::root::Root;

/// Entries looked at in one directory; a hostile one may have any number.
const MAX_LOOKED_AT: usize = 4096;
/// Entries used.
const MAX_USED: usize = 256;
/// Numbers tried where a directory refuses to be listed: on some systems the exact paths can still be read.
const GUESSES: u32 = 32;

/// What was found.
pub(crate) struct Listing {
    /// Names, in the order of the numbers they end with.
    pub names: Vec<String>,
    /// Why there is no name, where there is none.
    pub reason: Reason,
}

impl Listing {
    /// Whether there may be more entries than are used.
    pub fn is_cut(&self) -> bool {
        self.names.len() >= MAX_USED
    }
}

/// Entries of `dir` whose name is `prefix` and a number, such as `thermal_zone3`.
pub(crate) fn numbered(root: &Root, dir: &str, prefix: &str) -> Listing {
    let is_numbered = |name: &str| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut listing = all(root, dir, is_numbered);
    if listing.names.is_empty() && listing.reason == Reason::Denied {
        let exists = |name: &String| root.exists(&format!("{dir}/{name}"));
        listing.names = (0..GUESSES).map(|number| format!("{prefix}{number}")).filter(exists).collect();
    }
    listing
}

/// Entries of `dir` that `wanted` accepts.
pub(crate) fn all(root: &Root, dir: &str, wanted: impl Fn(&str) -> bool) -> Listing {
    let entries = match root.entries(dir) {
        Ok(entries) => entries,
        Err(error) => return Listing { names: Vec::new(), reason: errno::reason(&error) },
    };
    let mut names: Vec<String> = entries
        .take(MAX_LOOKED_AT)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| wanted(name))
        .collect();
    names.sort_by_cached_key(|name| natural(name));
    names.truncate(MAX_USED);
    Listing { names, reason: Reason::Absent }
}

/// Sorts `zone2` before `zone10`.
fn natural(name: &str) -> (String, u64, String) {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (stem, number) = name.split_at(name.len() - digits);
    (stem.to_owned(), number.parse().unwrap_or(0), name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_in_the_order_of_their_numbers() {
        let dir = tempfile::tempdir().expect("a directory");
        for name in ["zone10", "zone2", "zone", "zonex", "other1", "zone0"] {
            std::fs::write(dir.path().join(name), "").expect("an empty file");
        }
        let root = Root::new(dir.path());
        assert_eq!(numbered(&root, "/", "zone").names, ["zone0", "zone2", "zone10"]);
        assert_eq!(all(&root, "/", |name| name.starts_with("other")).names, ["other1"]);
    }

    #[test]
    fn a_directory_that_is_not_there_is_absent() {
        let dir = tempfile::tempdir().expect("a directory");
        let listing = numbered(&Root::new(dir.path()), "/sys/class/thermal", "thermal_zone");
        assert!(listing.names.is_empty());
        assert_eq!(listing.reason, Reason::Absent);
    }
}
