//! Which keys count, as whoever checks says.

use std::collections::BTreeMap;

use crate::error::SigningError;
use crate::key::PublicKey;
use crate::moment::Day;
use crate::words::{check_word, shortened};

/// Largest list of keys, bytes.
pub const MAX_TRUST_BYTES: u64 = 64 << 10;
/// Most keys.
const MOST_KEYS: usize = 512;
/// Longest role, characters.
const LONGEST_ROLE: usize = 40;

/// Keys that count, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    keys: BTreeMap<String, Trusted>,
}

/// A key and what it is trusted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// The key.
    pub key: PublicKey,
    /// Roles that it may sign in; empty where it may sign in any.
    pub roles: Vec<String>,
    /// The last day on which it may have signed, if there is one.
    pub until: Option<Day>,
}

impl Trust {
    /// Adds the keys of a text: a line for each, as a `.pub` file has it, with `roles=a,b` and `until=2026-12-31` behind it
    /// where it is not trusted for everything. Blank lines and lines that begin with `#` say nothing. A key that stands
    /// twice is trusted as its last line says.
    ///
    /// # Errors
    /// [`SigningError::ReadTrust`] with the first line that is none, [`SigningError::Bound`] where there are too many.
    pub fn add(&mut self, text: &str) -> Result<(), SigningError> {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let source = |source| SigningError::ReadTrust { line: number + 1, source: Box::new(source) };
            let trusted = Trusted::read(line).map_err(source)?;
            self.keys.insert(trusted.key.id(), trusted);
            if self.keys.len() > MOST_KEYS {
                return Err(SigningError::Bound { what: "keys that count", most: MOST_KEYS });
            }
        }
        Ok(())
    }

    /// The key with this id, if it counts.
    #[must_use]
    pub fn get(&self, key_id: &str) -> Option<&Trusted> {
        self.keys.get(key_id)
    }

    /// How many keys count.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether none does.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl Trusted {
    fn read(line: &str) -> Result<Self, SigningError> {
        let mut words = line.split_whitespace();
        let key: Vec<&str> = words.by_ref().take(2).collect();
        let mut trusted = Trusted { key: PublicKey::read(&key.join(" "))?, roles: Vec::new(), until: None };
        for term in words {
            match term.split_once('=') {
                Some(("roles", roles)) => {
                    trusted.roles = roles.split(',').map(str::to_owned).collect();
                    for role in &trusted.roles {
                        check_word("a role", role, LONGEST_ROLE)?;
                    }
                }
                Some(("until", day)) => trusted.until = Some(Day::read(day)?),
                _ => return Err(SigningError::ReadTerm { found: shortened(term) }),
            }
        }
        Ok(trusted)
    }

    /// Whether it may sign in this role.
    pub(crate) fn holds(&self, role: &str) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|held| held == role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    fn line(byte: u8) -> String {
        SecretKey::from_random([byte; 32]).public().line().trim_end().to_owned()
    }

    #[test]
    fn a_list_says_what_keys_are_trusted_for() {
        let mut trust = Trust::default();
        let text =
            format!("# who signs\n\n{}\n{} roles=release-manager,qa until=2026-12-31\n", line(1), line(2));
        trust.add(&text).expect("a list");
        assert_eq!(trust.len(), 2);
        let id = |byte: u8| SecretKey::from_random([byte; 32]).public().id();
        let second = trust.get(&id(2)).expect("the second");
        assert!(second.holds("qa") && !second.holds("lab"));
        assert_eq!(second.until.as_ref().map(ToString::to_string).as_deref(), Some("2026-12-31"));
        assert!(trust.get(&id(1)).expect("the first").holds("lab"));
        assert!(trust.get(&id(3)).is_none());
    }

    #[test]
    fn what_is_no_list_is_told_by_its_line() {
        for (text, told) in [
            ("ssh-ed25519 AAAA".to_owned(), "line 1 of the list of keys"),
            (format!("{}\n{} until=tomorrow", line(1), line(2)), "line 2 of the list of keys"),
            (format!("{} role=qa", line(1)), "line 1 of the list of keys"),
            (format!("{} roles=QA", line(1)), "line 1 of the list of keys"),
            (format!("{} roles=", line(1)), "line 1 of the list of keys"),
        ] {
            assert_eq!(Trust::default().add(&text).expect_err("no list").to_string(), told, "{text}");
        }
    }
}
