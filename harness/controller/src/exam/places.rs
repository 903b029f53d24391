//! Answers of a session by their places: which came, which are owed, which are lost.

use std::collections::BTreeSet;

/// What became of the answers that a session is to give.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    all: u32,
    /// The journal tells of them.
    told: BTreeSet<u32>,
    /// They are here.
    came: BTreeSet<u32>,
    /// The journal tells of them, and they cannot be had any more.
    lost: BTreeSet<u32>,
}

/// Answers that a session did not bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Missing {
    /// The device never gave them.
    pub(crate) never_given: u32,
    /// It gave them, and they did not come here.
    pub(crate) lost: u32,
}

impl Places {
    /// So many are to be given, of which these came already.
    pub(crate) fn of(all: u32, came: BTreeSet<u32>) -> Self {
        Self { all, came, ..Self::default() }
    }

    pub(crate) fn all(&self) -> u32 {
        self.all
    }

    /// How many came.
    pub(crate) fn came(&self) -> u32 {
        // There are no more than places.
        u32::try_from(self.came.len()).unwrap_or(u32::MAX)
    }

    /// The journal tells of one; a device may name any place.
    pub(crate) fn tell(&mut self, place: u32) {
        if place < self.all {
            self.told.insert(place);
        }
    }

    /// One is here.
    pub(crate) fn come(&mut self, place: u32) {
        self.tell(place);
        self.came.insert(place);
        self.lost.remove(&place);
    }

    pub(crate) fn has(&self, place: u32) -> bool {
        self.came.contains(&place)
    }

    /// Those that the journal tells of and that may still come.
    fn owed(&self) -> impl Iterator<Item = u32> {
        self.told.iter().copied().filter(|place| !self.came.contains(place) && !self.lost.contains(place))
    }

    pub(crate) fn are_owed(&self) -> bool {
        self.owed().next().is_some()
    }

    /// The place before which nothing is owed: what lies there the device need not keep. A place of which nobody told
    /// holds nothing up once a later one came, for a device gives its answers in their order.
    pub(crate) fn taken(&self) -> u32 {
        let behind = self.told.last().max(self.came.last()).map_or(0, |last| last.saturating_add(1));
        self.owed().next().unwrap_or(behind)
    }

    /// Whether nothing more is to come.
    pub(crate) fn are_over(&self) -> bool {
        self.taken() >= self.all
    }

    /// Those before this place that did not come never will.
    pub(crate) fn lose_before(&mut self, place: u32) {
        let lost: Vec<u32> = self.owed().take_while(|owed| *owed < place).collect();
        self.lost.extend(lost);
    }

    /// What did not come so far, once nothing more comes.
    pub(crate) fn missing(&self) -> Missing {
        let count = |places: usize| u32::try_from(places).unwrap_or(u32::MAX);
        let lost = self.told.iter().filter(|place| !self.came.contains(place)).count();
        let given = self.told.union(&self.came).count();
        Missing { never_given: self.all.saturating_sub(count(given)), lost: count(lost) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_taken_beyond_what_is_owed() {
        let mut places = Places::of(5, BTreeSet::new());
        assert_eq!((places.taken(), places.are_over()), (0, false));
        for place in [0, 1, 2] {
            places.tell(place);
        }
        places.come(0);
        places.come(2);
        assert_eq!((places.taken(), places.are_owed()), (1, true), "the second one is missing");
        places.come(1);
        assert_eq!((places.taken(), places.are_owed()), (3, false));
        // The fourth is never asked.
        places.come(4);
        assert!(places.are_over());
        assert_eq!(places.missing(), Missing { never_given: 1, lost: 0 });
    }

    #[test]
    fn what_is_lost_is_not_waited_for_and_may_come_all_the_same() {
        let mut places = Places::of(4, BTreeSet::from([0]));
        for place in [1, 2, 3] {
            places.tell(place);
        }
        places.lose_before(3);
        assert_eq!((places.taken(), places.missing()), (3, Missing { never_given: 0, lost: 3 }));
        places.come(2);
        places.lose_before(u32::MAX);
        assert!(places.are_over() && !places.are_owed());
        assert_eq!(places.missing(), Missing { never_given: 0, lost: 2 });
    }

    proptest! {
        #[test]
        fn what_a_device_says_of_places_never_passes_over_what_is_owed(
            all in 0..40_u32,
            words in proptest::collection::vec((0..3_u8, 0..50_u32), 0..120),
        ) {
            let mut places = Places::of(all, BTreeSet::new());
            for (word, place) in words {
                match word {
                    0 => places.tell(place),
                    1 if place < all => places.come(place),
                    _ => places.lose_before(place),
                }
                let taken = places.taken();
                prop_assert!(places.owed().all(|owed| owed >= taken) && taken <= all);
                let Missing { never_given, lost } = places.missing();
                prop_assert_eq!(places.came() + never_given + lost, all);
            }
        }
    }
}
