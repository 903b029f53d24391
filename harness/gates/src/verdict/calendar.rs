//! Days: the only use of wall time in a judgement is the day on which a run was opened.

use edgesoak_record::units::Nanos;

/// A day of the proleptic Gregorian calendar. Orders by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u64,
    month: u64,
    of_month: u64,
}

impl Day {
    /// The UTC day of a time since the Unix epoch.
    ///
    /// Days are counted in eras of 400 years that begin on a 1st of March, so that the leap day is the last of its
    /// year (after Howard Hinnant's `civil_from_days`).
    #[must_use]
    pub fn of(time: Nanos) -> Self {
        let days = time.0 / 86_400_000_000_000 + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let january_on = u64::from(month >= 10);
        let month = if month < 10 { month + 3 } else { month - 9 };
        Self { year: year_of_era + era * 400 + january_on, month, of_month: day }
    }

    /// Reads `YYYY-MM-DD`. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |length: usize| {
            let part = parts.next()?;
            let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
            if digits { part.parse::<u64>().ok() } else { None }
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && parts.next().is_none();
        valid.then_some(Self { year, month, of_month: day })
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::units::Nanos;

    use super::Day;

    #[test]
    fn known_days() {
        for (seconds, text) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_798_675_200, "2026-12-31"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(Some(Day::of(Nanos::from_secs(seconds))), Day::parse(text), "{text}");
        }
        assert!(Day::parse("2026-12-31") < Day::parse("2027-01-01"));
    }

    #[test]
    fn only_the_one_form_is_a_day() {
        for text in ["", "2026-1-01", "2026-13-01", "2026-12-32", "2026-12-31-1", "31.12.2026", "+026-12-31"]
        {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
