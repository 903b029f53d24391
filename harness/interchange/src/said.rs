//! What a file says in words, bounded.

use edgesoak_record::import::ImportedFact;

use crate::complaint::shown;
use crate::limits::FACTS;

/// Text of the file as it is kept; `None` where nothing is left of it.
pub(crate) fn text(text: &str) -> Option<String> {
    Some(shown(text)).filter(|text| !text.is_empty())
}

/// Adds a fact, if there is room and anything to say.
pub(crate) fn fact(facts: &mut Vec<ImportedFact>, about: &str, words: &str) {
    if let (Some(about), Some(text)) = (text(about), text(words))
        && facts.len() < FACTS
    {
        facts.push(ImportedFact { about, text });
    }
}
