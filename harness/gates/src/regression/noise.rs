//! How far a difference of means may be off: by the scatter of its own runs, and by history where that still holds.

use edgesoak_record::host_entry::BetweenRunSigma;

use crate::case::spread;
use crate::defaults::{HISTORY_HOLDS, LEAST_SIGMA, MOST_DEGREES_OF_FREEDOM};
use crate::outcome::Missing;
use crate::regression::air::Air;
use crate::regression::order::Order;
use crate::statistics::student;

/// One run that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// Natural logarithm of its rate.
    pub y: f64,
    /// The air around it, °C.
    pub ambient: Option<f64>,
}

/// The uncertainty of a difference of means.
#[derive(Debug, Clone, PartialEq)]
pub struct Noise {
    /// Spread between runs.
    pub sigma: f64,
    /// Standard error of the difference.
    pub error: f64,
    /// Degrees of freedom of that error.
    pub freedom: f64,
    /// Where it comes from, one sentence.
    pub origin: String,
}

/// An estimate of a variance.
#[derive(Debug, Clone, Copy)]
struct Variance {
    value: f64,
    freedom: f64,
}

impl Variance {
    fn pooled(self, other: Self) -> Self {
        let freedom = self.freedom + other.freedom;
        Self { value: (self.value * self.freedom + other.value * other.freedom) / freedom, freedom }
    }

    fn sigma(self) -> f64 {
        self.value.sqrt().max(LEAST_SIGMA)
    }
}

/// The uncertainty of the difference between the means of two sides.
pub fn of(
    candidate: &[Run],
    reference: &[Run],
    history: Option<&BetweenRunSigma>,
    order: Order,
    air: &Air,
) -> Result<Noise, Missing> {
    let known = history.filter(|known| spread::counts(known));
    let history = known.map(|known| Variance {
        value: known.sigma * known.sigma,
        freedom: f64::from((known.runs - 1).min(MOST_DEGREES_OF_FREEDOM)),
    });
    let own = own(candidate, reference, air);
    let holds = |history: Variance| own.is_none_or(|own| !exceeds(own, history));
    let n = (candidate.len() as f64, reference.len() as f64);
    let lever = match air {
        Air::Removed { apart, squares, .. } => apart * apart / squares,
        Air::Left(_) => 0.0,
    };
    let scaled = |variance: Variance, parts: f64, origin: String| {
        let sigma = variance.sigma();
        Noise { sigma, error: sigma * (parts + lever).sqrt(), freedom: variance.freedom, origin }
    };
    match (order, history) {
        (Order::Interleaved, Some(history)) if holds(history) => {
            let variance = own.map_or(history, |own| own.pooled(history));
            Ok(scaled(variance, 1.0 / n.0 + 1.0 / n.1, with_history(variance.sigma(), known)))
        }
        (Order::Interleaved, _) => alone(candidate, reference, own, air, history.is_some()),
        (Order::Apart { candidate, reference }, Some(history)) => {
            // Runs of one occasion say nothing of what differs between occasions: the larger of both counts.
            let larger = own
                .filter(|own| own.value > history.value)
                .map_or(history, |own| Variance { value: own.value, freedom: history.freedom });
            let parts = 1.0 / f64::from(candidate) + 1.0 / f64::from(reference);
            let words = format!(
                "{} Candidate and reference were not interleaved, so that runs of one occasion count once.",
                with_history(larger.sigma(), known)
            );
            Ok(scaled(larger, parts, words))
        }
        (Order::Apart { .. }, None) => Err(Missing::new(
            "not_interleaved",
            "Candidate and reference were not interleaved, and no history of this unit says how far days differ",
        )),
    }
}

/// Both sides' scatter around their own means, as one; less what the air explains.
fn own(candidate: &[Run], reference: &[Run], air: &Air) -> Option<Variance> {
    let runs = candidate.len() + reference.len();
    let sum = squares(candidate) + squares(reference);
    let (sum, lost) = match air {
        Air::Removed { slope, squares, .. } => ((sum - slope * slope * squares).max(0.0), 3),
        Air::Left(_) => (sum, 2),
    };
    let freedom = runs.checked_sub(lost).filter(|freedom| *freedom > 0)? as f64;
    Some(Variance { value: sum / freedom, freedom })
}

/// Whether runs scatter far more than history lets expect; then history is of something else.
fn exceeds(own: Variance, history: Variance) -> bool {
    let floor = LEAST_SIGMA * LEAST_SIGMA;
    let ratio = own.value.max(floor) / history.value.max(floor);
    student::variance_ratio_p(ratio, own.freedom, history.freedom).is_some_and(|p| p < HISTORY_HOLDS)
}

/// Without history: Welch (1947), each side with its own spread; one spread where the air was removed.
fn alone(
    candidate: &[Run],
    reference: &[Run],
    own: Option<Variance>,
    air: &Air,
    refuted: bool,
) -> Result<Noise, Missing> {
    let few = || {
        let words = "Without history, a spread needs two runs or more of either side";
        Missing::new("too_few_runs", words)
    };
    let own = own.ok_or_else(few)?;
    let n = (candidate.len() as f64, reference.len() as f64);
    let why = if refuted { ", as they scatter more than history lets expect" } else { "" };
    let sigma = own.sigma();
    let origin = format!("Spread between runs {:.1} %, from these runs alone{why}.", sigma * 100.0);
    if let Air::Removed { apart, squares, .. } = air {
        let error = sigma * (1.0 / n.0 + 1.0 / n.1 + apart * apart / squares).sqrt();
        return Ok(Noise { sigma, error, freedom: own.freedom, origin });
    }
    if candidate.len() < 2 || reference.len() < 2 {
        return Err(few());
    }
    let part = |runs: &[Run], n: f64| (squares(runs) / (n - 1.0)).max(LEAST_SIGMA * LEAST_SIGMA) / n;
    let (a, b) = (part(candidate, n.0), part(reference, n.1));
    let freedom = (a + b) * (a + b) / (a * a / (n.0 - 1.0) + b * b / (n.1 - 1.0));
    Ok(Noise { sigma, error: (a + b).sqrt(), freedom, origin })
}

fn with_history(sigma: f64, known: Option<&BetweenRunSigma>) -> String {
    let runs = known.map_or(0, |known| known.runs);
    format!("Spread between runs {:.1} %, with that of {runs} earlier runs of this unit.", sigma * 100.0)
}

/// Sum of squares around the mean.
fn squares(runs: &[Run]) -> f64 {
    let values: Vec<f64> = runs.iter().map(|run| run.y).collect();
    let centre = mean(&values);
    values.iter().map(|y| (y - centre) * (y - centre)).sum()
}

/// Arithmetic mean; no number where there is none.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
