//! What a number of items can show at all, before one is asked.

use edgesoak_record::gate::{Direction, Gate};
use serde::Serialize;

use crate::statistics::wilson;

/// What some items can show about a bar, at 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Showable {
    /// The gate.
    pub gate: Gate,
    /// Its bar, a share.
    pub bar: f64,
    /// Items there are.
    pub n: u64,
    /// Groups that they hang together in; as many as items where each stands alone.
    pub clusters: u64,
    /// Groups there must be, if not one item is wrong; `None` where no number is enough.
    pub needed: Option<u64>,
    /// Most items that may be wrong; `None` where even none is too many.
    pub affordable: Option<u64>,
    /// The best that can be shown: the bound with not one item wrong. `None` without items.
    pub best: Option<f64>,
}

/// What `n` items in so many clusters can show about a share of right answers, or of wrong ones, and its bar.
#[must_use]
pub fn showable(gate: Gate, bar: f64, n: u64, clusters: u64) -> Showable {
    let is_of_wrong = gate.direction() == Direction::AtMost;
    let right = if is_of_wrong { 1.0 - bar } else { bar };
    let best = wilson::bounds(clusters, clusters).map(|(lo, _)| if is_of_wrong { 1.0 - lo } else { lo });
    Showable {
        gate,
        bar,
        n,
        clusters,
        needed: wilson::needed(right, 0),
        affordable: wilson::affordable(right, n, clusters),
        best,
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::gate::Gate;

    use super::showable;

    #[test]
    fn fifty_items_cannot_show_two_per_cent() {
        let told = showable(Gate::FalseAnswers, 0.02, 50, 50);
        assert_eq!((told.needed, told.affordable), (Some(133), None));
        assert!((told.best.expect("items") - 0.051_333).abs() < 1e-6);
        let told = showable(Gate::Quality, 0.92, 300, 300);
        assert_eq!((told.needed, told.affordable), (Some(32), Some(16)));
        assert_eq!(showable(Gate::Quality, 0.92, 0, 0).best, None);
    }

    #[test]
    fn two_hundred_items_of_a_hundred_cases_cannot_either() {
        let told = showable(Gate::FalseAnswers, 0.02, 222, 106);
        assert_eq!((told.needed, told.affordable), (Some(133), None));
        assert_eq!(showable(Gate::FalseAnswers, 0.02, 222, 222).affordable, Some(1));
        assert!(told.best > Some(0.024));
        let grouped = showable(Gate::Quality, 0.92, 698, 301).affordable;
        assert!(grouped.is_some() && grouped < showable(Gate::Quality, 0.92, 698, 698).affordable);
    }
}
