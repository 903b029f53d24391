//! How the made-up gates are made.

use edgesoak_record::Gate;
use edgesoak_record::explanation::{Explanation, Setting};

const SETTINGS: &[Setting] =
    &[Setting::new("made_up_window", 60.0, "s"), Setting::guess("made_up_spread", 0.03, "ratio")];

/// The same of every gate.
#[expect(clippy::unnecessary_wraps, reason = "what a page asks for")]
pub fn explain(gate: Gate) -> Option<Explanation> {
    Some(Explanation {
        gate: gate.word(),
        meaning: gate.meaning(),
        unit: gate.unit(),
        formula: "A made-up figure, from made-up tokens & readings.",
        decides: "Pass where the bound keeps the bar, fail where the other one breaks it, else not proven.",
        doubts: "A doubt about the session takes its pass away.",
        settings: SETTINGS,
        source: "Invented for this example.",
    })
}
