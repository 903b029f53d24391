//! The neutral format as one JSON object per row. An object without a time describes the session.

use serde_json::Value;

use super::column::{self, Column};
use super::run_facts::{KEYS, RunFacts};
use super::table::Table;
use crate::complaint::Complaint;
use crate::documents::{Documents, Object, wrong};
use crate::format::Format;
use crate::limits::COLUMNS;
use crate::recording::Recording;

/// Whether an object is a row, or describes rows that follow.
pub(crate) fn fits(object: &Object) -> bool {
    is_row(object)
        || KEYS.iter().any(|key| object.contains_key(*key))
        || object.contains_key("edgesoak_import")
}

fn is_row(object: &Object) -> bool {
    object.keys().any(|name| matches!(column::of(name), Some(Column::Time(_))))
}

/// Reads the rows.
pub(crate) fn recording(documents: &mut Documents<'_>) -> Result<Recording, Complaint> {
    let mut facts = RunFacts::default();
    let mut table = None;
    let mut found = None;
    let mut last = 1;
    while let Some((line, object)) = documents.next_object()? {
        last = line;
        let found = found.get_or_insert_with(|| Recording::new(Format::Ndjson, line));
        if !is_row(&object) && table.is_none() {
            for (key, value) in &object {
                if let Some(text) = text(line, key, value)? {
                    facts.take(line, key, &text, found)?;
                }
            }
            continue;
        }
        let table = table.get_or_insert_with(|| Table::new(std::mem::take(&mut facts), found.clone()));
        row(line, &object, table)?;
    }
    let table = table
        .unwrap_or_else(|| Table::new(facts, found.unwrap_or_else(|| Recording::new(Format::Ndjson, last))));
    table.finish(last)
}

fn row(line: u64, object: &Object, table: &mut Table) -> Result<(), Complaint> {
    let mut row = Vec::with_capacity(object.len());
    for (key, value) in object {
        let place = table.column(key).ok_or_else(|| {
            let words = format!("the rows have more than {COLUMNS} names");
            Complaint::new(line, words, "use the same names in every row")
        })?;
        row.push((place, text(line, key, value)?.unwrap_or_else(|| "null".to_owned())));
    }
    let row: Vec<(usize, &str)> = row.iter().map(|(place, text)| (*place, text.as_str())).collect();
    table.row(line, &row)
}

/// A value as the text that a table would hold; `None` for null.
fn text(line: u64, key: &str, value: &Value) -> Result<Option<String>, Complaint> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::Array(_) | Value::Object(_) => Err(wrong(line, key, "a number or a word")),
    }
}
