//! How retrieved documents stand in front of a question.
//!
//! ```text
//! Documents:
//! [1] pm-017 Title of the document
//! Text of the document.
//!
//! [2] pm-003 Title of the document
//! Text of the document.
//!
//! Question:
//! What the user asked.
//! ```
//!
//! The format is part of the workload: a change makes old and new runs incomparable.

use crate::corpus::Document;

/// First line of the context block.
pub const DOCUMENTS_HEADING: &str = "Documents:";
/// The line between documents and question.
pub const QUESTION_HEADING: &str = "Question:";

/// The user's message with its documents, best first. Without documents the message stays as it is.
pub(crate) fn with_documents(question: &str, documents: &[&Document]) -> String {
    if documents.is_empty() {
        return question.to_owned();
    }
    let mut text = format!("{DOCUMENTS_HEADING}\n");
    for (number, document) in (1_usize..).zip(documents) {
        let Document { id, title, text: body } = document;
        text.extend(["[", &number.to_string(), "] ", id, " ", title, "\n", body, "\n\n"]);
    }
    text.push_str(QUESTION_HEADING);
    text.push('\n');
    text.push_str(question);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(id: &str) -> Document {
        Document { id: id.to_owned(), title: format!("Title of {id}"), text: "Text.".to_owned() }
    }

    #[test]
    fn documents_are_numbered_and_labelled_by_id() {
        let (one, two) = (document("pm-017"), document("pm-003"));
        let text = with_documents("Why?", &[&one, &two]);
        let expected = "Documents:\n[1] pm-017 Title of pm-017\nText.\n\n[2] pm-003 Title of pm-003\nText.\n\nQuestion:\nWhy?";
        assert_eq!(text, expected);
        assert_eq!(with_documents("Why?", &[]), "Why?");
    }
}
