//! Documents that questions are answered from.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::Finding;
use crate::item::bad_name;
use crate::problem::Problem;
use crate::{json, lines};

/// One document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What answers cite.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
}

/// Documents by id.
pub(crate) fn read(file: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> BTreeMap<String, Document> {
    let mut documents = BTreeMap::new();
    for (line, text) in lines::of(file, bytes, findings) {
        let document: Document = match json::read(file, line, text) {
            Ok((document, _)) => document,
            Err(finding) => {
                findings.push(finding);
                continue;
            }
        };
        let id = document.id.clone();
        if let Some(problem) = bad_name("id", &id) {
            findings.push(Finding::at(file, line, problem));
        } else if documents.insert(id.clone(), document).is_some() {
            findings.push(Finding::at(file, line, Problem::Twice { kind: "document", id }));
        }
    }
    documents
}
