//! What changed against releases from before the run.

use edgesoak_record::{Gate, GateResult, SessionVerdict};

use super::sources::Pair;
use crate::background::Earlier;
use crate::words::number::fixed;
use crate::words::text::name;

/// The sessions of a release that did what this one did.
pub(super) fn alike<'a>(
    pair: &'a Pair<'_>,
    earlier: &'a Earlier,
) -> impl Iterator<Item = &'a SessionVerdict> {
    let own = pair.verdict;
    earlier
        .sessions
        .iter()
        .filter(move |then| own.is_some_and(|own| (&own.device, &own.route) == (&then.device, &then.route)))
}

/// "−11 % to release-1.4", for each release that has the figure.
pub(super) fn told(pair: &Pair<'_>, result: &GateResult, earlier: &[Earlier]) -> Vec<String> {
    let Some(now) = result.measured.filter(|value| value.is_finite()) else { return Vec::new() };
    let change = |earlier: &Earlier| {
        let then = mean(pair, result.gate, earlier)?;
        let by = if result.unit == "ratio" { now - then } else { now / then - 1.0 };
        let unit = if result.unit == "ratio" { "points" } else { "%" };
        let digits = usize::from(by.abs() < 0.0995);
        let sign = if by > 0.0 { "+" } else { "" };
        by.is_finite()
            .then(|| format!("{sign}{}\u{a0}{unit} to {}", fixed(by * 100.0, digits), name(&earlier.name)))
    };
    earlier.iter().filter_map(change).collect()
}

/// Of all sessions of the release on the device: one alone may have had luck.
fn mean(pair: &Pair<'_>, gate: Gate, earlier: &Earlier) -> Option<f64> {
    let results = alike(pair, earlier).flat_map(|then| &then.gates).filter(|result| result.gate == gate);
    let values: Vec<f64> =
        results.filter_map(|result| result.measured).filter(|value| value.is_finite()).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
