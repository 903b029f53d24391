//! `timestamp_agreement`: our token times against the engine's own decode time.

use edgesoak_record::gate::Gate;

use crate::case::{Case, doubt};
use crate::defaults::TIMESTAMP_MARGIN;
use crate::explain::{Explained, Setting};
use crate::measure::soak::Soak;
use crate::outcome::{Estimate, Finding, against, tokens};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Sum of our decode times by the sum of the engine's own, less one, over the prompts for which the engine told one.",
    decides: "Over the margin one of both clocks is wrong: passes and failures are taken away.",
    settings: &[Setting::new("timestamp_margin", TIMESTAMP_MARGIN, "ratio")],
    source: "The engine's own report of each prompt.",
};

/// Both sums over the prompts for which the engine gave a time: (ours, the engine's, prompts).
fn sums(soak: &Soak) -> (f64, f64, u64) {
    soak.prompts.iter().zip(soak.spans.iter()).fold((0.0, 0.0, 0), |(ours, engine, n), (prompt, span)| {
        match prompt.engine_decode {
            Some(time) if time.0 > 0 => {
                (ours + span.last() - span.first(), engine + time.as_secs_f64(), n + 1)
            }
            _ => (ours, engine, n),
        }
    })
}

/// Relative difference of the sums; `None` when the engine gave no times.
pub fn difference(soak: &Soak) -> Option<f64> {
    let (ours, engine, n) = sums(soak);
    Some((ours / engine - 1.0).abs()).filter(|part| n > 0 && part.is_finite())
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = Some(case.bar(gate).unwrap_or(TIMESTAMP_MARGIN));
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    let Some(difference) = difference(soak) else {
        let words = "The engine reported no decode times of its own to compare with";
        return Finding::not_proven("no_engine_times", words).limit(limit);
    };
    let name = "Difference between our token times and the engine's:";
    let estimate = Estimate::exact(name, difference, sums(soak).2).evidence(tokens(0.0, soak.end()));
    doubt::unless_promised(case, gate, against(gate, limit, estimate))
}
