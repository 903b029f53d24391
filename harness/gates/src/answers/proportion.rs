//! A share of items with its bounds.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::statistics::cluster::mean_bounds;
use crate::statistics::random::Random;
use crate::statistics::wilson;

/// How many of how many, and what that shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Proportion {
    /// Items that count.
    pub count: u64,
    /// Items of which it could not be told.
    pub unknown: u64,
    /// All items.
    pub n: u64,
    /// `count` by `n`.
    pub value: f64,
    /// Lower one-sided 95 % bound, where all that is unknown does not count.
    pub lo: f64,
    /// Upper one-sided 95 % bound, where all that is unknown counts.
    pub hi: f64,
}

/// One item: whether it counts, `None` where that could not be told, and the group of items that it hangs together with.
pub(crate) type Counted<'a> = (Option<bool>, &'a str);

impl Proportion {
    /// Of these items; `None` of none.
    ///
    /// Bounds are Wilson's. Items about one fact are not many: where they come in groups, those of as many items as there
    /// are groups count, and those of resampled groups where they are wider. Resampling alone shows no width where all
    /// groups agree.
    pub(crate) fn of<'a>(items: impl IntoIterator<Item = Counted<'a>>) -> Option<Self> {
        let (mut count, mut unknown, mut n) = (0, 0, 0);
        // (certainly, at most, all) by group.
        let mut groups: BTreeMap<&str, (i64, i64, u64)> = BTreeMap::new();
        for (counts, group) in items {
            let (certainly, possibly) = (counts == Some(true), counts != Some(false));
            count += u64::from(certainly);
            unknown += u64::from(counts.is_none());
            n += 1;
            let sums = groups.entry(group).or_default();
            *sums = (sums.0 + i64::from(certainly), sums.1 + i64::from(possibly), sums.2 + 1);
        }
        let (mut lo, _) = wilson::bounds(count, n)?;
        let (_, mut hi) = wilson::bounds(count + unknown, n)?;
        if groups.len() as u64 != n {
            let of_groups = |count: u64| wilson::of_share(count as f64 / n as f64, groups.len() as u64);
            (lo, hi) = (lo.min(of_groups(count).0), hi.max(of_groups(count + unknown).1));
            let resampled = |of: fn(&(i64, i64, u64)) -> (i64, u64)| {
                let groups: Vec<(i64, u64)> = groups.values().map(of).collect();
                mean_bounds(&groups, &mut Random::from_words(&["answers"]))
            };
            lo = resampled(|sums| (sums.0, sums.2)).map_or(lo, |bounds| lo.min(bounds.0));
            hi = resampled(|sums| (sums.1, sums.2)).map_or(hi, |bounds| hi.max(bounds.1));
        }
        Some(Self { count, unknown, n, value: count as f64 / n as f64, lo, hi })
    }
}

#[cfg(test)]
mod tests {
    use super::Proportion;

    #[test]
    fn items_of_one_group_show_less_than_as_many_others() {
        let names: Vec<String> = (0..200).map(|item| item.to_string()).collect();
        let right = |item: usize| Some((item / 5).is_multiple_of(3));
        let apart = Proportion::of((0..200).map(|item| (right(item), names[item].as_str()))).expect("items");
        let together =
            Proportion::of((0..200).map(|item| (right(item), names[item / 5].as_str()))).expect("items");
        assert_eq!((apart.count, apart.n), (together.count, together.n));
        assert!(together.lo < apart.lo && together.hi > apart.hi, "{together:?} {apart:?}");
    }

    #[test]
    fn items_of_one_group_that_agree_show_no_more_than_groups() {
        let names: Vec<String> = (0..200).map(|item| item.to_string()).collect();
        for (groups, right) in [(5, true), (5, false), (50, true), (50, false)] {
            let of = |n: usize| {
                let items = (0..n).map(|item| (Some(right), names[item % groups].as_str()));
                Proportion::of(items).expect("items")
            };
            let (alone, together) = (of(groups), of(200));
            assert_eq!(together.n, 200);
            assert_eq!((together.lo, together.hi), (alone.lo, alone.hi), "{groups} groups, {right}");
        }
    }

    #[test]
    fn what_is_unknown_widens_both_ways() {
        let known =
            Proportion::of([(Some(true), "a"), (Some(false), "b"), (Some(true), "c")]).expect("items");
        let unknown = Proportion::of([(Some(true), "a"), (None, "b"), (None, "c")]).expect("items");
        assert_eq!((unknown.count, unknown.unknown, unknown.n), (1, 2, 3));
        assert!(unknown.lo < known.lo && unknown.hi > known.hi);
        assert_eq!(Proportion::of([]), None);
    }
}
