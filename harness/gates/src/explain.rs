//! What a gate means, for a person who doubts it: formula, settings with their defaults, and where it comes from.

pub use edgesoak_record::explanation::{Explanation, Setting};
use edgesoak_record::gate::Gate;

use crate::attribution;
use crate::promise::{self, Kind, evidence_grade};
use crate::regression;

/// What a promise says of itself.
#[derive(Debug)]
pub struct Explained {
    /// How the figure is made.
    pub formula: &'static str,
    /// What it takes to pass and to fail.
    pub decides: &'static str,
    /// Settings that it rests on.
    pub settings: &'static [Setting],
    /// Where its bounds, or the figure itself, come from.
    pub source: &'static str,
}

/// Explains a gate; `None` for one that this version cannot judge.
#[must_use]
pub fn explain(gate: Gate) -> Option<Explanation> {
    let promise = promise::of(gate);
    let explained = match promise {
        Some(promise) => promise.explained,
        // Judged over runs, and not in one of them.
        None if gate == Gate::Regression => &regression::EXPLAINED,
        None => return None,
    };
    let Explained { formula, decides, settings, source } = *explained;
    let doubts = match promise.map_or(Kind::Measured, |promise| promise.kind) {
        Kind::Integrity => "It holds whatever else is wrong with the session.",
        Kind::Validity => {
            "It says whether the session is evidence: where it does not pass, the figures of the session lose theirs."
        }
        Kind::Answers => "It rests on what was answered: doubts about times leave it alone.",
        Kind::Measured if evidence_grade::is_claim(gate) => evidence_grade::EXPLAINED,
        Kind::Measured => {
            "A session that is no good evidence takes its pass away, or both pass and fail; the sentence says why."
        }
    };
    let (meaning, unit) = (gate.meaning(), gate.unit());
    Some(Explanation { gate: gate.word(), meaning, unit, formula, decides, doubts, settings, source })
}

/// Explains why a session slowed down, which is no gate.
#[must_use]
pub fn explain_slowdown() -> Explanation {
    let Explained { formula, decides, settings, source } = attribution::EXPLAINED;
    Explanation {
        gate: "slowdown",
        meaning: "Why a speed was lost within a soak, or between two candidates.",
        unit: "",
        formula,
        decides,
        doubts: "It is never a gate: it says where to look.",
        settings,
        source,
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::gate::Gate;

    use super::{explain, explain_slowdown};
    use crate::promise;

    #[test]
    fn every_gate_that_is_judged_is_explained_in_sentences() {
        let judged = |gate: Gate| promise::of(gate).is_some() || gate == Gate::Regression;
        let gates = Gate::ALL.iter().filter(|gate| judged(**gate));
        let gates = gates.map(|gate| explain(*gate).expect("it is judged"));
        for explained in gates.chain([explain_slowdown()]) {
            let gate = explained.gate;
            for text in [explained.meaning, explained.formula, explained.decides, explained.source] {
                assert!(text.ends_with('.') && text.len() > 8, "{gate}: {text}");
            }
            for setting in explained.settings {
                assert!(setting.default.is_finite() && setting.default > 0.0, "{gate}: {}", setting.name);
            }
        }
    }

    #[test]
    fn a_setting_has_one_value_wherever_it_is_named() {
        let all: Vec<_> = Gate::ALL
            .iter()
            .filter_map(|gate| explain(*gate))
            .chain([explain_slowdown()])
            .flat_map(|it| it.settings)
            .collect();
        for one in &all {
            assert!(all.iter().all(|other| other.name != one.name || other == one), "{}", one.name);
        }
        assert!(all.len() > 30, "{}", all.len());
    }
}
