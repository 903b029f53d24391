//! Effective values: layers over one another, defaults below them all.

use toml::de::DeTable;

use crate::check::{Checker, Names};
use crate::node::{At, Entry, Node, Table, Value};
use crate::shape::{Need, Section, Shape};

/// `over` laid over `base`: tables are joined key by key, everything else is replaced.
pub(crate) fn lay(base: &Table, over: &Table) -> Table {
    let mut joined = Table { at: over.at, entries: base.entries.clone(), refused: Vec::new() };
    for entry in &over.entries {
        match joined.entries.iter_mut().find(|known| known.name == entry.name) {
            None => joined.entries.push(entry.clone()),
            Some(known) => {
                let value = match (&known.node.value, &entry.node.value) {
                    (Value::Table(below), Value::Table(above)) => Value::Table(lay(below, above)),
                    (_, above) => above.clone(),
                };
                *known = Entry { node: Node { value, at: entry.node.at }, ..entry.clone() };
            }
        }
    }
    joined
}

/// Puts the language's defaults where a key is absent, in the order of the language.
pub(crate) fn fill(section: &Section, table: &Table) -> Table {
    let entries = section.keys.iter().filter_map(|key| {
        let mut entry = table.entry(key.name).cloned().or_else(|| {
            let Need::Default(literal) = key.need else { return None };
            let node = default(&key.shape, key.name, literal)?;
            Some(Entry { name: key.name.to_owned(), key_at: table.at, node })
        })?;
        if let (Some(inner), Value::Table(found)) = (inner_table(&key.shape), &entry.node.value) {
            entry.node.value = Value::Table(fill(&inner, found));
        }
        Some(entry)
    });
    Table { at: table.at, entries: entries.collect(), refused: Vec::new() }
}

fn inner_table(shape: &Shape) -> Option<Section> {
    match shape {
        Shape::Table(section) => Some(section()),
        Shape::WordOr(_, other) => inner_table(other),
        _ => None,
    }
}

/// Defaults are read by the same checker as files: a default that the language refuses does not exist.
fn default(shape: &Shape, key: &'static str, literal: &str) -> Option<Node> {
    let text = format!("{key} = {literal}");
    let document = DeTable::parse(&text).ok()?;
    let (mut names, mut reports) = (Names::default(), Vec::new());
    let section =
        Section { name: "a default", about: "", keys: vec![crate::shape::optional(key, shape.clone(), "")] };
    let table =
        Checker { file: 0, names: &mut names, reports: &mut reports }.document(&section, document.get_ref());
    let node = table.get(key).cloned()?;
    reports.is_empty().then(|| without_place(node))
}

fn without_place(mut node: Node) -> Node {
    node.at = None;
    if let Value::List(items) = node.value {
        node.value = Value::List(items.into_iter().map(without_place).collect());
    }
    node
}

/// A table that stands nowhere, to be filled with defaults.
pub(crate) fn nowhere() -> Table {
    Table::empty(At { file: 0, start: 0, end: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::file;

    /// Every default of every table that can be reached from a file.
    fn check_defaults(section: &Section) {
        for key in &section.keys {
            if let Need::Default(literal) = key.need {
                assert!(
                    default(&key.shape, key.name, literal).is_some(),
                    "{} {} = {literal}",
                    section.name,
                    key.name
                );
            }
            match &key.shape {
                Shape::Table(inner) | Shape::Part(inner) | Shape::Definitions(_, inner) => {
                    check_defaults(&inner());
                }
                Shape::Amendments(_, inner) | Shape::Elements(inner, _) => check_defaults(&inner()),
                other => inner_table(other).iter().for_each(check_defaults),
            }
        }
    }

    #[test]
    fn the_language_accepts_its_own_defaults() {
        check_defaults(&file::section());
        check_defaults(&crate::language::lab::section());
    }
}
