//! One item of a prompt cycle or a golden set: a conversation that ends with a question.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;

use crate::corpus::Document;
use crate::error::PromptError;
use crate::json_lines;

/// Most messages in one conversation.
const MAX_MESSAGES: usize = 64;
/// Most pictures of one item.
const MAX_IMAGES: usize = 8;
/// Most documents that one item names.
const MAX_DOCUMENTS: usize = 64;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The production system prompt.
    System,
    /// The person in the field.
    User,
    /// The model, in an earlier turn.
    Assistant,
}

impl Role {
    /// The word that templates compare with.
    pub fn word(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

/// One turn of a conversation, as a chat template sees it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Item {
    pub id: String,
    pub messages: Vec<Message>,
    /// Ids of the documents in front of the question; where there is no list, retrieval finds them.
    #[serde(default)]
    pub docs: Option<Vec<String>>,
    /// Documents of this item alone, behind those.
    #[serde(default)]
    pub inline: Vec<Document>,
    /// Pictures that belong to the question.
    #[serde(default)]
    pub images: Vec<Image>,
}

/// A picture, by its digest: where its file lay on the host is nothing that a device needs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Image {
    #[serde(rename = "file")]
    _file: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

impl Item {
    /// The last message; [`read`] made sure that it is the user's.
    pub fn question(&self) -> &str {
        self.messages.last().map_or("", |message| &message.content)
    }
}

pub(crate) fn read(path: &Path) -> Result<Vec<Item>, PromptError> {
    let mut seen = HashSet::new();
    json_lines::read(path, |item: &Item| {
        check_id(&item.id, &mut seen)?;
        if item.messages.len() > MAX_MESSAGES {
            return Err(format!("more than {MAX_MESSAGES} messages"));
        }
        let named = item.docs.as_ref().map_or(0, Vec::len);
        if named.saturating_add(item.inline.len()) > MAX_DOCUMENTS {
            return Err(format!("more than {MAX_DOCUMENTS} documents"));
        }
        if item.images.len() > MAX_IMAGES {
            return Err(format!("more than {MAX_IMAGES} images"));
        }
        let mut own = HashSet::new();
        item.inline.iter().try_for_each(|document| check_id(&document.id, &mut own))?;
        match item.messages.last() {
            Some(last) if last.role == Role::User => Ok(()),
            _ => Err("the last message is not the user's".to_owned()),
        }
    })
}

/// Ids reach logs and reports, so they are short and plain; and each stands for one line.
pub(crate) fn check_id(id: &str, seen: &mut HashSet<String>) -> Result<(), String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if id.is_empty() || id.len() > 64 || !id.bytes().all(plain) {
        return Err("the id is not 1 to 64 letters, digits, `-`, `_` or `.`".to_owned());
    }
    if !seen.insert(id.to_owned()) {
        return Err(format!("the id `{id}` was used before"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        let dir = tempfile::tempdir().expect("a directory for the file");
        let path = dir.path().join("soak.jsonl");
        std::fs::write(&path, text).expect("a small file can be written");
        let error = read(&path).expect_err("the item is broken").to_string();
        error.split_once("line ").map(|(_, rest)| rest.to_owned()).unwrap_or(error)
    }

    const GOOD: &str = r#"{"id":"a","messages":[{"role":"user","content":"x"}]}"#;

    #[test]
    fn broken_items_are_refused_by_line() {
        assert_eq!(fault(&format!("{GOOD}\n{GOOD}\n")), "2: the id `a` was used before");
        assert_eq!(fault(r#"{"id":"a","messages":[]}"#), "1: the last message is not the user's");
        let answered = r#"{"id":"a","messages":[{"role":"assistant","content":"x"}]}"#;
        assert_eq!(fault(answered), "1: the last message is not the user's");
        let id = r#"{"id":"a b","messages":[{"role":"user","content":"x"}]}"#;
        assert_eq!(fault(id), "1: the id is not 1 to 64 letters, digits, `-`, `_` or `.`");
        let role = r#"{"id":"a","messages":[{"role":"tool","content":"x"}]}"#;
        assert!(fault(role).starts_with("1: a field of the wrong name or type"), "{}", fault(role));
    }
}
