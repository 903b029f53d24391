//! `manifest.json`: what a set is called, what belongs to it, and the digests that seal it.

use std::collections::BTreeMap;

use edgesoak_signing::Signature;
use serde::{Deserialize, Serialize};

use crate::files::{Files, MANIFEST, stays_inside};
use crate::finding::{Finding, GoldenErrors};
use crate::problem::Problem;
use crate::set::read_manifest;
use crate::share::Share;
use crate::version::Version;

/// Version of the manifest's own form.
pub const SCHEMA: u32 = 1;

/// A manifest. What is written here is written in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the manifest's form.
    pub schema: u32,
    /// Name of the set.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// The version it was made from.
    #[serde(default)]
    pub parent: Option<Version>,
    /// What it is, in a few words.
    pub title: String,
    /// Its licence, as an SPDX expression.
    pub licence: String,
    /// Languages of the items, codes of two letters.
    pub languages: Vec<String>,
    /// The chat template that the set was written for; without one each candidate's own.
    #[serde(default)]
    pub template: Option<Template>,
    /// How documents get in front of the model.
    #[serde(default)]
    pub retrieval: Option<Retrieval>,
    /// The soak's cycle of prompts.
    #[serde(default)]
    pub soak: Option<String>,
    /// The items; a set without them serves the soak alone.
    #[serde(default)]
    pub items: Option<String>,
    /// JSON schemas that items refer to.
    #[serde(default)]
    pub schemas: Vec<String>,
    /// Every file of the set but the manifest and its README.
    pub files: Vec<SealedFile>,
    /// SHA-256 over the sorted item digests, joined by line feeds: the order of items does not count.
    #[serde(default)]
    pub set_digest: Option<String>,
    /// Versions of the scorers that the items use.
    #[serde(default)]
    pub scorers: BTreeMap<String, u32>,
    /// How answers are generated.
    #[serde(default)]
    pub generation: Option<Generation>,
    /// Bars of the set; a route's own bars come before them.
    #[serde(default)]
    pub gates: Gates,
    /// What results are shown by: `route`, `split` or a tag.
    #[serde(default)]
    pub slices: Vec<String>,
    /// The tag whose values tell items apart that hang together, such as those about one fact.
    #[serde(default)]
    pub cluster: Option<String>,
    /// No text of an answer to this set is ever stored.
    #[serde(default)]
    pub sensitive: bool,
    /// It is published: a change needs a new version.
    #[serde(default)]
    pub sealed: bool,
    /// What each version brought, newest last.
    #[serde(default)]
    pub changelog: Vec<Change>,
    /// SHA-256 of the canonical manifest without this key and the signature.
    #[serde(default)]
    pub manifest_digest: Option<String>,
    /// Who vouches for it: over the canonical manifest without this key.
    #[serde(default)]
    pub signature: Option<Signature>,
}

/// A chat template: a file of the set, or that of a model artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// A file of the set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The artifact's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<String>,
    /// SHA-256 of the template's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// Retrieval over the set's documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrieval {
    /// The documents' file.
    pub corpus: String,
    /// Documents in front of each question.
    pub top_k: u32,
}

/// A file and its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedFile {
    /// Its path in the set.
    pub path: String,
    /// SHA-256, lower-case hex.
    #[serde(default)]
    pub sha256: String,
    /// Its lines, where it has one text a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<u64>,
}

/// How answers are generated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generation {
    /// Most tokens of an answer.
    pub max_new: u32,
    /// The likeliest token each time.
    pub greedy: bool,
    /// Seed of the sampler.
    pub seed: u64,
}

/// Bars of a set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// Least share of items that are answered right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Share>,
    /// Largest share of unanswerable items that are answered all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub false_answers: Option<Share>,
}

/// What a version brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The version.
    pub version: Version,
    /// In sentences.
    pub changes: Vec<String>,
}

impl Manifest {
    /// Reads the manifest alone. Every file that it names lies beside it or below.
    pub fn read(files: &Files) -> Result<Manifest, GoldenErrors> {
        let manifest = read_manifest(files)?;
        let outside = manifest.files.iter().find(|file| !stays_inside(&file.path));
        match outside {
            None => Ok(manifest),
            Some(_) => {
                Err(Finding::of(MANIFEST, Problem::value("files", "names a file outside of the set")).into())
            }
        }
    }

    /// `name@version`, as a route of the matrix names it.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}
