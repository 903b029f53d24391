//! What a clause tells the reader to do, or says that a thing is.

use super::abstention::refers;
use super::assertion_words as said;
use crate::text::Word;

/// Whether a clause, as it is or in front of whom it sends the reader to, gives an order or a permission, affirms, or
/// says what a thing is. One that `waits` for somebody to be asked may forbid what would come before.
pub(super) fn tells(small: &str, all: &[Word<'_>], waits: bool) -> bool {
    let all = behind_openers(all);
    let sent = refers(small);
    let until = sent.map_or(all.len(), |at| all.partition_point(|word| word.at < at));
    let before = &all[..until];
    if waits && holds(before, said::FORBIDS) {
        return false;
    }
    // Whoever is to stop and ask is to do nothing else.
    let stops = matches!(before, [only] if said::STOPS.contains(&only.text));
    let is_ordered = match sent {
        Some(_) => begins_order(small, before, 0),
        None => orders(small, all, 0),
    };
    begins_with(all, said::AFFIRMS) || (is_ordered && !stops) || permits(all, until) || identifies(before)
}

/// Whether a clause asks, or names the case in which something holds: `whether it is tight`, `in welchem Regal`,
/// `if you open it`.
pub(super) fn is_dependent(all: &[Word<'_>]) -> bool {
    let text = |at: usize| behind_openers(all).get(at).map_or("", |word| word.text);
    said::SAYS_AGAIN.contains(&text(0))
        || said::CONDITIONS.contains(&text(0))
        || (said::PREPOSITIONS.contains(&text(0)) && said::SAYS_AGAIN.contains(&text(1)))
}

/// Whether a clause says of a thing that it is a number, a name with a number in it, or a class: `is 85 Nm`,
/// `heißt SK-330`, `is class B`.
pub(super) fn identifies(all: &[Word<'_>]) -> bool {
    all.iter().enumerate().filter(|(_, word)| said::IS.contains(&word.text)).any(|(at, _)| {
        let behind = &all[at + 1..];
        let is_between = |word: &&Word<'_>| {
            [said::BETWEEN, said::ROUGHLY, said::BOUNDS].iter().any(|list| list.contains(&word.text))
        };
        let what = &behind[behind.iter().take_while(is_between).count()..];
        let is_number = what.first().is_some_and(|word| word.text.contains(|c: char| c.is_ascii_digit()));
        is_number || what.get(..2).is_some_and(judges)
    })
}

/// The words behind those with which any clause may begin.
pub(super) fn behind_openers<'a, 'b>(all: &'a [Word<'b>]) -> &'a [Word<'b>] {
    let opens = |word: &&Word<'_>| said::OPENS.contains(&word.text) || said::TURNS.contains(&word.text);
    &all[all.iter().take_while(opens).count()..]
}

pub(super) fn holds(all: &[Word<'_>], any: &[&str]) -> bool {
    all.iter().any(|word| any.contains(&word.text))
}

pub(super) fn begins_with(all: &[Word<'_>], first: &[&str]) -> bool {
    all.first().is_some_and(|word| first.contains(&word.text))
}

/// Whether an order begins at or behind a place: with its verb where a clause begins, or in German with the verb at
/// the end.
pub(super) fn orders(small: &str, all: &[Word<'_>], from: usize) -> bool {
    let ends = match all {
        [.., before, last] => {
            last.at >= from && !said::NOMINAL.contains(&before.text) && said::INFINITIVES.contains(&last.text)
        }
        _ => false,
    };
    ends || begins_order(small, all, from)
}

fn begins_order(small: &str, all: &[Word<'_>], from: usize) -> bool {
    let (mut opens, mut end) = (true, from);
    for (index, word) in all.iter().enumerate().skip_while(|(_, word)| word.at < from) {
        opens |= small[end..word.at].contains([',', ';', ':', '(', '"']) || small[end..word.at] == *" - ";
        let is_polite = said::INFINITIVES.contains(&word.text)
            && all.get(index + 1).is_some_and(|next| next.text == "sie");
        if opens && (is_polite || said::ORDERS.contains(&word.text)) {
            return true;
        }
        opens = said::OPENS.contains(&word.text) || opens && said::CARRIES.contains(&word.text);
        end = word.at + word.text.len();
    }
    false
}

/// Whether the reader may, can or must do something, or a rule is told: `you may use it`, `muss abgestellt werden`,
/// `that is forbidden`. Words from `until` on send the reader on: that somebody may or must do that allows nothing.
pub(super) fn permits(all: &[Word<'_>], until: usize) -> bool {
    let text = |at: usize| all.get(at).map_or("", |word| word.text);
    let last = all.last().map_or("", |word| word.text);
    let verb = |at: usize| {
        let behind = all.get(at..).unwrap_or_default();
        behind.iter().map(|word| word.text).find(|word| !said::ADVERBS.contains(word)).unwrap_or_default()
    };
    let sends_on = |at: usize| {
        let between = &all[at + 1..until];
        until < all.len()
            && !holds(between, said::ORDERS)
            && !holds(between, said::INFINITIVES)
            && !holds(between, said::CONDITIONS)
            && !holds(between, said::CASES)
    };
    let modals = all[..until].iter().enumerate().filter(|(_, word)| said::MODALS.contains(&word.text));
    modals.into_iter().any(|(at, modal)| {
        let is_half = ["have", "need"].contains(&modal.text) && text(at + 1) != "to";
        let addressed = at > 0 && said::READERS.contains(&text(at - 1));
        let turned = said::READERS.contains(&text(at + 1));
        let does = verb(if turned { at + 2 } else { at + 1 });
        let is_harmless = said::HARMLESS.contains(&does) || said::HARMLESS.contains(&last);
        let rules = said::RULES.contains(&modal.text) || last == "werden";
        !is_half && !is_harmless && !sends_on(at) && !does.is_empty() && (addressed || turned || rules)
    }) || holds(&all[..until], said::RULED)
}

/// `class B`
pub(super) fn judges(all: &[Word<'_>]) -> bool {
    all.windows(2).any(|pair| said::CLASSES.contains(&pair[0].text) && pair[1].text.chars().count() == 1)
}
