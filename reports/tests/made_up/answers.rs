//! Answers to made-up golden items.

use std::collections::BTreeMap;

use edgesoak_record::answer::Cell;
use edgesoak_record::examined::{Examined, SliceShare, WrongItem};

/// Forty items, of which these were answered wrong and are listed.
pub fn examined(wrong: Vec<WrongItem>) -> Examined {
    Examined {
        split: Some(edgesoak_record::golden::Split::Gate),
        set: "pumps@1.0.0".to_owned(),
        set_digest: "ab".repeat(32),
        asked: 40,
        right: 37,
        cells: BTreeMap::from([(Cell::AnsweredRight, 37), (Cell::AnsweredUnanswerable, 2)]),
        slices: vec![SliceShare {
            key: "language".to_owned(),
            value: "de".to_owned(),
            right: 18,
            n: 20,
            lo: 0.7303,
            hi: 0.9698,
        }],
        wrong,
        more_wrong: 0,
        unanswered: Vec::new(),
        hot: 10,
        hot_unknown: 0,
        wrong_when_hot: vec!["valve".to_owned()],
        other_when_hot: vec!["valve".to_owned()],
        routing: None,
    }
}
