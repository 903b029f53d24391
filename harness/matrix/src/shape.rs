//! The form of the language: tables, their keys and what each key may hold.
//!
//! One description serves the checker, the defaults and the published schema.

use crate::dimension::Dimension;

/// A table of the language.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    /// As it is called in messages: `a workload`.
    pub name: &'static str,
    pub about: &'static str,
    pub keys: Vec<Key>,
}

/// One key of a table.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub name: &'static str,
    pub need: Need,
    pub shape: Shape,
    pub about: &'static str,
}

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
    /// Taken when the key is absent; written as in TOML.
    Default(&'static str),
}

/// Things that have ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Family,
    Device,
    Route,
    Workload,
    Candidate,
    Profile,
    Tier,
    Hook,
    Probe,
    Meter,
}

/// What a value may be.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// Text for people, at most this many characters.
    Text(usize),
    /// A name that this entry defines.
    Id(Kind),
    /// A name that another entry defines.
    Reference(Kind),
    /// A file below the matrix' folder.
    Path,
    /// A plain file name.
    FileName,
    /// SHA-256, 64 lower-case hex digits.
    Digest,
    /// A date.
    Date,
    /// A pattern of device ids with `*` and `?`.
    Glob,
    /// The name of a gate.
    Gate,
    /// `name@version[:slice]`.
    GoldenSet,
    /// `cores`, `cores-N` or a number.
    Threads,
    Bool,
    /// A whole number from .. to.
    Integer(u64, u64),
    /// A quantity between two others, all written with their units.
    Quantity(&'static Dimension, &'static str, &'static str),
    /// Two percentages, such as `50-90 %`.
    PercentRange,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// One of a few words, or the other shape.
    WordOr(&'static [&'static str], Box<Shape>),
    /// A list with at most this many items, each of them once if they are names.
    List(Box<Shape>, usize),
    /// A table.
    Table(fn() -> Section),
    /// A table of which any key may be absent: it is laid over another.
    Part(fn() -> Section),
    /// `[kind.id]`: tables that define ids.
    Definitions(Kind, fn() -> Section),
    /// `[..override.id]`: tables under ids that are defined elsewhere.
    Amendments(Kind, fn() -> Section),
    /// `[[kind]]`: a list of tables.
    Elements(fn() -> Section, usize),
}

impl Kind {
    /// As it is called in messages.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Family => "family",
            Kind::Device => "device",
            Kind::Route => "route",
            Kind::Workload => "workload",
            Kind::Candidate => "candidate",
            Kind::Profile => "profile",
            Kind::Tier => "tier",
            Kind::Hook => "hook",
            Kind::Probe => "probe",
            Kind::Meter => "meter",
        }
    }

    /// Whether it is defined in the lab's file, not in the matrix.
    pub fn is_in_lab(self) -> bool {
        matches!(self, Kind::Hook | Kind::Probe | Kind::Meter)
    }
}

impl Section {
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// A key that must be there.
pub(crate) fn required(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, need: Need::Required, shape, about }
}

/// A key that may be absent.
pub(crate) fn optional(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, need: Need::Optional, shape, about }
}

/// A key with a default, written as in TOML.
pub(crate) fn defaulted(name: &'static str, shape: Shape, default: &'static str, about: &'static str) -> Key {
    Key { name, need: Need::Default(default), shape, about }
}

/// A list of at most `most` items of one shape.
pub(crate) fn list(item: Shape, most: usize) -> Shape {
    Shape::List(Box::new(item), most)
}
