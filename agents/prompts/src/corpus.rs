//! The documents that an answer may cite.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;

use crate::bm25::Index;
use crate::error::PromptError;
use crate::item::check_id;
use crate::json_lines;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub id: String,
    pub title: String,
    pub text: String,
}

/// Documents in the order of their ids, with their index.
#[derive(Debug)]
pub(crate) struct Corpus {
    documents: Vec<Document>,
    index: Index,
}

impl Corpus {
    pub fn read(path: &Path) -> Result<Self, PromptError> {
        let mut seen = HashSet::new();
        let mut documents = json_lines::read(path, |document: &Document| check_id(&document.id, &mut seen))?;
        // The index breaks ties by position, so that equal scores come out in the order of ids.
        documents.sort_by(|one, other| one.id.cmp(&other.id));
        let index = Index::new(documents.iter().map(|document| [&*document.title, &*document.text]));
        Ok(Self { documents, index })
    }

    /// The `top_k` documents that fit `query` best, best first; fewer where fewer share a word with it.
    pub fn search(&self, query: &str, top_k: usize) -> Vec<&Document> {
        self.index.search(query, top_k).into_iter().filter_map(|found| self.documents.get(found)).collect()
    }

    /// The document with this id.
    pub fn get(&self, id: &str) -> Option<&Document> {
        let found = self.documents.binary_search_by(|document| document.id.as_str().cmp(id)).ok()?;
        self.documents.get(found)
    }
}
