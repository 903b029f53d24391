//! A candidate against its baseline, on identical items.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::answer::{ItemOutcome, Outcome as Answered};
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
    /// Items of the candidate alone, or changed between the sides, or of which the baseline tells nothing.
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
    /// Items that the baseline answered and that the candidate did not, or nobody can tell how: lost for the lower bound, not
    /// lost for the upper one.
    pub unanswered: Vec<String>,
    /// Of these, right by the baseline.
    pub unanswered_right: u64,
    /// Of these, critical.
    pub critical_unanswered: Vec<String>,
    /// Critical items that the candidate did not answer right and of which the baseline tells nothing.
    pub critical_unknown: Vec<String>,
}

/// Items that hang together: what the candidate has more of right than the baseline, at least and at most, of how many.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    least: i64,
    most: i64,
    n: u64,
}

/// Holds a candidate against its baseline, of whose share it may lose [`MARGIN`].
#[must_use]
pub fn compare(candidate: &[ItemOutcome], baseline: &[ItemOutcome]) -> Paired {
    compare_within(MARGIN, candidate, baseline)
}

/// The same where it may lose another part of the share.
#[must_use]
pub fn compare_within(margin: f64, candidate: &[ItemOutcome], baseline: &[ItemOutcome]) -> Paired {
    let by_digest: BTreeMap<Key, &ItemOutcome> =
        baseline.iter().map(|answer| (key(answer), answer)).collect();
    let mut paired = Paired::empty();
    let mut met = 0;
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    for ours in candidate {
        match by_digest.get(&key(ours)) {
            // Gained is what was lacking before; of what was unknown nobody knows that.
            Some(theirs) if theirs.outcome == Answered::Unknown => paired.lack(ours, theirs),
            Some(theirs) if ours.outcome == Answered::Unknown => {
                let (least, most) = paired.miss(theirs, ours.critical);
                groups.entry(group(ours)).or_default().add(least, most);
            }
            Some(theirs) => {
                met += 1;
                let flip = paired.add(ours, theirs);
                groups.entry(group(ours)).or_default().add(flip, flip);
            }
            None => paired.not_compared += 1,
        }
    }
    let asked: BTreeSet<&str> = candidate.iter().map(|answer| answer.item.as_str()).collect();
    let missing = baseline.iter().filter(|theirs| !asked.contains(theirs.item.as_str()));
    for theirs in missing.filter(|theirs| theirs.outcome != Answered::Unknown) {
        let (least, most) = paired.miss(theirs, theirs.critical);
        groups.entry(group(theirs)).or_default().add(least, most);
    }
    met += paired.unanswered.len() as u64;
    paired.not_compared += (baseline.len() as u64).saturating_sub(met + unknown_met(candidate, &by_digest));
    paired.conclude(margin, &groups.into_values().collect::<Vec<_>>());
    paired
}

type Key<'a> = (&'a str, &'a str);

fn key(answer: &ItemOutcome) -> Key<'_> {
    (&answer.item, &answer.item_digest)
}

fn group(answer: &ItemOutcome) -> &str {
    answer.cluster.as_deref().unwrap_or(&answer.item)
}

/// Items of both sides of which the baseline tells nothing: they are counted once.
fn unknown_met(candidate: &[ItemOutcome], baseline: &BTreeMap<Key, &ItemOutcome>) -> u64 {
    let unknown = |answer: &&ItemOutcome| {
        baseline.get(&key(answer)).is_some_and(|theirs| theirs.outcome == Answered::Unknown)
    };
    candidate.iter().filter(unknown).count() as u64
}

impl Group {
    fn add(&mut self, least: i64, most: i64) {
        *self = Self { least: self.least + least, most: self.most + most, n: self.n + 1 };
    }
}

