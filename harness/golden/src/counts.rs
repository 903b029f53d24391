//! What a set is made of, in numbers.

use std::collections::BTreeMap;

use serde::Serialize;

use edgesoak_record::golden::Split;

use crate::item::Item;
use crate::set::GoldenSet;

/// How many items of which kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    /// All.
    pub items: u64,
    /// Whose answer the documents hold.
    pub answerable: u64,
    /// Whose answer they do not.
    pub unanswerable: u64,
    /// That must not fail anew.
    pub critical: u64,
    /// Of which no text is stored.
    pub sensitive: u64,
}

/// The numbers of a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All items.
    pub all: Count,
    /// By split, in the order in which splits are used.
    pub splits: Vec<(Split, Count)>,
    /// By `route` and by each slice of the manifest, then by value.
    pub slices: BTreeMap<String, BTreeMap<String, Count>>,
    /// Documents.
    pub documents: u64,
    /// Groups of items that hang together.
    pub clusters: u64,
}

impl Count {
    fn add(&mut self, set: &GoldenSet, item: &Item) {
        self.items += 1;
        self.answerable += u64::from(item.answerable);
        self.unanswerable += u64::from(!item.answerable);
        self.critical += u64::from(item.critical);
        self.sensitive += u64::from(set.is_sensitive(item));
    }
}

impl Counts {
    /// Counts a set.
    #[must_use]
    pub fn of(set: &GoldenSet) -> Counts {
        let of = |items: &mut dyn Iterator<Item = &Item>| {
            items.fold(Count::default(), |mut count, item| {
                count.add(set, item);
                count
            })
        };
        let mut slices: BTreeMap<String, BTreeMap<String, Count>> = BTreeMap::new();
        let keys = std::iter::once("route").chain(set.manifest.slices.iter().map(String::as_str));
        for key in keys.filter(|key| *key != "split") {
            let values = slices.entry(key.to_owned()).or_default();
            if !values.is_empty() {
                continue;
            }
            for item in &set.items {
                if let Some(value) = item.slice(key) {
                    values.entry(value.to_owned()).or_default().add(set, item);
                }
            }
        }
        let cluster = |item: &Item| set.cluster(item).unwrap_or(&item.id).to_owned();
        let clusters: std::collections::BTreeSet<String> = set.items.iter().map(cluster).collect();
        Counts {
            all: of(&mut set.items.iter()),
            splits: Split::ALL
                .map(|split| (split, of(&mut set.items.iter().filter(|item| item.split == split))))
                .to_vec(),
            slices,
            documents: set.documents.len() as u64,
            clusters: clusters.len() as u64,
        }
    }
}
