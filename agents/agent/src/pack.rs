//! Which battery pack is in the device, and whether it is still the same when a session ends. A pack's serial number
//! leaves the device as a salted digest only.

use edgesoak_sensors::{Pack, Root};

use crate::digest::sha256_hex;
use crate::settings::Notes;

/// Name of the fact of a probe.
pub(crate) const FACT: &str = "battery_pack";
/// Letters of the digest that are told: enough to tell a lab's packs apart.
const LETTERS: usize = 16;

/// The pack in a word; `None` where the device does not tell.
pub(crate) fn identity(root: &Root, salt: &str) -> Option<String> {
    Pack::of(root).map(|pack| digest(&pack, salt))
}

fn digest(pack: &Pack, salt: &str) -> String {
    let salted = [salt.as_bytes(), &[0], &pack.serial()].concat();
    let mut digest = sha256_hex(&salted);
    digest.truncate(LETTERS);
    digest
}

/// The pack that a session begins with.
#[derive(Debug)]
pub(crate) struct Begun(Option<Pack>);

impl Begun {
    pub(crate) fn with(root: &Root) -> Self {
        Self(Pack::of(root))
    }

    /// Notes at the end that there is another one.
    pub(crate) fn tell(&self, root: &Root, journal: &dyn Notes) {
        let Some(before) = &self.0 else { return };
        if Pack::of(root).is_some_and(|now| before.is_exchanged(&now)) {
            journal.note("pack-swapped", "another battery pack is in the device than when the session began");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use edgesoak_protocol::journal::Frame;

    use super::*;
    use crate::settings::Kept;

    fn insert(tree: &Path, serial: &str) {
        let battery = tree.join("sys/class/power_supply/battery");
        fs::create_dir_all(&battery).expect("made");
        fs::write(battery.join("type"), "Battery\n").expect("written");
        fs::write(battery.join("serial_number"), format!("{serial}\n")).expect("written");
    }

    #[test]
    fn a_pack_has_one_word_for_each_salt_and_nobody_reads_its_number_in_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = Root::recorded(dir.path());
        assert_eq!(identity(&root, "salt"), None);
        insert(dir.path(), "PACK-0001");
        let word = identity(&root, "salt").expect("it tells");
        assert!(word.len() == LETTERS && word.bytes().all(|b| b.is_ascii_hexdigit()), "{word}");
        assert_eq!(identity(&root, "salt"), Some(word.clone()));
        assert_ne!(identity(&root, "pepper"), Some(word.clone()));
        insert(dir.path(), "PACK-0002");
        assert_ne!(identity(&root, "salt"), Some(word));
    }

    #[test]
    fn only_another_pack_is_noted() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = Root::recorded(dir.path());
        insert(dir.path(), "PACK-0001");
        let begun = Begun::with(&root);
        let noted = |serial| {
            insert(dir.path(), serial);
            let kept = Kept::default();
            begun.tell(&root, &kept);
            let frames = kept.take();
            assert!(frames.iter().all(|frame| !format!("{frame:?}").contains("PACK-")), "{frames:?}");
            frames.iter().any(|frame| matches!(frame, Frame::Note { code, .. } if code == "pack-swapped"))
        };
        assert!(!noted("PACK-0001"));
        assert!(noted("PACK-0002"));
        assert!(!noted(""), "an unread one is none");
    }
}
