//! Lists and lists of tables.

use toml::de::{DeArray, DeValue};

use super::Checker;
use crate::node::{At, Node, Table, Value};
use crate::problem::{Problem, quote};
use crate::report::Report;
use crate::shape::{Section, Shape};

impl Checker<'_> {
    pub(super) fn list(
        &mut self,
        item: &Shape,
        most: usize,
        key: &str,
        found: &DeArray<'_>,
        at: At,
    ) -> Option<Vec<Node>> {
        if found.len() > most {
            self.too_many(found.len(), most, at);
            return None;
        }
        let mut items: Vec<Node> = Vec::new();
        let mut whole = true;
        for value in found {
            let Some(node) = self.value(item, key, value) else {
                whole = false;
                continue;
            };
            if is_name(item)
                && let Some(first) = items.iter().find(|other| other.show() == node.show())
            {
                let problem = Problem::ListedTwice { key: key.to_owned(), found: quote(&node.show()) };
                let report = Report::at(problem, self.place(value), "listed again");
                let report = match first.at {
                    Some(first) => report.and(first, "listed first here"),
                    None => report,
                };
                self.report(report);
                whole = false;
            }
            items.push(node);
        }
        whole.then_some(items)
    }

    /// `[[device]]`: a list of tables.
    pub(super) fn elements(
        &mut self,
        section: fn() -> Section,
        most: usize,
        key: &str,
        found: &DeArray<'_>,
        at: At,
    ) -> Vec<Node> {
        if found.len() > most {
            self.too_many(found.len(), most, at);
            return Vec::new();
        }
        let section = section();
        let mut elements = Vec::new();
        for value in found {
            let at = self.place(value);
            let DeValue::Table(table) = value.get_ref() else {
                self.wrong_type("a list of tables", key, value.get_ref(), at);
                continue;
            };
            let place = element_name(&section, table);
            let checked: Table = self.table(&section, &place, table, at, true);
            elements.push(Node { value: Value::Table(checked), at: Some(at) });
        }
        elements
    }

    fn too_many(&mut self, found: usize, limit: usize, at: At) {
        let problem = Problem::TooMany { what: "items", found, limit };
        self.report(Report::at(problem, at, "all of these"));
    }
}

/// The kind with the id where the element has one, else the kind alone.
fn element_name(section: &Section, table: &toml::de::DeTable<'_>) -> String {
    let id = table.iter().find(|(name, _)| name.get_ref() == "id").and_then(|(_, id)| id.get_ref().as_str());
    let kind = section.name.trim_start_matches("a ");
    id.map_or_else(|| section.name.to_owned(), |id| format!("{kind} {}", quote(id)))
}

/// Whether the items of a list are names, which it makes no sense to give twice.
fn is_name(item: &Shape) -> bool {
    matches!(item, Shape::Reference(_) | Shape::Gate | Shape::Word(_) | Shape::Glob | Shape::Path)
}
