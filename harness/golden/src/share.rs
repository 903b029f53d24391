//! A share of a whole: `0.92` or `"92 %"`.

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

/// A share in 0..=1 that is written again as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    ratio: f64,
    written: Option<String>,
}

impl Share {
    /// The share, in 0..=1.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.ratio
    }

    fn read(written: Written) -> Option<Self> {
        let share = match written {
            Written::Ratio(ratio) => Share { ratio, written: None },
            Written::Percent(text) => {
                let percent: f64 = text.strip_suffix('%')?.trim_end().parse().ok()?;
                Share { ratio: percent / 100.0, written: Some(text) }
            }
        };
        (0.0..=1.0).contains(&share.ratio).then_some(share)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Ratio(f64),
    Percent(String),
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(from).ok().and_then(Share::read);
        written.ok_or_else(|| D::Error::custom("a share is a number in 0..=1, or a text such as \"2 %\""))
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.written {
            Some(text) => serializer.serialize_str(text),
            None => serializer.serialize_f64(self.ratio),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_ratio_or_per_cent() {
        for (text, ratio) in [("0.92", 0.92), ("\"2 %\"", 0.02), ("\"100%\"", 1.0), ("0", 0.0)] {
            let share: Share = serde_json::from_str(text).expect("a share");
            assert_eq!(share.ratio().to_bits(), f64::to_bits(ratio), "{text}");
        }
        let share: Share = serde_json::from_str("\"2 %\"").expect("a share");
        assert_eq!(serde_json::to_string(&share).expect("JSON"), "\"2 %\"");
        for bad in ["1.5", "-0.1", "\"2\"", "\"NaN %\"", "\"200 %\"", "\"inf %\"", "null", "[]"] {
            assert!(serde_json::from_str::<Share>(bad).is_err(), "{bad}");
        }
    }
}
