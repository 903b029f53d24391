//! Tells from a query alone whether it is sensitive, before anything is decided about it.

use crate::routing::Sensitivity;
use crate::score::{LONGEST_ANSWER, Unfit};
use crate::text::{Needle, folded, plain};

/// Words and names that make a query sensitive.
#[derive(Debug, Clone)]
pub struct SensitiveTerms {
    needles: Vec<Needle>,
}

/// Most terms.
const MOST: usize = 1024;

impl SensitiveTerms {
    /// Prepares a list of terms; each is looked for as whole words, in any case and spelling of characters.
    pub fn new<S: AsRef<str>>(terms: &[S]) -> Result<Self, Unfit> {
        let needles: Vec<Needle> = terms.iter().map(|term| Needle::new(term.as_ref())).collect();
        if needles.is_empty() || needles.len() > MOST || needles.iter().any(Needle::is_empty) {
            return Err(Unfit {
                scorer: "sensitive_terms",
                why: format!("wants 1 to {MOST} terms, none of them empty"),
            });
        }
        Ok(Self { needles })
    }

    /// Whether a query holds one of the terms. One that is longer than 64 KiB is sensitive unread.
    #[must_use]
    pub fn classify(&self, query: &str) -> Sensitivity {
        if query.len() > LONGEST_ANSWER {
            return Sensitivity::Sensitive;
        }
        let query = folded(&plain(query));
        let holds = self.needles.iter().any(|needle| needle.first(&query).is_some());
        if holds { Sensitivity::Sensitive } else { Sensitivity::Public }
    }
}