/// Bounds are Tango's. Phrasings of one case flip together: where items come in groups, those of as many items as there
/// are groups count, and those of resampled groups where they are wider.
fn bounds(pairs: Pairs, groups: &[(i64, u64)]) -> Option<(f64, f64)> {
    let wider = |one: (f64, f64), other: (f64, f64)| (one.0.min(other.0), one.1.max(other.1));
    let alone = pairs.bounds()?;
    if groups.len() as u64 == pairs.n {
        return Some(alone);
    }
    let together = wider(alone, pairs.bounds_of(groups.len() as u64)?);
    let resampled = mean_bounds(groups, &mut Random::from_words(&["answers"]));
    Some(resampled.map_or(together, |resampled| wider(together, resampled)))
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
            unanswered: Vec::new(),
            unanswered_right: 0,
            critical_unanswered: Vec::new(),
            critical_unknown: Vec::new(),
        }
    }

    /// Counts an item: 1 where it was gained, -1 where it was lost.
    fn add(&mut self, ours: &ItemOutcome, theirs: &ItemOutcome) -> i64 {
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

    /// Counts an item of which the baseline tells nothing.
    fn lack(&mut self, ours: &ItemOutcome, theirs: &ItemOutcome) {
        self.not_compared += 1;
        if !ours.passed() && (ours.critical || theirs.critical) {
            self.critical_unknown.push(ours.item.clone());
        }
    }

    /// Counts an item of which the candidate tells nothing: what it would have gained, at least and at most.
    fn miss(&mut self, theirs: &ItemOutcome, is_critical: bool) -> (i64, i64) {
        self.unanswered.push(theirs.item.clone());
        if !theirs.passed() {
            return (0, 1);
        }
        self.unanswered_right += 1;
        if is_critical || theirs.critical {
            self.critical_unanswered.push(theirs.item.clone());
        }
        (-1, 0)
    }

    /// The bounds with what is unanswered at its worst and at its best, and never closer than those of what was answered.
    fn bounds(&self, groups: &[Group]) -> Option<(f64, f64)> {
        let all: u64 = groups.iter().map(|group| group.n).sum();
        let Self { only_baseline, only_candidate, n, .. } = *self;
        let (mut lo, mut hi) = (Pairs { only_baseline, only_candidate, n }).bounds()?;
        // What was right by the baseline can be lost, what was wrong can be gained.
        let could_gain = self.unanswered.len() as u64 - self.unanswered_right;
        let worst = Pairs { only_baseline: only_baseline + self.unanswered_right, only_candidate, n: all };
        let best = Pairs { only_baseline, only_candidate: only_candidate + could_gain, n: all };
        let sums = |of: fn(&Group) -> (i64, u64)| groups.iter().map(of).collect::<Vec<_>>();
        lo = lo.min(bounds(worst, &sums(|group| (group.least, group.n)))?.0);
        hi = hi.max(bounds(best, &sums(|group| (group.most, group.n)))?.1);
        Some((lo, hi))
    }

    fn conclude(&mut self, margin: f64, groups: &[Group]) {
        let Self { only_baseline, only_candidate, n, .. } = *self;
        let pairs = Pairs { only_baseline, only_candidate, n };
        let (Some(difference), Some((lo, hi))) = (pairs.difference(), self.bounds(groups)) else { return };
        let p = mcnemar::exact(only_baseline, only_candidate);
        (self.difference, self.lo, self.hi) = (Some(difference), Some(lo), Some(hi));
        (self.p_worse, self.p_differs) = (p.worse, p.differs);
        let unanswered = match self.unanswered.len() {
            0 => String::new(),
            more => format!(", {more} without a known answer"),
        };
        let head = format!(
            "{only_baseline} of {n} same items lost, {only_candidate} gained{unanswered}: {}",
            points(difference)
        );
        (self.outcome, self.cause, self.sentence) = self.concluded(margin, &head, (lo, hi));
    }

    fn concluded(
        &self,
        largest: f64,
        head: &str,
        (lo, hi): (f64, f64),
    ) -> (Outcome, Option<&'static str>, String) {
        let margin = points(-largest);
        if let Some(items) = named(&self.critical_lost) {
            (Outcome::Fail, Some("critical"), format!("{head}; critical and right before: {items}."))
        } else if hi < -largest {
            (Outcome::Fail, Some("worse"), format!("{head} (95 % bound {}) is under {margin}.", points(hi)))
        } else if let Some(items) = named(&self.critical_unanswered) {
            let sentence = format!("{head}; critical, right before and without a known answer: {items}.");
            (Outcome::NotProven, Some("critical_unanswered"), sentence)
        } else if let Some(items) = named(&self.critical_unknown) {
            let sentence = format!("{head}; critical, not right and not known from before: {items}.");
            (Outcome::NotProven, Some("critical_unknown"), sentence)
        } else if lo >= -largest {
            (Outcome::Pass, None, format!("{head} (95 % bound {}) stays over {margin}.", points(lo)))
        } else {
            let bounds = format!("{} and {}", points(lo), points(hi));
            let sentence = format!("{head} is too close to {margin}: the 95 % bounds are {bounds}.");
            (Outcome::NotProven, Some("too_close"), sentence)
        }
    }
}

/// One item, or the first of several.
fn named(items: &[String]) -> Option<String> {
    let first = items.first()?;
    Some(match items.len() {
        1 => format!("`{first}`"),
        more => format!("{more} items, the first `{first}`"),
    })
}

/// A difference of shares in percentage points.
fn points(difference: f64) -> String {
    let sign = if difference < 0.0 { "-" } else { "+" };
    format!("{sign}{} points", with_unit(difference.abs(), "ratio").trim_end_matches(" %"))
}

