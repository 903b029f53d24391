//! How far every figure is from its bar, as a part of the bar.

use edgesoak_record::{Direction, Gate, GateResult};

use super::matrix::FIGURES;
use super::sources::Pair;
use crate::words::gate::{Mood, name as gate_name};
use crate::words::number::fixed;
use crate::words::text::sentence;

/// Most gates that have a column.
const MOST_GATES: usize = 12;
/// Distances at which a shade becomes darker, parts of the bar.
const STEPS: [f64; 2] = [0.05, 0.2];

/// Devices by gates with a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Margins {
    pub columns: Vec<&'static str>,
    pub rows: Vec<MarginRow>,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarginRow {
    pub section: usize,
    pub device: String,
    pub is_virtual: bool,
    pub cells: Vec<Option<Margin>>,
}

/// The distance of a figure from its bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Margin {
    pub mood: Mood,
    /// "+19 %": more is better.
    pub text: String,
    /// How dark it is shaded: 1 near the bar to 3.
    pub shade: usize,
    pub sentence: String,
}

impl Margins {
    /// `None` where nothing has a bar and a figure.
    pub fn of(pairs: &[Pair<'_>]) -> Option<Self> {
        let has = |gate: &Gate| pairs.iter().any(|pair| pair.gate(*gate).and_then(share).is_some());
        let gates: Vec<Gate> = FIGURES.iter().copied().filter(has).take(MOST_GATES).collect();
        let rows = pairs.iter().enumerate().map(|(section, pair)| MarginRow {
            section,
            device: pair.device(),
            is_virtual: pair.is_virtual(),
            cells: gates.iter().map(|gate| pair.gate(*gate).and_then(Margin::of)).collect(),
        });
        let columns = gates.iter().map(|gate| gate_name(*gate)).collect();
        (!gates.is_empty()).then(|| Self { columns, rows: rows.collect() })
    }
}

impl Margin {
    fn of(result: &GateResult) -> Option<Self> {
        let share = share(result)?;
        let sign = if share > 0.0 { "+" } else { "" };
        Some(Self {
            mood: result.outcome.into(),
            text: format!("{sign}{}\u{a0}%", fixed(share * 100.0, usize::from(share.abs() < 0.0995))),
            shade: 1 + STEPS.iter().filter(|step| share.abs() >= **step).count(),
            sentence: sentence(&result.sentence),
        })
    }
}

/// The distance to the good side of the bar, as a part of the bar; none from a bar of 0.
pub(super) fn share(result: &GateResult) -> Option<f64> {
    let (measured, limit) = (result.measured?, result.limit?);
    let share = (measured - limit) / limit.abs();
    let share = match result.gate.direction() {
        Direction::AtLeast => share,
        Direction::AtMost => -share,
        Direction::Holds => return None,
    };
    share.is_finite().then_some(share)
}
