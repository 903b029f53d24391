//! What is particular about a phone as a host meets it.

use crate::error::nearest;

/// A kind of phone to cope with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Everything works.
    Current,
    /// An adbd without features: no exit codes, no separate error output.
    Old,
    /// Nobody has tapped "allow" on its screen.
    Unauthorised,
    /// Its data partition has room for little.
    TinyStorage,
    /// Nothing can be executed where files can be written.
    NoExec,
    /// The nodes of its sensors may not be read.
    SelinuxDenied,
}

/// Every kind, with its word and what it means.
const ALL: [(Variant, &str, &str); 6] = [
    (Variant::Current, "current", "everything works"),
    (Variant::Old, "old", "an adbd without features: exit codes and error output are lost"),
    (Variant::Unauthorised, "unauthorised", "nobody has allowed this host on its screen"),
    (Variant::TinyStorage, "tiny-storage", "16 MiB for data"),
    (Variant::NoExec, "noexec", "what is pushed cannot be executed"),
    (Variant::SelinuxDenied, "selinux-denied", "temperatures and battery in /sys may not be read"),
];

impl Variant {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|(variant, ..)| *variant)
    }

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What it means, for people.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.row().2
    }

    /// The kind with this word, or what is wrong with it.
    pub(super) fn find(word: &str) -> Result<Self, String> {
        let found = ALL.iter().find(|(_, name, _)| *name == word);
        found.map(|(variant, ..)| *variant).ok_or_else(|| {
            let hint = nearest(word, ALL.iter().map(|(_, name, _)| *name));
            let hint = hint.map(|name| format!(" (is it {name}?)")).unwrap_or_default();
            format!("--phone knows no {word}{hint}")
        })
    }

    fn row(self) -> (Self, &'static str, &'static str) {
        ALL.into_iter().find(|(variant, ..)| *variant == self).unwrap_or(ALL[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word() {
        for variant in Variant::all() {
            assert_eq!(Variant::find(variant.name()), Ok(variant));
            assert!(!variant.meaning().is_empty());
        }
        assert_eq!(
            Variant::find("unauthorized").expect_err("american"),
            "--phone knows no unauthorized (is it unauthorised?)"
        );
    }
}
