//! What a gate means, for a person who doubts it, as plain data: the texts are those of whoever judges.

use serde::Serialize;

use crate::gate::Gate;

/// A value of the measurement that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its default.
    pub default: f64,
    /// Unit of the default; empty for counts and factors.
    pub unit: &'static str,
    /// A guess, until runs of one candidate against itself have calibrated it.
    pub is_guess: bool,
}

impl Setting {
    /// A value that was measured or chosen.
    #[must_use]
    pub const fn new(name: &'static str, default: f64, unit: &'static str) -> Self {
        Self { name, default, unit, is_guess: false }
    }

    /// A value that is a guess.
    #[must_use]
    pub const fn guess(name: &'static str, default: f64, unit: &'static str) -> Self {
        Self { name, default, unit, is_guess: true }
    }

    /// Name, default with its unit, and whether that is a guess.
    #[must_use]
    pub fn title(&self) -> String {
        let Self { name, default, unit, is_guess } = self;
        let value = if unit.is_empty() || *unit == "ratio" {
            default.to_string()
        } else {
            format!("{default} {unit}")
        };
        let mark = if *is_guess {
            ", a guess until runs of one candidate against itself have measured it"
        } else {
            ""
        };
        format!("{name} = {value}{mark}")
    }
}

/// A gate, explained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The gate's word, or `slowdown`.
    pub gate: &'static str,
    /// What it promises, one sentence.
    pub meaning: &'static str,
    /// Unit of its figures; empty where it has none.
    pub unit: &'static str,
    /// How the figure is made.
    pub formula: &'static str,
    /// What it takes to pass and to fail.
    pub decides: &'static str,
    /// What a doubt about a session does to it.
    pub doubts: &'static str,
    /// Settings that it rests on.
    pub settings: &'static [Setting],
    /// Where its bounds, or the figure itself, come from.
    pub source: &'static str,
}

/// Who explains a gate; `None` for one that nobody judges.
pub type Explain = fn(Gate) -> Option<Explanation>;
