//! Energy counters of power rails, gathered before they are told: a rail that appears twice has no value, so that
//! nobody adds it up blindly.

use edgesoak_protocol::{Reading, Reason};

use super::{Capture, Fact, Measure};
use crate::label;

/// More rails than any device has.
const MAX_RAILS: usize = 512;

pub(super) struct Rail<'a> {
    pub(super) name: &'a str,
    pub(super) raw: &'a str,
    /// Since boot, mJ.
    pub(super) total: Reading<f64>,
    /// Since the previous dump: its text and mJ.
    pub(super) delta: Option<(&'a str, Reading<f64>)>,
}

#[derive(Default)]
pub(super) struct Rails<'a>(Vec<Rail<'a>>);

impl<'a> Rails<'a> {
    /// Adds a rail; beyond the bound it is left out.
    pub(super) fn push(&mut self, rail: Rail<'a>) {
        if self.0.len() < MAX_RAILS {
            self.0.push(rail);
        }
    }

    /// Readings `rail/<name>` of all rails, or `rail/any` with `missing` where there is none.
    pub(super) fn note(&self, missing: Reason, capture: &mut Capture) {
        if self.0.is_empty() {
            capture.read("rail/any", "any", Measure::MilliJoule, "", Err(missing));
        }
        if self.0.len() == MAX_RAILS {
            capture.fact("truncated", Fact::Flag(true));
        }
        let mut duplicates = 0;
        for rail in &self.0 {
            let twice = self.0.iter().filter(|other| other.name.eq_ignore_ascii_case(rail.name)).count() > 1;
            duplicates += i64::from(twice);
            let unless = |value: Reading<f64>| if twice { Err(Reason::Parse) } else { value };
            let channel = ["rail/", &label::plain(rail.name).to_ascii_lowercase()].concat();
            capture.read(&channel, rail.name, Measure::MilliJoule, rail.raw, unless(rail.total));
            if let Some((raw, value)) = rail.delta {
                let channel = [&channel, "/delta"].concat();
                capture.read(&channel, rail.name, Measure::MilliJoule, raw, unless(value));
            }
        }
        if duplicates > 0 {
            capture.fact("duplicate_rails", Fact::Number(duplicates));
        }
    }
}
