//! What a session answered: shares, and the items that were not right.

use edgesoak_record::answer::Cell;
use edgesoak_record::examined::{Examined, SliceShare, WrongItem};

use super::routing::Routing;
use super::sources::Pair;
use crate::words::number::{Amount, NONE, count};
use crate::words::text::{name, sentence};

/// Most slices and items that are listed.
const MOST_SLICES: usize = 60;
const MOST_ITEMS: usize = 100;

/// Answers of a session to golden items.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    pub set: String,
    /// How many were right, and how answered and abstained fall apart.
    pub sentence: String,
    /// What heat changed.
    pub heat: String,
    pub slices: Vec<SliceRow>,
    pub wrong: Vec<ItemRow>,
    pub left_out: u64,
    /// Where its queries go; `None` where the route says nothing of it.
    pub routing: Option<Routing>,
}

/// One slice.
#[derive(Debug, Clone)]
pub(crate) struct SliceRow {
    pub key: String,
    pub value: String,
    pub right: String,
    pub share: String,
    pub bounds: String,
}

/// One item that was not answered right.
#[derive(Debug, Clone)]
pub(crate) struct ItemRow {
    pub item: String,
    pub is_critical: bool,
    pub cell: &'static str,
    pub reasons: String,
}

impl Answers {
    pub fn of(pair: &Pair<'_>) -> Option<Self> {
        let examined = pair.verdict?.examined.as_deref()?;
        let listed = examined.wrong.len().min(MOST_ITEMS);
        let lost = (examined.wrong.len() - listed) as u64;
        Some(Self {
            set: name(&examined.set),
            sentence: summary(examined),
            heat: heat(examined),
            slices: examined.slices.iter().take(MOST_SLICES).map(SliceRow::of).collect(),
            wrong: examined.wrong.iter().take(MOST_ITEMS).map(ItemRow::of).collect(),
            left_out: examined.more_wrong.saturating_add(lost),
            routing: examined.routing.as_ref().map(Routing::of),
        })
    }
}

impl SliceRow {
    fn of(slice: &SliceShare) -> Self {
        let right = format!("{} of {}", count(slice.right), count(slice.n));
        let share = if slice.n == 0 { NONE.to_owned() } else { percent(slice.right as f64 / slice.n as f64) };
        let bounds = format!("{} to {}", percent(slice.lo), percent(slice.hi));
        Self { key: name(&slice.key), value: name(&slice.value), right, share, bounds }
    }
}

impl ItemRow {
    fn of(wrong: &WrongItem) -> Self {
        Self {
            item: name(&wrong.item),
            is_critical: wrong.critical,
            cell: words(wrong.cell),
            reasons: sentence(&wrong.reasons.join("; ")),
        }
    }
}

fn summary(examined: &Examined) -> String {
    let cells: Vec<String> = Cell::ALL
        .iter()
        .filter_map(|cell| Some((cell, *examined.cells.get(cell)?)))
        .filter(|(_, number)| *number > 0)
        .map(|(cell, number)| format!("{} {}", count(number), words(*cell)))
        .collect();
    let missing = match examined.unanswered.len() {
        0 => String::new(),
        number => format!(" {} have no answer.", count(number as u64)),
    };
    let (right, asked) = (count(examined.right), count(examined.asked));
    let items = examined.items_word();
    format!("{right} of {asked} {items} were answered right: {}.{missing}", cells.join(", "))
}

fn heat(examined: &Examined) -> String {
    if examined.hot == 0 {
        return String::new();
    }
    let asked = match examined.hot_unknown {
        0 => format!("{} items asked right after the soak too", count(examined.hot)),
        unknown => format!(
            "{} of {} items asked right after the soak too (of the others no answer from then is known)",
            count(examined.hot.saturating_sub(unknown)),
            count(examined.hot)
        ),
    };
    let (wrong, other) = (examined.wrong_when_hot.len() as u64, examined.other_when_hot.len() as u64);
    if wrong > 0 {
        let named = name(&examined.wrong_when_hot.join(", "));
        return format!("Of {asked}, {} were wrong then and right later: {named}.", count(wrong));
    }
    format!("Of {asked}, none was wrong then and right later; {} had another text.", count(other))
}

fn words(cell: Cell) -> &'static str {
    match cell {
        Cell::AnsweredRight => "answered right",
        Cell::AnsweredWrong => "answered wrong",
        Cell::OverAbstained => "abstained without need",
        Cell::AbstainedRight => "abstained rightly",
        Cell::AnsweredUnanswerable => "answered without ground",
        Cell::UnansweredUnanswerable => "unanswerable and refused by the runtime",
    }
}

fn percent(part: f64) -> String {
    Amount::of(part, "ratio").full()
}
