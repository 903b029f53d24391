//! The bars of a route for one family.

use edgesoak_record::Gate;
use edgesoak_record::plan::Bar;

use crate::effective::lay;
use crate::node::{Table, Value};

/// A route's bars with those of a family laid over them.
pub(super) fn effective(route: &Table, family: &str) -> Option<Table> {
    let bars = route.table("bars")?;
    let own = route.table("bars_for").and_then(|families| families.table(family));
    Some(own.map_or_else(|| bars.clone(), |own| lay(bars, own)))
}

/// Limits in the gates' units, in the order of a report.
pub(super) fn of(bars: &Table) -> Vec<Bar> {
    let limit = |gate: Gate| match bars.get(gate.word())?.value {
        Value::Quantity { amount, .. } => Some(Bar { gate, limit: amount }),
        _ => None,
    };
    Gate::ALL.iter().filter_map(|gate| limit(*gate)).collect()
}
