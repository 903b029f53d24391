//! The words of a fault: `NAME`, `NAME@TIME`, `NAME:AMOUNT` or `NAME@TIME:AMOUNT`, such as `charger@120s:15W`.

use edgesoak_protocol::units::Nanos;

use super::{CATALOGUE, Kind};
use crate::error::{PhoneError, nearest};

/// Longest word that is looked at, bytes.
const LONGEST: usize = 80;
/// Latest moment of a fault, seconds.
const LATEST_S: f64 = 48.0 * 3_600.0;

/// When a fault begins, and how large it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Since the first prompt of the soak.
    pub from: Nanos,
    /// In the unit of its kind; 0 where it takes none.
    pub amount: f64,
}

impl Setting {
    /// The amount as a time.
    #[must_use]
    pub fn seconds(&self) -> Nanos {
        nanos(self.amount.abs())
    }
}

/// The number that a fault takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// What it counts.
    pub unit: Unit,
    /// Smallest.
    pub least: f64,
    /// Largest.
    pub most: f64,
    /// Where none is given.
    pub usual: f64,
}

/// The unit of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds: `30s`.
    Second,
    /// Kelvin: `12K`.
    Kelvin,
    /// Watts: `15W`.
    Watt,
    /// Parts of a hundred: `20%`.
    Percent,
    /// Kibibytes: `4KiB`.
    Kibibyte,
    /// Tokens: `64tok`.
    Token,
    /// A factor: `1.5x`.
    Times,
}

impl Unit {
    /// How it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Kelvin => "K",
            Self::Watt => "W",
            Self::Percent => "%",
            Self::Kibibyte => "KiB",
            Self::Token => "tok",
            Self::Times => "x",
        }
    }
}

/// Reads a fault's words.
pub(super) fn read(words: &str) -> Result<(&'static Kind, Setting), PhoneError> {
    let wrong = |problem: String, hint: Option<String>| {
        let words = words.chars().take(LONGEST).collect();
        PhoneError::ReadingFault { words, problem, hint }
    };
    if words.len() > LONGEST {
        return Err(wrong("is too long".to_owned(), None));
    }
    let (place, amount) =
        words.split_once(':').map_or((words, None), |(place, amount)| (place, Some(amount)));
    let (name, moment) = place.split_once('@').map_or((place, None), |(name, moment)| (name, Some(moment)));
    let kind = CATALOGUE.iter().find(|kind| kind.name == name).ok_or_else(|| {
        wrong("is no fault".to_owned(), nearest(name, CATALOGUE.iter().map(|kind| kind.name)))
    })?;
    let from = match moment {
        None => Nanos(0),
        Some(_) if !kind.has_moment => {
            return Err(wrong("holds from the start and takes no time".to_owned(), None));
        }
        Some(moment) => time(moment)
            .ok_or_else(|| wrong(format!("begins at {moment}, which is no time like 120s or 5min"), None))?,
    };
    let amount = match (kind.amount, amount) {
        (None, None) => 0.0,
        (None, Some(_)) => return Err(wrong("takes no amount".to_owned(), None)),
        (Some(expected), None) => expected.usual,
        (Some(expected), Some(amount)) => number(amount, expected.unit.symbol())
            .filter(|amount| (expected.least..=expected.most).contains(amount))
            .ok_or_else(|| {
                let (least, most, symbol) = (expected.least, expected.most, expected.unit.symbol());
                wrong(format!("takes {least}{symbol} to {most}{symbol}, not {amount}"), None)
            })?,
    };
    Ok((kind, Setting { from, amount }))
}

/// `120s`, `5min`, `500ms`.
fn time(text: &str) -> Option<Nanos> {
    // `ms` ends in `s` too.
    let units = [("ms", 1e-3), ("min", 60.0), ("s", 1.0)];
    let seconds = units.into_iter().find_map(|(symbol, factor)| Some(number(text, symbol)? * factor))?;
    (0.0..=LATEST_S).contains(&seconds).then(|| nanos(seconds))
}

/// A plain decimal number in front of a symbol.
fn number(text: &str, symbol: &str) -> Option<f64> {
    let digits = text.strip_suffix(symbol)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    if plain { digits.parse().ok() } else { None }
}

fn nanos(seconds: f64) -> Nanos {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be within 48 hours, and not negative"
    )]
    Nanos((seconds * 1e9).round() as u64)
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::units::Nanos;

    use super::read;

    #[test]
    fn words_have_a_moment_and_an_amount() {
        let read = |words: &str| {
            let (kind, setting) = read(words).expect("words of a fault");
            (kind.name, setting.from, setting.amount)
        };
        assert_eq!(read("charger@120s:15W"), ("charger", Nanos::from_secs(120), 15.0));
        assert_eq!(read("charger@2min:7.5W"), ("charger", Nanos::from_secs(120), 7.5));
        assert_eq!(read("stuck-sensor@1500ms"), ("stuck-sensor", Nanos::from_millis(1_500), 0.0));
        assert_eq!(read("clock-jump@60s:-3s"), ("clock-jump", Nanos::from_secs(60), -3.0));
        assert_eq!(read("hot-start").0, "hot-start");
    }

    #[test]
    fn wrong_words_are_refused_with_a_reason() {
        for (words, reason) in [
            ("chargr@1s", "is it charger?"),
            ("", "is no fault"),
            ("charger@soon", "no time"),
            ("charger@-5s", "no time"),
            ("charger@1e3s", "no time"),
            ("charger@99999min", "no time"),
            ("charger:15", "not 15"),
            ("charger:1500W", "not 1500W"),
            ("charger:NaNW", "not NaNW"),
            ("hot-start@5s", "takes no time"),
            ("stuck-sensor:3K", "takes no amount"),
        ] {
            let error = read(words).expect_err(words).to_string();
            assert!(error.contains(reason), "{words}: {error}");
        }
        assert!(read(&"x".repeat(1_000)).is_err());
    }
}
