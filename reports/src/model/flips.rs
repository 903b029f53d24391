//! Golden items that were answered now right, now wrong.

use std::collections::BTreeMap;

use edgesoak_record::examined::Examined;

use super::change::alike;
use super::sources::Pair;
use crate::background::Earlier;
use crate::words::number::count;
use crate::words::text::bounded;

/// Most items of a session that are named.
const MOST_ITEMS: usize = 40;

/// One session with items that an earlier release answered otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AgainstRow {
    pub section: usize,
    pub device: String,
    pub is_virtual: bool,
    /// The release.
    pub against: String,
    /// Right then and wrong now.
    pub lost: String,
    /// Wrong then and right now.
    pub gained: String,
}

impl AgainstRow {
    /// One for each session and release that answered the same set, where all wrong items are listed.
    pub fn all(pairs: &[Pair<'_>], earlier: &[Earlier]) -> Vec<Self> {
        let row = |section: usize, pair: &Pair<'_>, earlier: &Earlier| {
            let now = pair.verdict?.examined.as_deref().filter(|now| is_whole(now))?;
            let same = |then: &&Examined| then.set_digest == now.set_digest && is_whole(then);
            let then = alike(pair, earlier).filter_map(|then| then.examined.as_deref()).find(same)?;
            let (now, then) = (wrong(now), wrong(then));
            let only = |one: &BTreeMap<&str, bool>, other: &BTreeMap<&str, bool>| {
                let mark = |critical: bool| if critical { " (critical)" } else { "" };
                let items = one.iter().filter(|(item, _)| !other.contains_key(*item));
                items.map(|(item, critical)| format!("{item}{}", mark(*critical))).collect::<Vec<_>>()
            };
            Some(Self {
                section,
                device: pair.device(),
                is_virtual: pair.is_virtual(),
                against: bounded(&earlier.name, 60),
                lost: named(&only(&now, &then)),
                gained: named(&only(&then, &now)),
            })
        };
        let rows = pairs.iter().enumerate().flat_map(|(section, pair)| {
            earlier.iter().filter_map(move |earlier| row(section, pair, earlier))
        });
        rows.collect()
    }
}

/// Every item that was asked has an answer, and every wrong one is listed.
fn is_whole(examined: &Examined) -> bool {
    examined.more_wrong == 0 && examined.unanswered.is_empty()
}

/// Items that were not right, and whether they are critical.
fn wrong(examined: &Examined) -> BTreeMap<&str, bool> {
    examined.wrong.iter().map(|item| (item.item.as_str(), item.critical)).collect()
}

/// One session with items that changed between hot and rested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlipRow {
    pub section: usize,
    pub device: String,
    pub is_virtual: bool,
    /// Items asked both hot and rested, and of how many nobody can say what they came to when hot.
    pub asked: String,
    /// Wrong right after the soak and right behind the rest, by name.
    pub wrong_hot: String,
    /// Another text right after the soak.
    pub other: String,
}

impl FlipRow {
    /// One for each session that was asked items twice.
    pub fn all(pairs: &[Pair<'_>]) -> Vec<Self> {
        let row = |(section, pair): (usize, &Pair<'_>)| {
            let examined = pair.verdict?.examined.as_deref().filter(|examined| examined.hot > 0)?;
            let unknown = examined.hot_unknown;
            let known = |words: String| if unknown < examined.hot { words } else { "not known".to_owned() };
            Some(Self {
                section,
                device: pair.device(),
                is_virtual: pair.is_virtual(),
                asked: match unknown {
                    0 => count(examined.hot),
                    some => format!("{}, of {} not known", count(examined.hot), count(some)),
                },
                wrong_hot: known(named(&examined.wrong_when_hot)),
                other: known(count(examined.other_when_hot.len() as u64)),
            })
        };
        pairs.iter().enumerate().filter_map(row).collect()
    }
}

fn named(items: &[String]) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    let shown: Vec<String> = items.iter().take(MOST_ITEMS).map(|item| bounded(item, 60)).collect();
    match items.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
