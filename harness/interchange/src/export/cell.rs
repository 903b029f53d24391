//! What stands in a table: cells, and columns that say what they hold.

use edgesoak_protocol::reading::{Reading, Reason};
use edgesoak_protocol::units::Nanos;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Real,
    Flag,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// As in the database, with the unit at its end.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Symbol of the unit; empty where there is none, or where another column has it.
    pub(crate) unit: &'static str,
}

impl Column {
    pub(crate) const fn text(name: &'static str) -> Self {
        Self { name, kind: Kind::Text, unit: "" }
    }

    pub(crate) const fn flag(name: &'static str) -> Self {
        Self { name, kind: Kind::Flag, unit: "" }
    }

    pub(crate) const fn count(name: &'static str) -> Self {
        Self { name, kind: Kind::Integer, unit: "" }
    }

    pub(crate) const fn nanos(name: &'static str) -> Self {
        Self { name, kind: Kind::Integer, unit: "ns" }
    }

    pub(crate) const fn real(name: &'static str, unit: &'static str) -> Self {
        Self { name, kind: Kind::Real, unit }
    }
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Missing,
    Text(&'a str),
    Integer(i64),
    /// Always finite.
    Real(f64),
    Flag(bool),
}

impl<'a> Cell<'a> {
    /// A value and, for the column behind it, the reason why there is none.
    pub(crate) fn reading(reading: Reading<f64>) -> [Self; 2] {
        match reading {
            Ok(value) if value.is_finite() => [Self::Real(value), Self::Missing],
            // What no double of ours can be.
            Ok(_) => [Self::Missing, Self::Text(Reason::Implausible.word())],
            Err(reason) => [Self::Missing, Self::Text(reason.word())],
        }
    }

    /// A text, if it says anything.
    pub(crate) fn said(text: &'a str) -> Self {
        if text.is_empty() { Self::Missing } else { Self::Text(text) }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Cell<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Cell<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<u32> for Cell<'_> {
    fn from(count: u32) -> Self {
        Self::Integer(i64::from(count))
    }
}

impl From<u64> for Cell<'_> {
    /// Larger numbers than the database can hold never come from it.
    fn from(count: u64) -> Self {
        i64::try_from(count).map_or(Self::Missing, Self::Integer)
    }
}

impl From<Nanos> for Cell<'_> {
    fn from(time: Nanos) -> Self {
        time.0.into()
    }
}

impl From<f64> for Cell<'_> {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Real(value) } else { Self::Missing }
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Missing, Into::into)
    }
}
