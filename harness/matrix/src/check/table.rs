//! Tables: known keys, keys that must be there, tables under ids.

use std::borrow::Cow;

use edgesoak_record::Gate;
use edgesoak_record::nearest::{nearest, suggest};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Checker;
use crate::node::{At, Entry, Node, Table, Value};
use crate::problem::{Problem, quote};
use crate::report::{Report, WORTH_HELPING};
use crate::shape::{Kind, Need, Section, Shape};

/// Most tables under one key.
const MOST: usize = 1000;

type Item<'t, 'i> = (&'t Spanned<Cow<'i, str>>, &'t Spanned<DeValue<'i>>);

impl Checker<'_> {
    /// Checks the keys of a table; `place` names it in messages. Incomplete tables may lack any key.
    pub(super) fn table(
        &mut self,
        section: &Section,
        place: &str,
        found: &DeTable<'_>,
        at: At,
        complete: bool,
    ) -> Table {
        let mut table = Table::empty(at);
        for (name, value) in in_file_order(found) {
            let key_at = self.place(name);
            // A part has no id of its own: it would give one id to many.
            let known =
                section.key(name.get_ref()).filter(|key| complete || !matches!(key.shape, Shape::Id(_)));
            let Some(key) = known else {
                self.unknown_key(section, place, name.get_ref(), key_at);
                table.refused.extend(nearest(name.get_ref(), section.keys.iter().map(|key| key.name)));
                continue;
            };
            match self.value(&key.shape, key.name, value) {
                Some(node) => table.entries.push(Entry { name: key.name.to_owned(), key_at, node }),
                None => table.refused.push(key.name),
            }
        }
        if complete {
            self.missing_keys(section, place, &table);
        }
        table
    }

    fn missing_keys(&mut self, section: &Section, place: &str, table: &Table) {
        for key in section.keys.iter().filter(|key| key.need == Need::Required) {
            if table.get(key.name).is_some() || table.was_refused(key.name) {
                continue;
            }
            let problem = Problem::MissingKey { key: key.name.to_owned(), place: place.to_owned() };
            let help = format!("`{}`: {}", key.name, key.about);
            self.report(Report::at(problem, table.at, format!("`{}` is missing here", key.name)).help(help));
        }
    }

    fn unknown_key(&mut self, section: &Section, place: &str, name: &str, at: At) {
        let problem = Problem::UnknownKey { key: bare(name), place: place.to_owned() };
        // Looking for what was meant costs more than the rest of the check.
        let help = (self.reports.len() < WORTH_HELPING).then(|| help_for_key(section, name));
        self.report(Report::at(problem, at, "not a key of this table").maybe_help(help));
    }

    /// `[family.x]`: every key is the id of what its table defines.
    pub(super) fn definitions(
        &mut self,
        kind: Kind,
        section: fn() -> Section,
        found: &DeTable<'_>,
        at: At,
    ) -> Table {
        self.tables_by_id(kind, found, at, |checker, name, id_at, value, value_at| {
            checker.id(kind.word(), name, id_at);
            checker.names.defined.push((kind, name.to_owned(), id_at));
            let place = format!("{} {}", kind.word(), quote(name));
            checker.table(&section(), &place, value, value_at, true)
        })
    }

    /// `override.x`: every key is the id of something that is defined elsewhere.
    pub(super) fn amendments(
        &mut self,
        kind: Kind,
        section: fn() -> Section,
        found: &DeTable<'_>,
        at: At,
    ) -> Table {
        self.tables_by_id(kind, found, at, |checker, name, id_at, value, value_at| {
            checker.names.used.push((kind, name.to_owned(), id_at));
            let section = section();
            checker.table(&section, section.name, value, value_at, false)
        })
    }

    fn tables_by_id(
        &mut self,
        kind: Kind,
        found: &DeTable<'_>,
        at: At,
        mut check: impl FnMut(&mut Self, &str, At, &DeTable<'_>, At) -> Table,
    ) -> Table {
        let mut table = Table::empty(at);
        if found.len() > MOST {
            let problem = Problem::TooMany { what: "tables", found: found.len(), limit: MOST };
            self.report(Report::at(problem, at, "all of these"));
            return table;
        }
        for (name, value) in in_file_order(found) {
            let key_at = self.place(name);
            let value_at = self.place(value);
            let DeValue::Table(inner) = value.get_ref() else {
                // Its problem is told here: whatever refers to it is right.
                self.names.defined.push((kind, name.get_ref().clone().into_owned(), key_at));
                self.wrong_type(
                    &format!("a table: the {} of this name", kind.word()),
                    name.get_ref(),
                    value.get_ref(),
                    value_at,
                );
                continue;
            };
            let checked = check(self, name.get_ref(), key_at, inner, value_at);
            let node = Node { value: Value::Table(checked), at: Some(value_at) };
            table.entries.push(Entry { name: name.get_ref().clone().into_owned(), key_at, node });
        }
        table
    }
}

/// The parser sorts keys by name; problems and plans follow the file.
fn in_file_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Item<'t, 'i>> {
    let mut items: Vec<Item<'t, 'i>> = table.iter().collect();
    items.sort_by_key(|(name, _)| name.span().start);
    items
}

/// A key for a message, without the backticks that the message adds.
fn bare(name: &str) -> String {
    quote(name).trim_matches('`').to_owned()
}

/// What was probably meant, or where the key belongs.
fn help_for_key(section: &Section, name: &str) -> String {
    if section.key(name).is_some() {
        return format!("every entry has its own `{name}`: it has no default");
    }
    if section.name == "the bars" && Gate::from_word(name).is_some() {
        return format!("`{name}` holds or is broken: it has no limit. A tier lists it in `blocking`");
    }
    let names = || section.keys.iter().map(|key| key.name);
    if nearest(name, names()).is_none() {
        let holder = section.keys.iter().find(|key| match &key.shape {
            Shape::Table(inner) => inner().key(name).is_some(),
            Shape::WordOr(_, other) => matches!(&**other, Shape::Table(inner) if inner().key(name).is_some()),
            _ => false,
        });
        if let Some(holder) = holder {
            return format!("`{name}` belongs in `{}`", holder.name);
        }
    }
    suggest(name, names())
}
