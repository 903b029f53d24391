use std::collections::BTreeMap;

use edgesoak_record::answer::{Cell, Outcome as Answered, Part, ScoredAnswer};
use edgesoak_record::golden::{AskedItem, Split};
use edgesoak_record::verdict::{Outcome, Verdict};

use super::{Asked, Bars, Judged, barred, judge};

/// An answer as scorers would give it.
pub(in crate::answers) fn answer(item: usize, outcome: Answered, cell: Cell) -> ScoredAnswer {
    let part = Part {
        scorer: "exact".to_owned(),
        version: 1,
        points: None,
        outcome,
        ruins: false,
        reason: String::new(),
        parts: Vec::new(),
    };
    ScoredAnswer {
        item: format!("item-{item}"),
        item_digest: format!("{item:064}"),
        slices: BTreeMap::from([(
            "language".to_owned(),
            if item.is_multiple_of(3) { "de" } else { "en" }.to_owned(),
        )]),
        cluster: None,
        critical: item.is_multiple_of(10),
        sensitive: false,
        points: None,
        outcome,
        cell,
        part,
        answer_digest: format!("{item:064}"),
        confidence: None,
    }
}

/// The first `right` of `n` answerable items are answered right.
pub(in crate::answers) fn answers(right: usize, n: usize) -> Vec<ScoredAnswer> {
    let one = |item| {
        if item < right {
            answer(item, Answered::Pass, Cell::AnsweredRight)
        } else {
            answer(item, Answered::Fail, Cell::AnsweredWrong)
        }
    };
    (0..n).map(one).collect()
}

/// Items that were asked in one part of the set.
fn asked(items: impl IntoIterator<Item = usize>, split: Split, answerable: bool) -> Vec<AskedItem> {
    let item = |item: usize| AskedItem {
        id: format!("item-{item}"),
        digest: format!("{item:064}"),
        split,
        answerable,
        critical: item.is_multiple_of(10),
        cluster: None,
        images: Vec::new(),
    };
    items.into_iter().map(item).collect()
}

/// Judged beside items that were not answered.
fn judged(answers: &[ScoredAnswer], unanswered: usize, bars: Bars) -> Judged {
    let mut items = asked(0..answers.len() + unanswered, Split::Gate, true);
    for (item, answer) in items.iter_mut().zip(answers) {
        item.answerable = answer.cell.is_answerable();
    }
    judge(&Asked::of(Split::Gate, &items, answers).with_bars(bars).by_slices(&["language".to_owned()]))
}

const QUALITY: Bars = Bars { quality: Some(0.92), false_answers: None };

#[test]
fn a_share_passes_fails_or_is_too_close() {
    for (right, verdict, reason) in [
        (290, Verdict::Pass, "pass"),
        (284, Verdict::Pass, "pass"),
        (283, Verdict::NotProven, "too_close"),
        (276, Verdict::NotProven, "too_close"),
        (260, Verdict::Fail, "quality"),
    ] {
        let judged = judged(&answers(right, 300), 0, QUALITY);
        assert_eq!((judged.verdict, judged.reason.as_str()), (verdict, reason), "{right}");
    }
    let judged = judged(&answers(290, 300), 0, QUALITY);
    assert_eq!(
        judged.gates[0].sentence,
        "Quality: 96.7 % reaches the bar of 92 % (95 % bound 94.5 %); 290 of 300 items."
    );
    assert_eq!(
        (judged.critical_wrong.as_slice(), judged.cells[&Cell::AnsweredWrong]),
        (&["item-290".to_owned()][..], 10)
    );
    let languages: Vec<_> = judged.slices.iter().map(|slice| (slice.value.as_str(), slice.right.n)).collect();
    assert_eq!(languages, [("de", 100), ("en", 200)]);
}

#[test]
fn what_was_not_answered_can_only_take_certainty_away() {
    assert_eq!(judged(&answers(290, 300), 30, QUALITY).verdict, Verdict::NotProven);
    assert_eq!(judged(&answers(268, 300), 0, QUALITY).verdict, Verdict::Fail);
    assert_eq!(judged(&answers(268, 300), 30, QUALITY).verdict, Verdict::NotProven);
    let judged = judged(&answers(300, 300), 5, QUALITY);
    assert_eq!((judged.verdict, judged.unanswered.len()), (Verdict::Pass, 5));
}

#[test]
fn false_answers_need_unanswerable_items() {
    let bars = Bars { quality: None, false_answers: Some(0.02) };
    let unanswerable = |wrong: usize, n: usize| -> Vec<ScoredAnswer> {
        let one = |item| {
            if item < wrong {
                answer(item, Answered::Fail, Cell::AnsweredUnanswerable)
            } else {
                answer(item, Answered::Pass, Cell::AbstainedRight)
            }
        };
        (0..n).map(one).collect()
    };
    let outcome = |answers: &[ScoredAnswer]| judged(answers, 0, bars).gates[1].outcome;
    assert_eq!(outcome(&unanswerable(0, 133)), Outcome::Pass);
    assert_eq!(outcome(&unanswerable(0, 50)), Outcome::NotProven);
    assert_eq!(outcome(&unanswerable(10, 100)), Outcome::Fail);
    let mut refused = unanswerable(0, 133);
    for answer in &mut refused[..10] {
        (answer.outcome, answer.cell) = (Answered::Fail, Cell::UnansweredUnanswerable);
    }
    assert_eq!(outcome(&refused), Outcome::NotProven, "nobody knows what would have been answered");
    let none = judged(&answers(10, 10), 0, bars);
    assert_eq!((none.verdict, none.reason.as_str()), (Verdict::NotProven, "no_items"));
}

#[test]
fn nothing_asked_and_nothing_demanded_are_not_a_pass() {
    assert_eq!(judged(&[], 0, QUALITY).reason, "no_answers");
    let judged = judged(&answers(9, 10), 0, Bars::default());
    assert_eq!((judged.verdict, judged.reason.as_str()), (Verdict::Nothing, "no_bars"));
    assert_eq!(judged.gates[0].outcome, Outcome::Info);
}

#[test]
fn bars_are_for_the_gate_split_and_for_the_smoke_split_where_nothing_else_was_asked() {
    let (smoke, gate) = (asked(0..20, Split::Smoke, true), asked(20..320, Split::Gate, true));
    let all: Vec<AskedItem> = smoke.iter().chain(&gate).cloned().collect();
    assert_eq!((barred(&all), barred(&smoke), barred(&gate)), (Split::Gate, Split::Smoke, Split::Gate));
    // Every smoke item is wrong, every other one right.
    let mut answers = answers(320, 320);
    answers[..20].iter_mut().for_each(|answer| answer.outcome = Answered::Fail);
    let judge_by = |split, items| judge(&Asked::of(split, items, &answers).with_bars(QUALITY));
    let told = judge_by(Split::Gate, &all);
    assert_eq!((told.verdict, told.gates[0].n, told.critical_wrong.len()), (Verdict::Pass, 300, 0));
    assert!(told.gates[0].sentence.ends_with("300 of 300 items."), "{}", told.gates[0].sentence);
    let told = judge_by(Split::Smoke, &smoke);
    assert_eq!((told.verdict, told.gates[0].n), (Verdict::Fail, 20));
    assert!(told.gates[0].sentence.ends_with("0 of 20 smoke items."), "{}", told.gates[0].sentence);
}
