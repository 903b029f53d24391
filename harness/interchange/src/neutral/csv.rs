//! The neutral format as comma-separated values.

use super::column;
use super::run_facts::{KEYS, RunFacts};
use super::table::Table;
use crate::complaint::Complaint;
use crate::csv_line::fields;
use crate::format::Format;
use crate::limits::COLUMNS;
use crate::lines::Lines;
use crate::recording::Recording;

/// Whether a table has a column with a time.
pub(crate) fn fits(header: &[String]) -> bool {
    header.iter().any(|name| matches!(column::of(name), Some(column::Column::Time(_))))
}

/// Reads the table; its header was read already, with the comments before it.
pub(crate) fn recording(
    comments: &[(u64, String)],
    line: u64,
    header: &[String],
    lines: &mut Lines<'_>,
) -> Result<Recording, Complaint> {
    let mut found = Recording::new(Format::Csv, line);
    let mut facts = RunFacts::default();
    for (line, comment) in comments {
        if let Some((key, value)) = said(comment) {
            facts.take(*line, key, value, &mut found)?;
        }
    }
    let mut table = Table::new(facts, found);
    for (place, name) in header.iter().enumerate() {
        if table.column(name) != Some(place) {
            let words = format!(
                "the column `{}` stands twice, or there are more than {COLUMNS}",
                crate::complaint::shown(name)
            );
            return Err(Complaint::new(line, words, "give every column a name of its own"));
        }
    }
    while let Some((line, text)) = lines.next_line()? {
        if let Some(comment) = text.trim_start().strip_prefix('#') {
            if let Some((key, _)) = said(comment).filter(|(key, _)| KEYS.contains(key)) {
                let words = format!("`{key}` stands below the header");
                return Err(Complaint::new(line, words, "put it before the header, on a line of its own"));
            }
            continue;
        }
        let row = fields(line, &text)?;
        if row.len() != header.len() {
            let words = format!("the row has {} fields, and the header {}", row.len(), header.len());
            return Err(Complaint::new(
                line,
                words,
                "write a field for every column, empty where there is nothing",
            ));
        }
        let row: Vec<(usize, &str)> = row.iter().map(String::as_str).enumerate().collect();
        table.row(line, &row)?;
    }
    table.finish(lines.number())
}

/// What a comment says of the session, as key and value.
fn said(comment: &str) -> Option<(&str, &str)> {
    let (key, value) = comment.split_once([',', ':'])?;
    Some((key.trim(), value.trim()))
}