#[cfg(test)]
mod tests {
    use edgesoak_record::answer::{Cell, ItemOutcome, Outcome as Answered, ScoredAnswer};
    use edgesoak_record::verdict::Outcome;

    use super::Paired;
    use crate::answers::judged::tests::{answer, answers};

    fn compare(candidate: &[ScoredAnswer], baseline: &[ScoredAnswer]) -> Paired {
        let of = |answers: &[ScoredAnswer]| answers.iter().map(ItemOutcome::from).collect::<Vec<_>>();
        super::compare(&of(candidate), &of(baseline))
    }

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
        candidate[20] = answer(20, Answered::Fail, Cell::AnsweredWrong);
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
    fn phrasings_that_agree_show_no_more_than_their_cases() {
        let of_cases = |cases: usize| -> Vec<ScoredAnswer> {
            let of = |(at, answer)| ScoredAnswer { cluster: Some(format!("case-{}", at % cases)), ..answer };
            answers(300, 300).into_iter().enumerate().map(of).collect()
        };
        let few = compare(&of_cases(30), &of_cases(30));
        assert_eq!((few.outcome, few.cause), (Outcome::NotProven, Some("too_close")), "{}", few.sentence);
        let alone = compare(&answers(30, 30), &answers(30, 30));
        assert!(few.lo.expect("items") - alone.lo.expect("items") < 1e-9, "{few:?} {alone:?}");
        assert_eq!(compare(&of_cases(150), &of_cases(150)).outcome, Outcome::Pass);
    }

    #[test]
    fn what_the_candidate_did_not_answer_can_only_take_certainty_away() {
        let plain = |answers: Vec<ScoredAnswer>| -> Vec<ScoredAnswer> {
            answers.into_iter().map(|answer| ScoredAnswer { critical: false, ..answer }).collect()
        };
        let baseline = plain(answers(300, 300));
        assert_eq!(compare(&baseline, &baseline).outcome, Outcome::Pass);
        let told = compare(&baseline[..270], &baseline);
        assert_eq!((told.outcome, told.cause), (Outcome::NotProven, Some("too_close")), "{}", told.sentence);
        assert_eq!((told.n, told.unanswered.len(), told.not_compared), (270, 30, 0));
        assert!(told.lo < Some(-0.1) && told.hi > Some(0.0), "{told:?}");
        assert_eq!(compare(&baseline[..299], &baseline).outcome, Outcome::Pass, "one is within the margin");
        // What was wrong before is no loss, and no proof that the rest got worse.
        let mut before = baseline.clone();
        before[200..].iter_mut().for_each(|answer| answer.outcome = Answered::Fail);
        let mut now = before[..200].to_vec();
        assert_eq!(compare(&now, &before).outcome, Outcome::Pass);
        now[..20].iter_mut().for_each(|answer| answer.outcome = Answered::Fail);
        assert_eq!(compare(&now, &before[..200]).cause, Some("worse"));
        assert_eq!(compare(&now, &before).cause, Some("too_close"));
    }

    #[test]
    fn one_critical_item_that_is_not_answered_is_not_proven() {
        let baseline = answers(300, 300);
        let candidate: Vec<_> = baseline.iter().filter(|answer| answer.item != "item-20").cloned().collect();
        let told = compare(&candidate, &baseline);
        assert_eq!((told.outcome, told.cause), (Outcome::NotProven, Some("critical_unanswered")));
        assert_eq!(told.critical_unanswered, ["item-20"]);
        assert!(
            told.sentence.ends_with("critical, right before and without a known answer: `item-20`."),
            "{}",
            told.sentence
        );
    }

    #[test]
    fn what_nobody_can_tell_of_the_candidate_is_no_loss_and_no_proof() {
        let (baseline, mut candidate) = (answers(300, 300), answers(300, 300));
        candidate[20].outcome = Answered::Unknown;
        let told = compare(&candidate, &baseline);
        assert_eq!((told.outcome, told.cause), (Outcome::NotProven, Some("critical_unanswered")));
        assert_eq!((told.n, told.not_compared, told.lost.len()), (299, 0, 0));
        assert_eq!(told.unanswered, ["item-20"]);
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
        // Nor is it known that a critical item, which is wrong now, was right.
        baseline[20].outcome = Answered::Unknown;
        let mut candidate = answers(300, 300);
        candidate[20].outcome = Answered::Fail;
        let told = compare(&candidate, &baseline);
        assert_eq!((told.outcome, told.cause), (Outcome::NotProven, Some("critical_unknown")));
        assert_eq!((told.not_compared, told.critical_unknown), (2, vec!["item-20".to_owned()]));
    }
}
