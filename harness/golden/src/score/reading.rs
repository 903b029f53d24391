//! An answer as the scorers read it: each form of the text is made once, when first asked for.

use std::cell::OnceCell;
use std::time::Duration;

use super::abstention::{Stance, stance};
use super::answer::Answer;
use super::citation::{Citations, citations};
use crate::quantity::{Notation, Quantity, find};
use crate::text::{folded, plain};

/// One answer in all forms that scorers ask for.
pub(crate) struct Reading<'a> {
    answer: Answer<'a>,
    notation: Notation,
    plain: OnceCell<String>,
    folded: OnceCell<String>,
    citations: OnceCell<Citations>,
    folded_prose: OnceCell<String>,
    quantities: OnceCell<Vec<Quantity>>,
    stance: OnceCell<Stance>,
    object: OnceCell<Result<serde_json::Value, &'static str>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(answer: Answer<'a>, notation: Notation) -> Self {
        Self {
            answer,
            notation,
            plain: OnceCell::new(),
            folded: OnceCell::new(),
            citations: OnceCell::new(),
            folded_prose: OnceCell::new(),
            quantities: OnceCell::new(),
            stance: OnceCell::new(),
            object: OnceCell::new(),
        }
    }

    /// The text as the runtime gave it.
    pub(crate) fn raw(&self) -> &'a str {
        self.answer.text.expose()
    }

    pub(crate) fn finish(&self) -> Option<&'a str> {
        self.answer.finish
    }

    pub(crate) fn ttft(&self) -> Option<Duration> {
        self.answer.ttft
    }

    pub(crate) fn e2e(&self) -> Option<Duration> {
        self.answer.e2e
    }

    pub(crate) fn given_docs(&self) -> &'a [&'a str] {
        self.answer.given_docs
    }

    /// The plain form, with case and lines.
    pub(crate) fn plain(&self) -> &str {
        self.plain.get_or_init(|| plain(self.raw()))
    }

    /// The plain form without case, on one line.
    pub(crate) fn folded(&self) -> &str {
        self.folded.get_or_init(|| folded(self.plain()))
    }

    /// What is cited, and the plain form without the citations.
    pub(crate) fn citations(&self) -> &Citations {
        self.citations.get_or_init(|| citations(self.plain(), self.given_docs()))
    }

    /// The plain form without citations.
    pub(crate) fn prose(&self) -> &str {
        &self.citations().prose
    }

    /// The folded form without citations.
    pub(crate) fn folded_prose(&self) -> &str {
        self.folded_prose.get_or_init(|| folded(self.prose()))
    }

    /// The numbers of the prose.
    pub(crate) fn quantities(&self) -> &[Quantity] {
        self.quantities.get_or_init(|| find(self.prose(), self.notation))
    }

    /// Whether the answer abstains.
    pub(crate) fn stance(&self) -> &Stance {
        self.stance.get_or_init(|| stance(self))
    }

    /// The one JSON value that the answer holds.
    pub(crate) fn json(&self) -> Result<&serde_json::Value, &'static str> {
        self.object.get_or_init(|| super::json::only_value(self.raw())).as_ref().map_err(|reason| *reason)
    }
}
