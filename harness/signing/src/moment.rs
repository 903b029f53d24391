//! Moments and days as people write them, in UTC. They are claims: no clock is asked here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::SigningError;
use crate::words::shortened;

/// A second of UTC: `2026-04-01T09:30:00Z`. In this form later is greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(String);

/// A day of UTC: `2026-04-01`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(String);

impl Moment {
    /// Reads `YYYY-MM-DDThh:mm:ssZ`.
    ///
    /// # Errors
    /// [`SigningError::ReadTime`] for every other form.
    pub fn read(text: &str) -> Result<Self, SigningError> {
        let parts = text.strip_suffix('Z').and_then(|text| text.split_once('T'));
        match parts {
            Some((day, time)) if Day::read(day).is_ok() && is_time(time) => Ok(Self(text.to_owned())),
            _ => Err(SigningError::ReadTime { found: shortened(text) }),
        }
    }

    /// Whether it lies behind the end of this day.
    #[must_use]
    pub fn is_after(&self, day: &Day) -> bool {
        self.0[..day.0.len()] > *day.0
    }
}

impl Day {
    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`SigningError::ReadTime`] for every other form.
    pub fn read(text: &str) -> Result<Self, SigningError> {
        let numbers = numbers::<3>(text, '-', [4, 2, 2]);
        let is_day =
            numbers.is_some_and(|[_, month, day]| (1..=12).contains(&month) && (1..=31).contains(&day));
        if is_day {
            Ok(Self(text.to_owned()))
        } else {
            Err(SigningError::ReadTime { found: shortened(text) })
        }
    }
}

fn is_time(text: &str) -> bool {
    // A minute may have a leap second.
    numbers::<3>(text, ':', [2, 2, 2])
        .is_some_and(|[hour, minute, second]| hour < 24 && minute < 60 && second <= 60)
}

/// Numbers of exactly so many digits.
fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[u32; N]> {
    let parts: [&str; N] = text.split(between).collect::<Vec<_>>().try_into().ok()?;
    let fits = |(part, digits): (&&str, usize)| {
        part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !parts.iter().zip(digits).all(fits) {
        return None;
    }
    let mut numbers = [0; N];
    for (number, part) in numbers.iter_mut().zip(parts) {
        *number = part.parse().ok()?;
    }
    Some(numbers)
}

impl TryFrom<String> for Moment {
    type Error = SigningError;

    fn try_from(text: String) -> Result<Self, SigningError> {
        Self::read(&text)
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_is_read() {
        assert!(Moment::read("2026-04-01T09:30:00Z").is_ok());
        for bad in [
            "2026-04-01",
            "2026-04-01 09:30:00Z",
            "2026-04-01T09:30:00+02:00",
            "2026-4-1T09:30:00Z",
            "2026-13-01T09:30:00Z",
            "2026-04-00T09:30:00Z",
            "2026-04-01T24:00:00Z",
            "2026-04-01T09:30Z",
            "٢٠٢٦-04-01T09:30:00Z",
            "",
        ] {
            assert!(Moment::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_lasts_to_its_end() {
        let day = Day::read("2026-04-01").expect("a day");
        let after = |text: &str| Moment::read(text).expect("a moment").is_after(&day);
        assert!(!after("2026-04-01T23:59:60Z"));
        assert!(after("2026-04-02T00:00:00Z"));
        assert!(!after("2025-12-31T00:00:00Z"));
    }
}
