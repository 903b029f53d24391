//! What changed between two versions of a set, and how large a step that is.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::item::Item;
use crate::set::GoldenSet;
use crate::version::{Step, Version};

/// What changed from one version to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The earlier version.
    pub from: Version,
    /// The later version.
    pub to: Version,
    /// Ids of items that only the later one has.
    pub added: Vec<String>,
    /// Ids of items that only the earlier one has.
    pub removed: Vec<String>,
    /// Ids of items that are not what they were.
    pub changed: Vec<String>,
    /// Items that are the same: runs are compared on these alone.
    pub same: usize,
    /// Files and settings that answers rest on and that are not what they were.
    pub grounds: Vec<String>,
    /// Whether other words of the manifest changed.
    pub words: bool,
    /// How large the step is; `None` where nothing changed.
    pub step: Option<Step>,
    /// The step that the version numbers say; `None` where the later number is not larger.
    pub numbered: Option<Step>,
    /// The first version number that says the step.
    pub least: Option<Version>,
}

impl Difference {
    /// What changed from `from` to `to`.
    #[must_use]
    pub fn between(from: &GoldenSet, to: &GoldenSet) -> Difference {
        let by_id = |set: &'_ GoldenSet| -> BTreeMap<String, String> {
            set.items.iter().map(|Item { id, digest, .. }| (id.clone(), digest.clone())).collect()
        };
        let (old, new) = (by_id(from), by_id(to));
        let lacking = |has: &BTreeMap<String, String>, lacks: &BTreeMap<String, String>| -> Vec<String> {
            has.keys().filter(|id| !lacks.contains_key(*id)).cloned().collect()
        };
        let is_changed = |id: &&String| new.get(*id).is_some_and(|digest| *digest != old[*id]);
        let changed: Vec<String> = old.keys().filter(is_changed).cloned().collect();
        let (added, removed) = (lacking(&new, &old), lacking(&old, &new));
        let grounds = changed_grounds(from, to);
        let words = is_reworded(from, to);
        let step = if !removed.is_empty() || !changed.is_empty() || !grounds.is_empty() {
            Some(Step::Major)
        } else if !added.is_empty() {
            Some(Step::Minor)
        } else {
            words.then_some(Step::Patch)
        };
        Difference {
            same: new.len() - added.len() - changed.len(),
            numbered: from.manifest.version.step_to(to.manifest.version),
            least: step.map(|step| from.manifest.version.after(step)),
            from: from.manifest.version,
            to: to.manifest.version,
            added,
            removed,
            changed,
            grounds,
            words,
            step,
        }
    }

    /// Whether the version number says at least the step that the changes are.
    #[must_use]
    pub fn obeys(&self) -> bool {
        self.step.is_none() || self.numbered >= self.step
    }

    /// What makes the step as large as it is.
    #[must_use]
    pub fn why(&self) -> String {
        let items = |list: &[String], word: &str| match list {
            [] => None,
            [one] => Some(format!("item `{one}` was {word}")),
            [first, ..] => Some(format!("{} items were {word}, the first `{first}`", list.len())),
        };
        let grounds =
            self.grounds.first().map(|ground| format!("answers rest on {ground}, which was changed"));
        items(&self.removed, "removed")
            .or_else(|| items(&self.changed, "changed"))
            .or(grounds)
            .or_else(|| items(&self.added, "added"))
            .unwrap_or_else(|| {
                if self.words { "words of the manifest were changed" } else { "nothing was changed" }
                    .to_owned()
            })
    }
}

/// Files and settings that are not the same on both sides. A file that only the later set has rests under new items
/// at most; a soak or a corpus that is there for the first time changes no answer.
fn changed_grounds(from: &GoldenSet, to: &GoldenSet) -> Vec<String> {
    let scorers_grew = from
        .manifest
        .scorers
        .iter()
        .all(|(name, version)| to.manifest.scorers.get(name).is_none_or(|later| later == version));
    let is_same = |name: &String, digest: &String| {
        to.grounds.get(name) == Some(digest) || (name.contains("`scorers`") && scorers_grew)
    };
    let changed = from.grounds.iter().filter(|(name, digest)| !is_same(name, digest));
    changed.map(|(name, _)| name.clone()).collect()
}

/// Whether words of the manifest differ that no digest and no number stands for.
fn is_reworded(from: &GoldenSet, to: &GoldenSet) -> bool {
    let mut ours = from.manifest.clone();
    let theirs = &to.manifest;
    ours.version = theirs.version;
    ours.parent = theirs.parent;
    ours.files.clone_from(&theirs.files);
    ours.set_digest.clone_from(&theirs.set_digest);
    ours.manifest_digest.clone_from(&theirs.manifest_digest);
    ours.signature.clone_from(&theirs.signature);
    ours.scorers.clone_from(&theirs.scorers);
    ours.sealed = theirs.sealed;
    ours != *theirs
}
