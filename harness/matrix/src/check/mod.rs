//! Checks a parsed file against the language and keeps going after every problem.

mod list;
mod scalar;
mod table;
mod text;
pub(crate) use text::relative;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::node::{At, Node, Table, Value};
use crate::problem::Problem;
use crate::report::Report;
use crate::shape::{Kind, Section, Shape};

/// Names that a file defines or uses.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub defined: Vec<(Kind, String, At)>,
    pub used: Vec<(Kind, String, At)>,
    /// Patterns of device ids.
    pub globs: Vec<(String, At)>,
}

/// Checks one file.
pub(crate) struct Checker<'a> {
    pub file: usize,
    pub names: &'a mut Names,
    pub reports: &'a mut Vec<Report>,
}

impl Checker<'_> {
    /// Checks a whole file against its section.
    pub fn document(&mut self, section: &Section, table: &DeTable<'_>) -> Table {
        let at = At { file: self.file, start: 0, end: 0 };
        self.table(section, section.name, table, at, true)
    }

    fn at(&self, span: std::ops::Range<usize>) -> At {
        At { file: self.file, start: span.start, end: span.end.max(span.start) }
    }

    fn place<T>(&self, spanned: &Spanned<T>) -> At {
        self.at(spanned.span())
    }

    fn report(&mut self, report: Report) {
        self.reports.push(report);
    }

    /// Checks a value. `None` means that its problem was reported.
    fn value(&mut self, shape: &Shape, key: &str, found: &Spanned<DeValue<'_>>) -> Option<Node> {
        let at = self.place(found);
        let value = match (shape, found.get_ref()) {
            (Shape::List(item, most), DeValue::Array(items)) => {
                Value::List(self.list(item, *most, key, items, at)?)
            }
            (Shape::Elements(section, most), DeValue::Array(items)) => {
                Value::List(self.elements(*section, *most, key, items, at))
            }
            (Shape::Table(section) | Shape::Part(section), DeValue::Table(table)) => {
                let complete = matches!(shape, Shape::Table(_));
                let section = section();
                Value::Table(self.table(&section, section.name, table, at, complete))
            }
            (Shape::Definitions(kind, section), DeValue::Table(table)) => {
                Value::Table(self.definitions(*kind, *section, table, at))
            }
            (Shape::Amendments(kind, section), DeValue::Table(table)) => {
                Value::Table(self.amendments(*kind, *section, table, at))
            }
            (Shape::WordOr(words, other), found_value) => {
                if let DeValue::String(word) = found_value
                    && words.contains(&word.as_ref())
                {
                    Value::Text(word.clone().into_owned())
                } else {
                    return self.other_than_word(words, other, key, found);
                }
            }
            _ => self.scalar(shape, key, found.get_ref(), at)?,
        };
        Some(Node { value, at: Some(at) })
    }

    /// The second half of a `WordOr`: a near miss of the word must not be taken for a name.
    fn other_than_word(
        &mut self,
        words: &'static [&'static str],
        other: &Shape,
        key: &str,
        found: &Spanned<DeValue<'_>>,
    ) -> Option<Node> {
        if matches!(other, Shape::Table(_)) && !found.get_ref().is_table() {
            let at = self.place(found);
            if let DeValue::String(word) = found.get_ref() {
                self.unknown_word(words, key, word, at);
            } else {
                self.wrong_type(&format!("{} or a table", words_of(words)), key, found.get_ref(), at);
            }
            return None;
        }
        self.value(other, key, found)
    }

    fn wrong_type(&mut self, expected: &str, key: &str, found: &DeValue<'_>, at: At) {
        let found = type_of(found);
        let problem = Problem::WrongType {
            key: key.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        };
        self.report(Report::at(problem, at, format!("this is {found}")));
    }
}

/// `"a", "b"`: words as they are written.
fn words_of(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    words.join(", ")
}

fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
