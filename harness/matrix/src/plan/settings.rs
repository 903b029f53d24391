//! The effective value of every setting and the line that set it.

use edgesoak_record::plan::Setting;

use crate::node::{Node, Table, Value};
use crate::source::Sources;

/// Every leaf below a table, under dotted keys.
pub(super) fn table(prefix: &str, table: &Table, sources: &Sources, settings: &mut Vec<Setting>) {
    for found in &table.entries {
        entry(&format!("{prefix}.{}", found.name), &found.node, sources, settings);
    }
}

/// One key with everything below it.
pub(super) fn entry(key: &str, node: &Node, sources: &Sources, settings: &mut Vec<Setting>) {
    if let Value::Table(inner) = &node.value {
        table(key, inner, sources, settings);
        return;
    }
    let origin = node.at.map_or_else(|| "default".to_owned(), |at| sources.line(at.file, at.start));
    settings.push(Setting { key: key.to_owned(), value: node.show(), origin });
}
