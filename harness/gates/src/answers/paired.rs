//! A candidate against its baseline, on identical items.

use std::collections::BTreeMap;

use edgesoak_record::answer::{Outcome as Answered, ScoredAnswer};
use edgesoak_record::verdict::Outcome;
use serde::Serialize;

use crate::figures::with_unit;
use crate::statistics::cluster::mean_bounds;
use crate::statistics::mcnemar;
use crate::statistics::paired_share::Pairs;
use crate::statistics::random::Random;

/// How much of the share of right answers a candidate may lose.
pub const MARGIN: f64 = 0.03;

/// What two sides made of the same items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paired {
    /// Whether the candidate is not worse by more than the margin, with confidence, and fails no critical item anew.
    pub outcome: Outcome,
    /// A stable word for the cause of a fail, or of nothing proven.
    pub cause: Option<&'static str>,
    /// What a person should know, in one sentence.
    pub sentence: String,
    /// Items that both sides answered and that are the same, by their digests.
    pub n: u64,
    /// Items of one side alone, or changed between the sides, or of which the baseline tells nothing.
    pub not_compared: u64,
    /// Right on both sides.
    pub both_right: u64,
    /// Right by the baseline alone.
    pub only_baseline: u64,
    /// Right by the candidate alone.
    pub only_candidate: u64,
    /// Wrong on both sides.
    pub both_wrong: u64,
    /// Share of the candidate less that of the baseline.
    pub difference: Option<f64>,
    /// Lower one-sided 95 % bound of the difference.
    pub lo: Option<f64>,
    /// Upper one-sided 95 % bound of the difference.
    pub hi: Option<f64>,
    /// Probability of as many losses or more, were neither side better: the exact test of paired answers.
    pub p_worse: f64,
    /// Probability of as large a difference either way.
    pub p_differs: f64,
    /// Items that the candidate lost.
    pub lost: Vec<String>,
    /// Items that the candidate gained.
    pub gained: Vec<String>,
    /// Lost items that are critical.
    pub critical_lost: Vec<String>,
}

/// Holds a candidate against its baseline.
#[must_use]
pub fn compare(candidate: &[ScoredAnswer], baseline: &[ScoredAnswer]) -> Paired {
    let by_digest: BTreeMap<(&str, &str), &ScoredAnswer> =
        baseline.iter().map(|answer| (key(answer), answer)).collect();
    let mut paired = Paired::empty();
    let mut met = 0;
    let mut groups: BTreeMap<&str, (i64, u64)> = BTreeMap::new();
    for ours in candidate {
        match by_digest.get(&key(ours)) {
            // Gained is what was lacking before; of what was unknown nobody knows that.
            Some(theirs) if theirs.outcome != Answered::Unknown => {
                met += 1;
                let flip = paired.add(ours, theirs);
                let group = groups.entry(ours.cluster.as_deref().unwrap_or(&ours.item)).or_default();
                *group = (group.0 + flip, group.1 + 1);
            }
            _ => paired.not_compared += 1,
        }
    }
    paired.not_compared += (baseline.len() as u64).saturating_sub(met + unknown_met(candidate, &by_digest));
    paired.conclude(&groups.into_values().collect::<Vec<_>>());
    paired
}

type Key<'a> = (&'a str, &'a str);

fn key(answer: &ScoredAnswer) -> Key<'_> {
    (&answer.item, &answer.item_digest)
}

/// Items of both sides of which the baseline tells nothing: they are counted once.
fn unknown_met(candidate: &[ScoredAnswer], baseline: &BTreeMap<Key, &ScoredAnswer>) -> u64 {
    let unknown = |answer: &&ScoredAnswer| {
        baseline.get(&key(answer)).is_some_and(|theirs| theirs.outcome == Answered::Unknown)
    };
    candidate.iter().filter(unknown).count() as u64
}

impl Paired {
    fn empty() -> Self {
        Self {
            outcome: Outcome::NotProven,
            cause: Some("no_same_items"),
            sentence: "No item was answered by both sides.".to_owned(),
            n: 0,
            not_compared: 0,
            both_right: 0,
            only_baseline: 0,
            only_candidate: 0,
            both_wrong: 0,
            difference: None,
            lo: None,
            hi: None,
            p_worse: 1.0,
            p_differs: 1.0,
            lost: Vec::new(),
            gained: Vec::new(),
            critical_lost: Vec::new(),
        }
    }

    /// Counts an item: 1 where it was gained, -1 where it was lost.
    fn add(&mut self, ours: &ScoredAnswer, theirs: &ScoredAnswer) -> i64 {
        self.n += 1;
        match (theirs.passed(), ours.passed()) {
            (true, true) => self.both_right += 1,
            (false, false) => self.both_wrong += 1,
            (false, true) => {
                self.only_candidate += 1;
                self.gained.push(ours.item.clone());
            }
            (true, false) => {
                self.only_baseline += 1;
                self.lost.push(ours.item.clone());
                if ours.critical || theirs.critical {
                    self.critical_lost.push(ours.item.clone());
                }
            }
        }
        i64::from(ours.passed()) - i64::from(theirs.passed())
    }

