use std::collections::BTreeMap;

use edgesoak_record::answer::{Cell, Outcome as Answered, Part, ScoredAnswer};
use edgesoak_record::verdict::{Outcome, Verdict};

use super::{Asked, Bars, Judged, Unanswered, judge};

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

fn judged(answers: &[ScoredAnswer], unanswered: &[Unanswered], bars: Bars) -> Judged {
    judge(&Asked { answers, unanswered, bars, slices: &["language".to_owned()] })
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
        let judged = judged(&answers(right, 300), &[], QUALITY);
        assert_eq!((judged.verdict, judged.reason.as_str()), (verdict, reason), "{right}");
    }
    let judged = judged(&answers(290, 300), &[], QUALITY);
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
    let missing: Vec<Unanswered> = (300..330)
        .map(|item| Unanswered { item: format!("item-{item}"), answerable: true, cluster: None })
        .collect();
    assert_eq!(judged(&answers(290, 300), &missing, QUALITY).verdict, Verdict::NotProven);
    assert_eq!(judged(&answers(268, 300), &[], QUALITY).verdict, Verdict::Fail);
    assert_eq!(judged(&answers(268, 300), &missing, QUALITY).verdict, Verdict::NotProven);
    let judged = judged(&answers(300, 300), &missing[..5], QUALITY);
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
    let outcome = |answers: &[ScoredAnswer]| judged(answers, &[], bars).gates[1].outcome;
    assert_eq!(outcome(&unanswerable(0, 133)), Outcome::Pass);
    assert_eq!(outcome(&unanswerable(0, 50)), Outcome::NotProven);
    assert_eq!(outcome(&unanswerable(10, 100)), Outcome::Fail);
    let mut refused = unanswerable(0, 133);
    for answer in &mut refused[..10] {
        (answer.outcome, answer.cell) = (Answered::Fail, Cell::UnansweredUnanswerable);
    }
    assert_eq!(outcome(&refused), Outcome::NotProven, "nobody knows what would have been answered");
    let none = judged(&answers(10, 10), &[], bars);
    assert_eq!((none.verdict, none.reason.as_str()), (Verdict::NotProven, "no_items"));
}

#[test]
fn nothing_asked_and_nothing_demanded_are_not_a_pass() {
    assert_eq!(judged(&[], &[], QUALITY).reason, "no_answers");
    let judged = judged(&answers(9, 10), &[], Bars::default());
    assert_eq!((judged.verdict, judged.reason.as_str()), (Verdict::Nothing, "no_bars"));
    assert_eq!(judged.gates[0].outcome, Outcome::Info);
}
