//! How many items of a golden set a round asks: so much of a set is needed to say how long a session takes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use edgesoak_record::golden::{Round, Split};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Larger files are no golden sets.
const MAX_BYTES: u64 = 64 << 20;

/// Items of one route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Items {
    smoke: u32,
    /// Of the gate split, asked in every round of it.
    critical: u32,
    /// Of the gate split, asked as many of as the profile says.
    others: u32,
}

#[derive(Deserialize)]
struct Manifest {
    items: String,
}

#[derive(Deserialize)]
struct Item {
    route: String,
    split: Split,
    #[serde(default)]
    critical: bool,
}

impl Items {
    /// Those of a set's folder; `None` where they cannot be read. What is wrong with them is told when the set is checked,
    /// before anything runs.
    pub(super) fn of(folder: &Path, route: &str) -> Option<Self> {
        let manifest: Manifest = read(&folder.join("manifest.json")).and_then(|text| parsed(&text))?;
        let mut items = Self::default();
        for line in read(&folder.join(manifest.items))?.lines().filter(|line| !line.trim().is_empty()) {
            let item: Item = parsed(line)?;
            match item.split {
                _ if item.route != route => {}
                Split::Smoke => items.smoke += 1,
                Split::Gate if item.critical => items.critical += 1,
                Split::Gate => items.others += 1,
                Split::Canary | Split::Holdout => {}
            }
        }
        Some(items)
    }

    /// Answers that a session gives: the smoke split is asked twice.
    pub(super) fn answers(self, round: Round, most: u32) -> u32 {
        let gate = match round {
            Round::Smoke => 0,
            Round::Gate => self.critical + self.others.min(most),
            Round::Full => self.critical + self.others,
        };
        2 * self.smoke + gate
    }
}

fn read(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

fn parsed<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
