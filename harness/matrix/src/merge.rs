//! Several files become one matrix: ids are joined, lists of tables are appended, nothing is overwritten.

use crate::node::{Entry, Table, Value};
use crate::problem::Problem;
use crate::report::Report;
use crate::shape::{Section, Shape};

/// Adds what a further file says.
pub(crate) fn merge(section: &Section, into: &mut Table, from: Table, reports: &mut Vec<Report>) {
    if into.entries.is_empty() {
        into.at = from.at;
    }
    into.refused.extend(from.refused);
    for entry in from.entries {
        let per_file = matches!(entry.name.as_str(), "schema" | "include");
        match into.entries.iter_mut().find(|known| known.name == entry.name) {
            None => into.entries.push(entry),
            Some(_) if per_file => {}
            Some(known) => join(section, known, entry, reports),
        }
    }
}

fn join(section: &Section, known: &mut Entry, further: Entry, reports: &mut Vec<Report>) {
    let shape = section.key(&further.name).map(|key| &key.shape);
    match (shape, &mut known.node.value, further.node.value) {
        (Some(Shape::Table(inner) | Shape::Part(inner)), Value::Table(into), Value::Table(from)) => {
            merge(&inner(), into, from, reports);
        }
        // Ids that are defined twice are found among the names, with both places.
        (Some(Shape::Definitions(..)), Value::Table(into), Value::Table(from)) => {
            for entry in from.entries {
                if into.entry(&entry.name).is_none() {
                    into.entries.push(entry);
                }
            }
        }
        (Some(Shape::Elements(..)), Value::List(into), Value::List(from)) => into.extend(from),
        _ => {
            let problem = Problem::SetTwice { key: further.name };
            reports.push(
                Report::at(problem, further.key_at, "set again here").and(known.key_at, "set first here"),
            );
        }
    }
}
