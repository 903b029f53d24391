//! What the page shows of answers, and of whom.

use std::collections::BTreeMap;

use edgesoak_record::answer::Cell;
use edgesoak_record::examined::{Examined, WrongItem};
use edgesoak_record::routing::{Confidence, Destination, Evaluation, Routed, SweepPoint};
use edgesoak_reports::html;

use crate::document::Document;
use crate::made_up;

fn examined() -> Examined {
    let wrong = vec![WrongItem {
        item: "<b>seal</b>\u{202e}".to_owned(),
        critical: true,
        cell: Cell::AnsweredUnanswerable,
        reasons: vec!["abstention: does not abstain".to_owned()],
    }];
    Examined { more_wrong: 1, unanswered: vec!["bearing".to_owned()], ..made_up::answers::examined(wrong) }
}

#[test]
fn shares_items_and_heat_are_told_and_nothing_of_an_item_is_obeyed() {
    let (run, mut verdict) = made_up::ten_minutes();
    assert!(!html(&run, &verdict).contains("Right answers by slice"), "nothing was asked");
    verdict.sessions[0].examined = Some(Box::new(examined()));
    let page = html(&run, &verdict);
    assert!(!page.contains("<b>seal") && !page.contains('\u{202e}'));
    let document = Document::parse(&page);
    assert_eq!(document.errors, Vec::<String>::new());
    for told in [
        "37 of 40 gate items were answered right: 37 answered right, 2 answered without ground. 1 have no answer.",
        "Of 10 items asked right after the soak too, 1 were wrong then and right later: valve.",
        "18 of 20",
        "Items that were not answered right (2)",
        "<b>seal</b>",
        "critical",
        "abstention: does not abstain",
    ] {
        assert!(document.text.contains(told), "{told}");
    }
}

#[test]
fn items_whose_hot_answers_are_lost_are_counted() {
    let (run, mut verdict) = made_up::ten_minutes();
    let lost = Examined { hot: 46, hot_unknown: 30, wrong_when_hot: Vec::new(), ..examined() };
    verdict.sessions[0].examined = Some(Box::new(lost));
    let text = Document::parse(&html(&run, &verdict)).text;
    assert!(text.contains("Of 16 of 46 items asked right after the soak too"), "{text}");
}

#[test]
fn what_would_leave_is_named_and_other_thresholds_are_shown() {
    let (run, mut verdict) = made_up::ten_minutes();
    let threshold = Confidence::new(0.75).expect("a confidence");
    let mut evaluation = Evaluation { sensitive_found: 1, public_found: 2, ..Evaluation::default() };
    evaluation.destinations = BTreeMap::from([
        (Destination::LocalAnswer, 1),
        (Destination::HumanReviewLocalOnly, 1),
        (Destination::CloudAllowedAfterRedaction, 2),
    ]);
    (evaluation.right_kept, evaluation.left) = (1, vec!["<i>rate</i>".to_owned()]);
    evaluation.sensitive_missed.clone_from(&evaluation.left);
    let point = SweepPoint {
        threshold,
        destinations: evaluation.destinations.clone(),
        wrong_kept: 0,
        left: 1,
        cost: Some(7.0),
    };
    let (left_when_hot, sweep) = (vec!["cold".to_owned()], vec![point]);
    let routed = Routed { threshold, without_confidence: 1, evaluation, left_when_hot, sweep };
    verdict.sessions[0].examined = Some(Box::new(Examined { routing: Some(routed), ..examined() }));
    let page = html(&run, &verdict);
    assert!(!page.contains("<i>rate"));
    let document = Document::parse(&page);
    assert_eq!(document.errors, Vec::<String>::new());
    for told in [
        "Would leave the device though sensitive: <i>rate</i>, cold",
        "At a threshold of 0.75: 1 of 4 queries answered on the device (1 rightly, 0 wrongly, 0 by saying that it does not \
         know), 1 put before a person, 2 free to leave after redaction: 75.0",
        "Of 2 sensitive queries 1 were told to be so; 0 public ones were held back. 1 answers have no confidence.",
        "The same queries at other thresholds (1)",
        "7.00",
    ] {
        assert!(document.text.contains(told), "{told}");
    }
}
