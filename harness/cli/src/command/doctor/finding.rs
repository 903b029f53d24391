//! What the doctor found.

use serde_json::{Value, json};

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Good,
    /// A run is possible, and may suffer.
    Doubtful,
    /// It must be mended first.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    what: &'static str,
    weight: Weight,
    words: String,
    hint: Option<&'static str>,
}

impl Finding {
    pub fn good(what: &'static str, words: impl Into<String>) -> Self {
        Self { what, weight: Weight::Good, words: words.into(), hint: None }
    }

    pub fn doubtful(what: &'static str, words: impl Into<String>, hint: &'static str) -> Self {
        Self { what, weight: Weight::Doubtful, words: words.into(), hint: Some(hint) }
    }

    pub fn bad(what: &'static str, words: impl Into<String>, hint: &'static str) -> Self {
        Self { what, weight: Weight::Bad, words: words.into(), hint: Some(hint) }
    }

    /// Whether a run may begin in spite of it.
    pub fn lets_run(&self) -> bool {
        self.weight != Weight::Bad
    }

    /// For programs.
    pub fn document(&self) -> Value {
        json!({
            "what": self.what,
            "good": self.weight == Weight::Good,
            "must_be_mended": !self.lets_run(),
            "words": self.words,
            "hint": self.hint,
        })
    }

    /// For people.
    pub fn lines(&self) -> String {
        let mark = match self.weight {
            Weight::Good => "✔",
            Weight::Doubtful => "!",
            Weight::Bad => "✖",
        };
        let hint = self.hint.map(|hint| format!("            hint: {hint}\n")).unwrap_or_default();
        format!("{mark} {:<9} {}\n{hint}", self.what, self.words)
    }
}
