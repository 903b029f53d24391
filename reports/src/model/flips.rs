//! Golden items that were answered now right, now wrong.

use super::sources::Pair;
use crate::words::number::count;
use crate::words::text::bounded;

/// Most items of a session that are named.
const MOST_ITEMS: usize = 40;

/// One session with items that changed between hot and rested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlipRow {
    pub section: usize,
    pub device: String,
    pub is_virtual: bool,
    /// Items asked both hot and rested.
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
            Some(Self {
                section,
                device: pair.device(),
                is_virtual: pair.is_virtual(),
                asked: count(examined.hot),
                wrong_hot: named(&examined.wrong_when_hot),
                other: count(examined.other_when_hot.len() as u64),
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
