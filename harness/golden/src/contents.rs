//! What the files of a set hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::document;
use crate::files::Files;
use crate::finding::Finding;
use crate::item::Item;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::manifest::Manifest;
use crate::problem::Problem;
use crate::schema::Schema;
use crate::set::GoldenSet;
use crate::{json, lines};

/// Reads every file that the manifest gives a meaning.
pub(crate) fn read(manifest: Manifest, files: &Files, findings: &mut Vec<Finding>) -> GoldenSet {
    let mut set = GoldenSet {
        items: Vec::new(),
        documents: BTreeMap::new(),
        schemas: BTreeMap::new(),
        grounds: BTreeMap::new(),
        manifest,
    };
    // Files that are not there are told by the seal.
    if let Some(retrieval) = &set.manifest.retrieval
        && let Some(bytes) = files.get(&retrieval.corpus)
    {
        set.documents = document::read(&retrieval.corpus, bytes, findings);
    }
    for path in set.manifest.schemas.iter().filter(|path| files.get(path).is_some()) {
        match read_schema(files, path) {
            Ok(schema) => _ = set.schemas.insert(path.clone(), schema),
            Err(finding) => findings.push(finding),
        }
    }
    if let Some(path) = &set.manifest.items
        && let Some(bytes) = files.get(path)
    {
        set.items = read_items(path, bytes, findings);
    }
    set
}

fn read_items(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut ids = BTreeSet::new();
    for (line, text) in lines::of(path, bytes, findings) {
        match Item::read(path, line, text) {
            Ok(item) if !ids.insert(item.id.clone()) => {
                findings.push(Finding::at(path, line, Problem::Twice { kind: "item", id: item.id }));
            }
            Ok(item) => items.push(item),
            Err(finding) => findings.push(finding),
        }
    }
    items
}

fn read_schema(files: &Files, path: &str) -> Result<Schema, Finding> {
    let text = document_text(files, path)?;
    let (value, _) = json::read::<serde_json::Value>(path, 1, text)?;
    Schema::compile(&value)
        .map_err(|unfit| Finding::of(path, Problem::Expectation { complaint: unfit.to_string() }))
}

/// A file that is one JSON text.
pub(crate) fn document_text<'a>(files: &'a Files, path: &str) -> Result<&'a str, Finding> {
    let bytes = files.get(path).ok_or_else(|| Finding::of(path, Problem::Missing))?;
    if bytes.len() > MAX_DOCUMENT_BYTES {
        let limit = format!("{} KiB", MAX_DOCUMENT_BYTES / 1024);
        return Err(Finding::of(path, Problem::TooMuch { what: "the file is too large", limit }));
    }
    std::str::from_utf8(bytes).map_err(|_| Finding::of(path, Problem::NotUtf8))
}
