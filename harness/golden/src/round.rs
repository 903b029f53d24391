//! Which items a session asks: the smoke split first, then as much of the gate split as the round takes.

use std::collections::BTreeMap;

use edgesoak_record::golden::{Asked, AskedItem, Round, Split};
use edgesoak_record::hex;
use sha2::{Digest, Sha256};

use crate::item::Item;
use crate::set::{GoldenSet, LANGUAGE};

/// Items that are asked, in this order.
#[derive(Debug, Clone)]
pub struct Selected<'a> {
    set: &'a GoldenSet,
    /// The items.
    pub items: Vec<&'a Item>,
    /// So many of the first belong to the smoke split.
    pub hot: u32,
}

impl GoldenSet {
    /// The items of one route in a round; none where the set has no such route. Of the gate split a round `gate` takes
    /// every critical item and `most` others: as many of each language, answerable or not, as the split has of them.
    /// Which ones depends on `seed`, so that each comes up in some run. Canaries and what is held back are never asked.
    #[must_use]
    pub fn selected(&self, route: &str, round: Round, most: u32, seed: &str) -> Selected<'_> {
        let of = |split| self.items.iter().filter(move |item| item.split == split && item.route == route);
        let mut items: Vec<&Item> = of(Split::Smoke).collect();
        let hot = u32::try_from(items.len()).unwrap_or(u32::MAX);
        match round {
            Round::Smoke => {}
            Round::Full => items.extend(of(Split::Gate)),
            Round::Gate => {
                let drawn = drawn(of(Split::Gate).filter(|item| !item.critical), most, seed);
                let is_asked = |item: &&Item| item.critical || drawn.contains(&item.id.as_str());
                items.extend(of(Split::Gate).filter(is_asked));
            }
        }
        Selected { set: self, items, hot }
    }
}

impl GoldenSet {
    /// An item without what its answer must be.
    #[must_use]
    pub fn asked(&self, item: &Item) -> AskedItem {
        AskedItem {
            id: item.id.clone(),
            digest: item.digest.clone(),
            split: item.split,
            answerable: item.answerable,
            critical: item.critical,
            cluster: self.cluster(item).map(str::to_owned),
            images: item.images.iter().map(|image| image.sha256.clone()).collect(),
        }
    }
}

impl Selected<'_> {
    /// What a host keeps of it.
    #[must_use]
    pub fn asked(&self) -> Asked {
        let manifest = &self.set.manifest;
        Asked {
            set: manifest.reference(),
            set_digest: manifest.set_digest.clone().unwrap_or_default(),
            items_sha256: self.pushed().ok().map(|pushed| hex(&Sha256::digest(pushed))),
            items: self.items.iter().map(|item| self.set.asked(item)).collect(),
            hot: self.hot,
            slices: manifest.slices.clone(),
            quality: manifest.gates.quality.as_ref().map(crate::Share::ratio),
            false_answers: manifest.gates.false_answers.as_ref().map(crate::Share::ratio),
        }
    }

    /// What a device gets: a JSON object a line, without anything that tells an answer.
    ///
    /// # Errors
    /// None that a text which was read as JSON could give.
    pub fn pushed(&self) -> serde_json::Result<Vec<u8>> {
        let mut lines = Vec::new();
        for item in &self.items {
            serde_json::to_writer(&mut lines, &item.pushed())?;
            lines.push(b'\n');
        }
        Ok(lines)
    }
}

/// Ids of at most `most` items, drawn from each stratum in proportion to its size.
fn drawn<'a>(items: impl Iterator<Item = &'a Item>, most: u32, seed: &str) -> Vec<&'a str> {
    let mut strata: BTreeMap<(Option<&str>, bool), Vec<&str>> = BTreeMap::new();
    for item in items {
        let language = item.tags.get(LANGUAGE).map(String::as_str);
        strata.entry((language, item.answerable)).or_default().push(&item.id);
    }
    let all: usize = strata.values().map(Vec::len).sum();
    let most = all.min(most as usize);
    // Shares of whole items, what is left over by the largest remainder.
    let mut shares: Vec<(usize, usize)> =
        strata.values().map(|ids| (ids.len() * most / all.max(1), ids.len() * most % all.max(1))).collect();
    let mut left = most - shares.iter().map(|share| share.0).sum::<usize>();
    while left > 0 {
        let Some(share) = shares.iter_mut().max_by_key(|share| share.1) else { break };
        *share = (share.0 + 1, 0);
        left -= 1;
    }
    let mut drawn = Vec::new();
    for (mut ids, (share, _)) in strata.into_values().zip(shares) {
        ids.sort_by_cached_key(|id| lot(seed, id));
        drawn.extend(ids.into_iter().take(share));
    }
    drawn
}

/// The same for the same run and item, on every host.
fn lot(seed: &str, id: &str) -> [u8; 32] {
    Sha256::new().chain_update(seed).chain_update([0]).chain_update(id).finalize().into()
}
