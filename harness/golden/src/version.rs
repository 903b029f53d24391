//! Version numbers of sets, and how large a step a change is.

use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

/// `MAJOR.MINOR.PATCH`, without leading zeros and without labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Raised when an item was changed or removed, or what items are answered from.
    pub major: u32,
    /// Raised when items were added.
    pub minor: u32,
    /// Raised when only words of the manifest changed.
    pub patch: u32,
}

/// How large a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Words of the manifest.
    Patch,
    /// Items were added.
    Minor,
    /// An item was changed or removed, or what items are answered from.
    Major,
}

impl Step {
    /// The step as a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Step::Patch => "patch",
            Step::Minor => "minor",
            Step::Major => "major",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Version {
    /// Reads `1.0.2`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(number);
        let mut next = || numbers.next().flatten();
        let version = Version { major: next()?, minor: next()?, patch: next()? };
        numbers.next().is_none().then_some(version)
    }

    /// The first version that is this step after it.
    #[must_use]
    pub fn after(self, step: Step) -> Self {
        let Version { major, minor, patch } = self;
        match step {
            Step::Major => Version { major: major.saturating_add(1), minor: 0, patch: 0 },
            Step::Minor => Version { major, minor: minor.saturating_add(1), patch: 0 },
            Step::Patch => Version { major, minor, patch: patch.saturating_add(1) },
        }
    }

    /// The step that leads to a later version; `None` to the same or an earlier one.
    #[must_use]
    pub fn step_to(self, later: Version) -> Option<Step> {
        if later <= self {
            None
        } else if later.major > self.major {
            Some(Step::Major)
        } else if later.minor > self.minor {
            Some(Step::Minor)
        } else {
            Some(Step::Patch)
        }
    }
}

fn number(text: &str) -> Option<u32> {
    let plain = text == "0" || !text.starts_with('0');
    (plain && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Version::read(&text).ok_or_else(|| D::Error::custom("a version is three numbers such as 1.0.2"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Version {
        Version::read(text).expect("a version")
    }

    #[test]
    fn versions_are_three_plain_numbers() {
        assert_eq!(read("1.20.3").to_string(), "1.20.3");
        for bad in
            ["1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "1..3", "", "1.2.3-a", "+1.2.3", "1.2.99999999999"]
        {
            assert_eq!(Version::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_step_is_told_by_the_first_number_that_grew() {
        let from = read("1.2.3");
        for step in [Step::Patch, Step::Minor, Step::Major] {
            assert_eq!(from.step_to(from.after(step)), Some(step));
        }
        assert_eq!(from.step_to(read("1.4.0")), Some(Step::Minor));
        assert_eq!(from.step_to(from), None);
        assert_eq!(from.step_to(read("0.9.9")), None);
    }
}
