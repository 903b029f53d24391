//! Promises about what ran and what left the device, device by device.

use edgesoak_record::Gate;

use super::matrix::INTEGRITY;
use super::sources::Pair;
use crate::words::gate::{Mood, name as gate_name};
use crate::words::text::sentence;

/// Devices by promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Integrity {
    pub columns: Vec<&'static str>,
    pub rows: Vec<IntegrityRow>,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IntegrityRow {
    pub section: usize,
    pub device: String,
    pub is_virtual: bool,
    /// Outcome and sentence of each promise; `None` where nobody asked.
    pub cells: Vec<Option<(Mood, String)>>,
}

impl Integrity {
    /// `None` where no promise was looked at.
    pub fn of(pairs: &[Pair<'_>]) -> Option<Self> {
        let asked = |gate: &Gate| pairs.iter().any(|pair| pair.gate(*gate).is_some());
        let gates: Vec<Gate> = INTEGRITY.iter().copied().filter(asked).collect();
        let cell = |pair: &Pair<'_>, gate: Gate| {
            let result = pair.gate(gate)?;
            Some((Mood::from(result.outcome), sentence(&result.sentence)))
        };
        let rows = pairs.iter().enumerate().map(|(section, pair)| IntegrityRow {
            section,
            device: pair.device(),
            is_virtual: pair.is_virtual(),
            cells: gates.iter().map(|gate| cell(pair, *gate)).collect(),
        });
        let columns = gates.iter().map(|gate| gate_name(*gate)).collect();
        (!gates.is_empty()).then(|| Self { columns, rows: rows.collect() })
    }
}
