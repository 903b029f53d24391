//! The unit of a thermal zone, told by its number and by those of its family.
//!
//! Zones of one driver (`tsens_tz_sensor0`, `tsens_tz_sensor1`, …) share a unit, which one number alone cannot
//! always tell: 98 in a family of tenths is 9.8 °C, and 1004 is 100.4 °C.

use edgesoak_protocol::{Reading, Reason, rule};

use super::temperature::{MILLI, proposed_scale};

const TENTH: f64 = 0.1;
/// Above this a number in tenths is no temperature, so that there is no doubt.
const MOST_IN_TENTHS: u64 = 1300;

/// What the members of each family propose.
#[derive(Default)]
pub(crate) struct Families<'a> {
    votes: Vec<Votes<'a>>,
}

struct Votes<'a> {
    stem: &'a str,
    milli: u32,
    tenths: u32,
    ones: u32,
}

impl<'a> Families<'a> {
    /// Counts what a zone's number proposes for its family.
    pub(crate) fn note(&mut self, kind: &'a str, reading: Reading<i64>) {
        let Some(stem) = stem(kind) else { return };
        let scale = proposed_scale(reading);
        let Ok(raw) = reading else { return };
        // Neither what is no value nor what may as well be tenths tells anything.
        let unclear = scale < TENTH && raw.unsigned_abs() <= MOST_IN_TENTHS;
        if unclear || rule::apply(rule::TEMPERATURE, raw, scale).is_err() {
            return;
        }
        let place = self.votes.iter().rposition(|votes| votes.stem == stem).unwrap_or_else(|| {
            self.votes.push(Votes { stem, milli: 0, tenths: 0, ones: 0 });
            self.votes.len() - 1
        });
        let votes = &mut self.votes[place];
        let count = if scale < TENTH {
            &mut votes.milli
        } else if scale < 1.0 {
            &mut votes.tenths
        } else {
            &mut votes.ones
        };
        *count += 1;
    }

    /// The factor to °C of a zone that cannot be read now: its family's, or what the ABI promises.
    pub(crate) fn scale_unread(&self, kind: &str) -> f64 {
        match self.votes_of(kind) {
            Some(votes) if votes.ones > votes.milli && votes.ones > votes.tenths => 1.0,
            Some(votes) => votes.fraction().unwrap_or(MILLI),
            None => MILLI,
        }
    }

    /// The factor to °C of a zone that shows `raw`: its own proposal, or its family's where its own is in doubt.
    pub(crate) fn scale(&self, kind: &str, raw: i64) -> f64 {
        let own = proposed_scale(Ok(raw));
        let Some(theirs) = self.votes_of(kind).and_then(Votes::fraction) else { return own };
        // Less than 0.15 °C is no better reading of a number in whole degrees.
        let in_doubt =
            if own < TENTH { raw.unsigned_abs() <= MOST_IN_TENTHS } else { theirs > MILLI || own < 1.0 };
        let none = Err(Reason::Sentinel);
        if !in_doubt || rule::apply(rule::TEMPERATURE, raw, own) == none {
            return own;
        }
        let value = rule::apply(rule::TEMPERATURE, raw, theirs);
        if value.is_ok() || value == none { theirs } else { own }
    }

    fn votes_of(&self, kind: &str) -> Option<&Votes<'a>> {
        stem(kind).and_then(|stem| self.votes.iter().rfind(|votes| votes.stem == stem))
    }
}

impl Votes<'_> {
    /// The part of a degree in which most of the family count.
    fn fraction(&self) -> Option<f64> {
        if self.tenths > self.milli && self.tenths > self.ones {
            Some(TENTH)
        } else if self.milli > self.tenths && self.milli > self.ones {
            Some(MILLI)
        } else {
            None
        }
    }
}

/// The name of the family: a type without the number at its end.
fn stem(kind: &str) -> Option<&str> {
    let stem = kind.trim_end_matches(|letter: char| letter.is_ascii_digit());
    (!stem.is_empty() && stem.len() < kind.len()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(numbers: &[i64]) -> Families<'static> {
        const NAMES: [&str; 5] = ["tsens0", "tsens1", "tsens2", "tsens3", "tsens4"];
        let mut families = Families::default();
        for (name, number) in NAMES.into_iter().zip(numbers) {
            families.note(name, Ok(*number));
        }
        families
    }

    fn assert_scale(families: &Families<'_>, raw: i64, scale: f64) {
        assert!((families.scale("tsens9", raw) - scale).abs() < f64::EPSILON, "{raw}");
    }

    #[test]
    fn a_family_of_tenths() {
        let families = family(&[309, 322, 98, 1004, -400]);
        for raw in [98, 309, 1004, 7] {
            assert_scale(&families, raw, TENTH);
        }
        assert_scale(&families, 45_000, MILLI);
        // -40 °C in tenths, and in whole degrees: no value either way.
        assert_scale(&families, -400, TENTH);
        assert_scale(&families, -40, 1.0);
    }

    #[test]
    fn a_zone_that_sleeps_has_the_unit_of_its_family() {
        for (numbers, scale) in [
            (&[309, 322][..], TENTH),
            (&[31_000, 32_000], MILLI),
            (&[31, 32], 1.0),
            (&[309, 31], MILLI),
            (&[], MILLI),
        ] {
            let found = family(numbers).scale_unread("tsens9");
            assert!((found - scale).abs() < f64::EPSILON, "{numbers:?}");
        }
    }

    #[test]
    fn a_family_of_thousandths() {
        let families = family(&[31_000, 32_000, 900]);
        assert_scale(&families, 900, MILLI);
        assert_scale(&families, 30_500, MILLI);
        assert_scale(&families, 31, 1.0);
    }

    #[test]
    fn a_family_that_is_not_of_one_mind() {
        let families = family(&[309, 31]);
        assert_scale(&families, 98, 1.0);
        assert_scale(&families, 309, TENTH);
        assert_scale(&families, 1004, MILLI);
    }

    #[test]
    fn zones_without_a_number_have_no_family() {
        let mut families = Families::default();
        families.note("battery", Ok(309));
        assert!((families.scale("battery", 98) - 1.0).abs() < f64::EPSILON);
        assert_eq!(stem("123"), None);
    }
}
