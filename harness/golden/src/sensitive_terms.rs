//! Tells from a query alone whether it is sensitive, before anything is decided about it.

use edgesoak_record::routing::Sensitivity;

use crate::item::{Item, Role};
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
    /// Reads a file of terms, one a line; blank lines say nothing.
    pub fn read(bytes: &[u8]) -> Result<Self, Unfit> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Unfit { scorer: "sensitive_terms", why: "wants UTF-8".to_owned() })?;
        let terms = text.lines().map(str::trim).filter(|term| !term.is_empty());
        Self::new(&terms.take(MOST + 1).collect::<Vec<_>>())
    }

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

    /// Whether a conversation holds one of the terms, in any turn that would leave with it. What the item is labelled plays no
    /// part.
    #[must_use]
    pub fn classify_item(&self, item: &Item) -> Sensitivity {
        let turns = item.messages.iter().filter(|message| message.role != Role::System);
        let is_sensitive = |text: &str| self.classify(text) == Sensitivity::Sensitive;
        if turns.into_iter().any(|message| is_sensitive(&message.content)) {
            Sensitivity::Sensitive
        } else {
            Sensitivity::Public
        }
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

#[cfg(test)]
mod tests {
    use edgesoak_record::routing::Sensitivity::{Public, Sensitive};

    use super::SensitiveTerms;

    #[test]
    fn terms_tell_what_is_sensitive_before_anything_is_decided() {
        let terms = SensitiveTerms::new(&["call-out rate", "Stundensatz", "V-2 discount"]).expect("terms");
        for sensitive in ["What is the CALL\u{2011}OUT rate of V-2?", "Wie hoch ist der **Stundensatz**?"] {
            assert_eq!(terms.classify(sensitive), Sensitive, "{sensitive}");
        }
        assert_eq!(terms.classify("Which class is a spraying seal?"), Public);
        assert_eq!(terms.classify(&"a ".repeat(40_000)), Sensitive);
        assert!(SensitiveTerms::new::<&str>(&[]).is_err() && SensitiveTerms::new(&["\u{200b}"]).is_err());
    }

    #[test]
    fn a_file_holds_a_term_a_line() {
        let terms = SensitiveTerms::read(b"call-out rate\r\n\n  Stundensatz \n").expect("terms");
        assert_eq!(terms.classify("Wie hoch ist der Stundensatz?"), Sensitive);
        assert_eq!(terms.classify("call-out"), Public);
        for bad in [&b""[..], b"\n\n", b"\xff", "a\n".repeat(1025).as_bytes()] {
            assert!(SensitiveTerms::read(bad).is_err());
        }
    }
}
