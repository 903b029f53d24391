//! The bars of a route for one family and one candidate.

use edgesoak_record::plan::Bar;
use edgesoak_record::{Direction, Gate};

use crate::effective::lay;
use crate::node::{Entry, Table};

/// A route's bars with those of a family laid over them.
pub(super) fn effective(route: &Table, family: &str) -> Option<Table> {
    let bars = route.table("bars")?;
    let own = route.table("bars_for").and_then(|families| families.table(family));
    Some(own.map_or_else(|| bars.clone(), |own| lay(bars, own)))
}

/// Bars with those that every export owes, where these are stricter.
pub(super) fn of_export(bars: &Table, owed: &Table) -> Table {
    let is_stricter = |entry: &Entry| {
        let limits = owed.amount(&entry.name).zip(bars.amount(&entry.name));
        match (limits, Gate::from_word(&entry.name).map(Gate::direction)) {
            (Some((owed, bar)), Some(Direction::AtMost)) => owed < bar,
            (Some((owed, bar)), Some(Direction::AtLeast)) => owed > bar,
            _ => true,
        }
    };
    let stricter = owed.entries.iter().filter(|entry| is_stricter(entry));
    lay(bars, &Table { entries: stricter.cloned().collect(), ..Table::empty(owed.at) })
}

/// Limits in the gates' units, in the order of a report.
pub(super) fn of(bars: &Table) -> Vec<Bar> {
    let limit = |gate: Gate| Some(Bar { gate, limit: bars.amount(gate.word())? });
    Gate::ALL.iter().filter_map(|gate| limit(*gate)).collect()
}
