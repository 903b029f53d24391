//! What a neutral file says of its session as a whole: comments of a table, or an object without a time.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::import::EnergySum;

use crate::complaint::Complaint;
use crate::limits::{SESSION_S, SHORTEST_WINDOW_S};
use crate::number::{count, nanos, parse, within};
use crate::recording::Recording;
use crate::said::{fact, text};

/// What is known of the session before its rows.
#[derive(Debug, Default)]
pub(crate) struct RunFacts {
    /// Length of the windows behind the rates.
    pub(crate) window: Option<Nanos>,
    energy_j: Option<f64>,
    energy_over: Option<Nanos>,
    energy_tokens: Option<u64>,
}

/// Keys that say something that is judged, not only shown.
pub(crate) const KEYS: [&str; 4] = ["rate_window_s", "energy_j", "energy_over_s", "energy_tokens"];

impl RunFacts {
    /// Takes one of them.
    pub(crate) fn take(
        &mut self,
        line: u64,
        key: &str,
        value: &str,
        found: &mut Recording,
    ) -> Result<(), Complaint> {
        let number = |low: f64, high: f64| within(line, key, parse(line, key, value)?, low, high);
        let span = |seconds: f64| Nanos(nanos(seconds).unsigned_abs());
        match key {
            "rate_window_s" => self.window = Some(span(number(SHORTEST_WINDOW_S, SESSION_S)?)),
            "energy_j" => self.energy_j = Some(number(1e-6, 1e8)?),
            "energy_over_s" => self.energy_over = Some(span(number(0.01, SESSION_S)?)),
            "energy_tokens" => self.energy_tokens = Some(count(line, key, number(1.0, 1e12)?, 1 << 40)?),
            "virtual" => found.is_virtual = value == "true",
            "runtime" => found.names.runtime = text(value),
            "model" => found.names.model = text(value),
            "quantisation" => found.names.quantisation = text(value),
            _ => {}
        }
        fact(&mut found.facts, key, value);
        Ok(())
    }

    /// The sum of energy, if there is one.
    pub(crate) fn energy(&self, line: u64) -> Result<Option<EnergySum>, Complaint> {
        let Some(joules) = self.energy_j else { return Ok(None) };
        let microjoules = count(line, "energy_j", (joules * 1e6).round(), 1 << 52)?;
        Ok(Some(EnergySum { microjoules, over: self.energy_over, tokens: self.energy_tokens }))
    }
}
