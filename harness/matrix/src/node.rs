//! What a checked file holds: values that know where they stand.

use edgesoak_record::Gate;
use edgesoak_record::plan::Threads;

/// A range of bytes in one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At {
    /// Index of the file in [`crate::source::Sources`].
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// A checked value.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// The value.
    pub value: Value,
    /// Where it was written; `None` for a default of the language.
    pub at: Option<At>,
}

/// What a value is, after its shape was checked.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Integer(u64),
    Bool(bool),
    /// In the base unit of its dimension, and as it was written.
    Quantity {
        amount: f64,
        text: String,
    },
    Gate(Gate),
    Threads(Threads),
    List(Vec<Node>),
    Table(Table),
}

/// A checked table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// Its header, or its own key.
    pub at: At,
    /// In the order of the file.
    pub entries: Vec<Entry>,
    /// Keys that are there, but with a problem that was reported: they are not missing.
    pub refused: Vec<&'static str>,
}

/// One key of a table.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub name: String,
    pub key_at: At,
    pub node: Node,
}

impl Node {
    /// The value as text with its unit, for people.
    pub fn show(&self) -> String {
        match &self.value {
            Value::Text(text) | Value::Quantity { text, .. } => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Gate(gate) => gate.word().to_owned(),
            Value::Threads(threads) => show_threads(*threads),
            Value::List(items) => {
                let items: Vec<_> = items.iter().map(Node::show).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Table(table) => {
                let keys: Vec<_> =
                    table.entries.iter().map(|e| format!("{} = {}", e.name, e.node.show())).collect();
                format!("{{ {} }}", keys.join(", "))
            }
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
}

fn show_threads(threads: Threads) -> String {
    match threads {
        Threads::CoresLess(0) => "cores".to_owned(),
        Threads::CoresLess(n) => format!("cores-{n}"),
        Threads::Exactly(n) => n.to_string(),
    }
}

impl Table {
    pub fn empty(at: At) -> Self {
        Table { at, entries: Vec::new(), refused: Vec::new() }
    }

    /// Whether the key was there and had a problem of its own.
    pub fn was_refused(&self, name: &str) -> bool {
        self.refused.contains(&name)
    }

    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|entry| &entry.node)
    }

    pub fn table(&self, name: &str) -> Option<&Table> {
        self.get(name)?.as_table()
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.get(name)?.value {
            Value::Bool(yes) => Some(yes),
            _ => None,
        }
    }

    /// A bounded whole number; every bound of the language fits.
    pub fn integer(&self, name: &str) -> Option<u32> {
        match self.get(name)?.value {
            Value::Integer(number) => u32::try_from(number).ok(),
            _ => None,
        }
    }

    /// The amount in the base unit of the key's dimension.
    pub fn amount(&self, name: &str) -> Option<f64> {
        match self.get(name)?.value {
            Value::Quantity { amount, .. } => Some(amount),
            _ => None,
        }
    }

    /// The items of a list; empty when the key is absent.
    pub fn list(&self, name: &str) -> &[Node] {
        match self.get(name).map(|node| &node.value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The texts of a list; empty when the key is absent.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).iter().filter_map(|node| node.as_text().map(str::to_owned)).collect()
    }

    /// The tables under `name`, each with its key: `[family.x]` as (`x`, ..).
    pub fn children(&self, name: &str) -> impl Iterator<Item = (&str, &Table)> {
        let entries = self.table(name).map_or(&[][..], |table| &table.entries);
        entries.iter().filter_map(|entry| Some((entry.name.as_str(), entry.node.as_table()?)))
    }

    /// The elements of `[[name]]`.
    pub fn elements(&self, name: &str) -> impl Iterator<Item = &Table> {
        self.list(name).iter().filter_map(Node::as_table)
    }
}
