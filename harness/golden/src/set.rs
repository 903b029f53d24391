//! A whole set, verified.

use std::collections::BTreeMap;

use edgesoak_record::answer::ScoredAnswer;
use edgesoak_record::hex;

use crate::document::Document;
use crate::files::{Files, MANIFEST};
use crate::finding::{Finding, GoldenErrors};
use crate::item::Item;
use crate::manifest::Manifest;
use crate::schema::Schema;
use crate::score::{Answer, Ground, Scorer};
use crate::{contents, json, promises, seal};

/// The tag that names an item's language.
pub(crate) const LANGUAGE: &str = "language";

/// A golden set whose files, digests and references were verified.
#[derive(Debug)]
pub struct GoldenSet {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its items, in the order of their file.
    pub items: Vec<Item>,
    /// Its documents by id.
    pub documents: BTreeMap<String, Document>,
    /// Its schemas by path.
    pub schemas: BTreeMap<String, Schema>,
    /// SHA-256 of what the answers rest on beside the items, by file or by key of the manifest.
    pub grounds: BTreeMap<String, String>,
}

impl GoldenSet {
    /// Reads and verifies a set: every file, every digest, every reference.
    pub fn load(files: &Files) -> Result<GoldenSet, GoldenErrors> {
        let (set, mut findings) = GoldenSet::gather(files)?;
        // What could not be read whole has no digest of its own that would tell more than its file's.
        let sealed = if findings.is_empty() {
            seal::findings(&set, files)
        } else {
            seal::of_files(&set.manifest, files)
        };
        findings.extend(sealed);
        if findings.is_empty() { Ok(set) } else { Err(GoldenErrors::new(findings)) }
    }

    /// Reads a set that is not sealed yet: digests are not asked for.
    pub fn draft(files: &Files) -> Result<GoldenSet, GoldenErrors> {
        let (set, findings) = GoldenSet::gather(files)?;
        if findings.is_empty() { Ok(set) } else { Err(GoldenErrors::new(findings)) }
    }

    fn gather(files: &Files) -> Result<(GoldenSet, Vec<Finding>), GoldenErrors> {
        let manifest = read_manifest(files)?;
        let mut findings = promises::of_manifest(&manifest, files);
        let mut set = contents::read(manifest, files, &mut findings);
        // References into files that could not be read would only be noise.
        if findings.is_empty() {
            findings = promises::of_items(&set, files);
        }
        set.grounds = seal::grounds(&set.manifest, files);
        Ok((set, findings))
    }

    /// The scorer of an item.
    pub fn scorer(&self, item: &Item) -> Result<Scorer, GoldenErrors> {
        let scorer = Scorer::prepare(&item.expect, &self.ground(item));
        scorer.map_err(|unfit| promises::unfit(&self.manifest, item, &unfit).into())
    }

    /// What a scorer must know of an item beside what is expected.
    pub(crate) fn ground<'a>(&'a self, item: &'a Item) -> Ground<'a> {
        Ground {
            language: item.tags.get(LANGUAGE).map(String::as_str),
            answerable: item.answerable,
            schemas: &self.schemas,
        }
    }

    /// What an item shares with those that it hangs together with.
    #[must_use]
    pub fn cluster<'a>(&self, item: &'a Item) -> Option<&'a str> {
        self.manifest.cluster.as_ref().and_then(|tag| item.slice(tag))
    }

    /// What an item's scorer finds in an answer. Nothing of the answer's text is kept.
    #[must_use]
    pub fn scored(&self, item: &Item, scorer: &Scorer, answer: &Answer<'_>) -> ScoredAnswer {
        let score = scorer.score(answer);
        let keys = ["route", "split"].into_iter().chain(self.manifest.slices.iter().map(String::as_str));
        let slices = keys.filter_map(|key| Some((key.to_owned(), item.slice(key)?.to_owned())));
        ScoredAnswer {
            item: item.id.clone(),
            item_digest: item.digest.clone(),
            slices: slices.collect(),
            cluster: self.cluster(item).map(str::to_owned),
            critical: item.critical,
            sensitive: self.is_sensitive(item),
            points: score.points,
            outcome: score.outcome,
            cell: score.cell,
            part: score.part,
            answer_digest: hex(&answer.text.digest()),
            confidence: answer.confidence,
        }
    }

    /// Whether no text of an answer to an item may be stored.
    #[must_use]
    pub fn is_sensitive(&self, item: &Item) -> bool {
        item.sensitive.unwrap_or(self.manifest.sensitive)
    }
}

/// The manifest of a set.
pub(crate) fn read_manifest(files: &Files) -> Result<Manifest, Finding> {
    let text = contents::document_text(files, MANIFEST)?;
    json::read(MANIFEST, 1, text).map(|(manifest, _)| manifest)
}
