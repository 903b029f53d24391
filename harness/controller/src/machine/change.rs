//! Changes made to a device.

use serde::{Deserialize, Serialize};

/// A change made to a device, with its undo. Written down before it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What was changed, in words; unique within a session.
    pub what: String,
    /// How it is undone.
    pub undo: Undo,
}

/// How a change is undone. Every undo may be done twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undo {
    /// Remove this file or directory, relative to the device's root.
    Remove(String),
    /// Remove this session's directory, its journal included; only once the journal's copy is known to be whole.
    RemoveSession(String),
    /// Let the agent give back every setting that it changed.
    Settings,
    /// Switch this hook of the lab on.
    SwitchOn(String),
    /// Ask a person to do this.
    AskPerson(String),
}

impl Change {
    /// Whether it is undone only when the device's journal is not needed any more.
    #[must_use]
    pub fn keeps_journal(&self) -> bool {
        matches!(self.undo, Undo::RemoveSession(_))
    }
}

impl Undo {
    /// The undo in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Undo::Remove(path) => format!("remove {path}"),
            Undo::RemoveSession(path) => format!("remove {path} once its journal is copied whole"),
            Undo::Settings => "the agent gives back every setting that it changed".to_owned(),
            Undo::SwitchOn(hook) => format!("switch the hook {hook} on"),
            Undo::AskPerson(what) => format!("ask a person to {what}"),
        }
    }

    /// Whether it is done beside the device, which need not be in reach for it.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        matches!(self, Undo::SwitchOn(_) | Undo::AskPerson(_))
    }
}
