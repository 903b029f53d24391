//! `memory_prediction`: the runtime's largest resident set against what was predicted before anything was pushed.

use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::{GateResult, Outcome};

use crate::case::Case;
use crate::defaults::MEMORY_PREDICTION_MARGIN;
use crate::explain::{Explained, Setting};
use crate::figures::with_unit;
use crate::outcome::{Finding, judged};
use crate::promise::memory_growth::MIB;
use crate::promise::memory_peak;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Predicted: weights as they lie in the artifact, once more where the processor wants them in another order; KV cache, which is the sum over layers of KV heads x (key + value length), x tokens of context in steps of 256, x 2 bytes; compute buffers of min(512, context) x (36 x embedding + 5 x feed-forward + 4 x context) bytes + 1.5 MiB; 8 MiB of program and 352 bytes per token of the vocabulary. Measured: as `memory_peak`.",
    decides: "More than predicted, by over the margin, fails: a budget was trusted on a wrong figure. A bar only tightens: the smaller of the two is the limit. A session without a prediction is not judged, and is not proven where the tier lists the gate or the route bars it; `edgesoak plan` says why there is none.",
    settings: &[Setting::new("memory_prediction_margin", MEMORY_PREDICTION_MARGIN, "ratio")],
    source: "The header of the GGUF artifact; compute buffers and runtime were fitted to measurements of five models, see benchmarks in the docs.",
};

/// Whether something was predicted for the session.
#[must_use]
pub fn is_predicted(case: &Case) -> bool {
    case.run.plan.memory_of(&case.record.planned).is_some()
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let Some(prediction) = case.run.plan.memory_of(&case.record.planned) else {
        return Finding::not_proven("not_predicted", "Its memory was not predicted");
    };
    let most = prediction.total.0 as f64 / MIB * (1.0 + MEMORY_PREDICTION_MARGIN);
    let limit = case.bar(gate).map_or(most, |bar| bar.min(most));
    judged(gate, Some(limit), memory_peak::measured(case).map(|peak| peak.note(prediction.to_string())))
}

/// What a person should know of a session that passes all the same.
#[must_use]
pub fn warning(gates: &[GateResult]) -> Option<String> {
    let of = |gate: &&GateResult| gate.gate == Gate::MemoryPrediction && gate.outcome == Outcome::Fail;
    let peak = gates.iter().find(of)?.measured?;
    let peak = with_unit(peak, Gate::MemoryPrediction.unit());
    Some(format!("its {peak} of memory are more than was predicted, and a budget was trusted on that"))
}