    /// Bounds are Tango's, and those of resampled groups where they are wider: phrasings of one case flip together.
    fn conclude(&mut self, groups: &[(i64, u64)]) {
        let Self { only_baseline, only_candidate, n, .. } = *self;
        let pairs = Pairs { only_baseline, only_candidate, n };
        let (Some(difference), Some((mut lo, mut hi))) = (pairs.difference(), pairs.bounds()) else { return };
        if groups.len() as u64 != n
            && let Some(resampled) = mean_bounds(groups, &mut Random::from_words(&["answers"]))
        {
            (lo, hi) = (lo.min(resampled.0), hi.max(resampled.1));
        }
        let p = mcnemar::exact(only_baseline, only_candidate);
        (self.difference, self.lo, self.hi) = (Some(difference), Some(lo), Some(hi));
        (self.p_worse, self.p_differs) = (p.worse, p.differs);
        let head = format!(
            "{} of {n} same items lost, {only_candidate} gained: {}",
            only_baseline,
            points(difference)
        );
        let margin = points(-MARGIN);
        (self.outcome, self.cause, self.sentence) = if let Some(first) = self.critical_lost.first() {
            let more = self.critical_lost.len();
            let what =
                if more == 1 { format!("`{first}`") } else { format!("{more} items, the first `{first}`") };
            (Outcome::Fail, Some("critical"), format!("{head}; critical and right before: {what}."))
        } else if lo >= -MARGIN {
            (Outcome::Pass, None, format!("{head} (95 % bound {}) stays over {margin}.", points(lo)))
        } else if hi < -MARGIN {
            (Outcome::Fail, Some("worse"), format!("{head} (95 % bound {}) is under {margin}.", points(hi)))
        } else {
            let bounds = format!("{} and {}", points(lo), points(hi));
            (
                Outcome::NotProven,
                Some("too_close"),
                format!("{head} is too close to {margin}: the 95 % bounds are {bounds}."),
            )
        };
    }
}

/// A difference of shares in percentage points.
fn points(difference: f64) -> String {
    let sign = if difference < 0.0 { "-" } else { "+" };
    format!("{sign}{} points", with_unit(difference.abs(), "ratio").trim_end_matches(" %"))
}

#[cfg(test)]
mod tests {
    use edgesoak_record::answer::{Cell, Outcome as Answered, ScoredAnswer};
    use edgesoak_record::verdict::Outcome;

    use super::compare;
    use crate::answers::judged::tests::{answer, answers};

    /// Items from `from` on are answered wrong, `wrong` of them.
    fn losing(from: usize, wrong: usize, n: usize) -> Vec<ScoredAnswer> {
        let mut all = answers(n, n);
        for (item, lost) in all.iter_mut().enumerate().skip(from).take(wrong) {
            *lost = answer(item, Answered::Fail, Cell::AnsweredWrong);
            lost.critical = false;
        }
        all
    }

    #[test]
    fn a_candidate_that_loses_no_more_than_the_margin_passes() {
        let baseline = losing(0, 5, 300);
        let outcome = |candidate: &[ScoredAnswer]| compare(candidate, &baseline).outcome;
        assert_eq!(outcome(&baseline), Outcome::Pass);
        assert_eq!(outcome(&losing(1, 3, 300)), Outcome::Pass);
        let plain: Vec<_> =
            baseline.iter().cloned().map(|answer| ScoredAnswer { critical: false, ..answer }).collect();
        let told = compare(&losing(100, 14, 300), &plain);
        assert_eq!((told.outcome, told.only_baseline, told.only_candidate), (Outcome::NotProven, 14, 5));
        assert_eq!(compare(&losing(100, 60, 300), &plain).cause, Some("worse"));
    }

    #[test]
    fn one_critical_item_that_fails_anew_fails_the_candidate() {
        let mut candidate = answers(300, 300);
        candidate[20] = answer(20, Answered::Unknown, Cell::AnsweredWrong);
        let told = compare(&candidate, &answers(300, 300));
        assert_eq!((told.outcome, told.cause), (Outcome::Fail, Some("critical")));
        assert_eq!(told.critical_lost, ["item-20"]);
        assert_eq!(
            told.sentence,
            "1 of 300 same items lost, 0 gained: -0.3 points; critical and right before: `item-20`."
        );
        // It was wrong before: nothing is new.
        let before = compare(
            &candidate,
            &candidate
                .iter()
                .cloned()
                .map(|mut answer| {
                    if answer.item == "item-20" {
                        answer.outcome = Answered::Fail;
                    }
                    answer
                })
                .collect::<Vec<_>>(),
        );
        assert_eq!(before.outcome, Outcome::Pass);
    }

    #[test]
    fn phrasings_that_flip_together_show_less_than_as_many_others() {
        let clustered = |answers: Vec<ScoredAnswer>| -> Vec<ScoredAnswer> {
            let of = |(at, answer)| ScoredAnswer {
                cluster: Some(format!("case-{}", at / 6)),
                critical: false,
                ..answer
            };
            answers.into_iter().enumerate().map(of).collect()
        };
        let (candidate, baseline) = (losing(60, 6, 360), answers(360, 360));
        let apart = compare(&candidate, &baseline);
        let together = compare(&clustered(candidate), &clustered(baseline));
        assert_eq!((apart.only_baseline, together.only_baseline), (6, 6));
        assert!(together.lo < apart.lo && together.hi >= apart.hi, "{together:?} {apart:?}");
    }

    #[test]
    fn items_that_changed_are_not_compared() {
        let mut candidate = answers(300, 300);
        for answer in &mut candidate[..100] {
            answer.item_digest = "other".to_owned();
        }
        let told = compare(&candidate, &answers(300, 300));
        assert_eq!((told.n, told.not_compared), (200, 200));
        let told = compare(&candidate[..100], &answers(300, 300));
        assert_eq!((told.outcome, told.cause, told.n), (Outcome::NotProven, Some("no_same_items"), 0));
    }

    #[test]
    fn what_the_baseline_could_not_tell_is_no_gain() {
        let mut baseline = answers(300, 300);
        baseline[7].outcome = Answered::Unknown;
        let told = compare(&answers(300, 300), &baseline);
        assert_eq!((told.n, told.not_compared, told.only_candidate), (299, 1, 0));
    }
}
